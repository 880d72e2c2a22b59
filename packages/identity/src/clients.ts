import { Secret, randomToken, sha256, uuidv7, type ClientId, type Clock } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import type { ChangeBy } from './accounts.ts';
import { parseClientMetadata, type CheckedMetadata } from './client-metadata.ts';
import { deleteClient, findClient, listClients, saveClient, type StoredClient } from './client-store.ts';
import { IdentityError } from './errors.ts';

/** A registered relying party. */
export interface RegisteredClient {
  readonly clientId: ClientId;
  /** Where its subjects live: the host of its redirect URIs, port included. */
  readonly sector: string;
  /** RFC 7591 metadata, without any secret. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly registeredAt: Date;
}

/** What a registration made. */
export interface RegistrationOutcome {
  readonly client: RegisteredClient;
  /** For those who authenticate by a secret; shown this once. */
  readonly secret?: Secret;
}

/** Relying parties. */
export interface Clients {
  /**
   * Registers a client, or replaces what was registered under the same `client_id`.
   * @returns the client and, for those who authenticate by a secret, the secret: it is shown this once.
   * @throws IdentityError `client_metadata_refused`.
   */
  register(metadata: unknown, by: ChangeBy): Promise<RegistrationOutcome>;
  /** The same for metadata that passed its checks, in the caller's transaction. */
  registerIn(tx: Tx, checked: CheckedMetadata, by: ChangeBy): Promise<RegistrationOutcome>;
  list(): Promise<readonly RegisteredClient[]>;
  find(clientId: string): Promise<RegisteredClient | undefined>;
  /** Removes a client and all that was issued to it. @throws IdentityError `client_not_found`. */
  remove(clientId: string, by: ChangeBy): Promise<void>;
}

interface ClientsOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly controller: string;
  readonly allowLoopback: boolean;
  /** The provider's own check of metadata: the reason of a refusal, or undefined. */
  readonly checkMetadata: (metadata: Record<string, unknown>) => string | undefined;
  /** Called after a registration, so that this process knows the scopes that modules declare at once. */
  readonly onChange: () => Promise<void>;
}

export function openClients(options: ClientsOptions): Clients {
  const { database, clock } = options;

  function append(
    tx: Parameters<AuditAppender['append']>[0],
    action: string,
    clientId: string,
    by: ChangeBy,
  ) {
    return (detail?: Record<string, boolean>) =>
      options.audit.append(tx, {
        controller: options.controller,
        actor: by.actor,
        action,
        target: { kind: 'client', id: clientId },
        outcome: 'success',
        ...(detail && { detail }),
      });
  }

  async function registerIn(tx: Tx, checked: CheckedMetadata, by: ChangeBy): Promise<RegistrationOutcome> {
    const clientId = checked.clientId ?? uuidv7(clock.now());
    const sector = checked.sector === 'client:' ? `client:${clientId}` : checked.sector;
    const secret = checked.needsSecret ? new Secret(randomToken()) : undefined;
    const metadata: Record<string, unknown> = {
      ...checked.metadata,
      client_id: clientId,
      socle_sector: sector,
      // The provider compares digests (see provider.ts); a dump of this table opens nothing.
      ...(secret && { client_secret: sha256(secret.revealBytes()).toString('base64url') }),
    };
    const reason = options.checkMetadata(metadata);
    if (reason !== undefined) {
      throw new IdentityError('client_metadata_refused', { status: 400, publicMessage: `${reason}.` });
    }
    const { changed } = await saveClient(tx, { id: clientId, sector, metadata, now: clock.now() });
    await append(tx, 'identity.client.registered', clientId, by)({ changed });
    const row = await findClient(tx, clientId);
    if (!row) throw clientNotFound();
    return { client: present(row), ...(secret && { secret }) };
  }

  return {
    async register(input, by) {
      const checked = parseClientMetadata(input, options);
      const outcome = await database.transaction((tx) => registerIn(tx, checked, by), { scope: 'all' });
      await options.onChange();
      return outcome;
    },
    registerIn,
    list: async () => (await listClients(database)).map(present),
    async find(clientId) {
      const row = await findClient(database, clientId);
      return row && present(row);
    },
    async remove(clientId, by) {
      await database.transaction(
        async (tx) => {
          if (!(await deleteClient(tx, clientId))) throw clientNotFound();
          await append(tx, 'identity.client.removed', clientId, by)();
        },
        { scope: 'all' },
      );
    },
  };
}

function present(row: StoredClient): RegisteredClient {
  const { client_secret: _secret, socle_sector: _sector, ...metadata } = row.metadata;
  return { clientId: row.id as ClientId, sector: row.sector, metadata, registeredAt: row.registered_at };
}

function clientNotFound(): IdentityError {
  return new IdentityError('client_not_found', {
    status: 404,
    publicMessage: 'No client has this id. List the clients, then try again.',
  });
}
