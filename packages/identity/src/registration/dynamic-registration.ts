import { Secret, randomToken, uuidv7, type Clock } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import type { ChangeBy } from '../accounts.ts';
import type { Clients, RegisteredClient, RegistrationOutcome } from '../clients.ts';
import { loadStops } from '../defences/stop-store.ts';
import { IdentityError } from '../errors.ts';
import { REGISTRATION_PATH } from './path.ts';
import {
  checkUpdate,
  parseDynamicMetadata,
  takeUpdate,
  termsSchema,
  type RegistrationTerms,
} from './terms.ts';
import {
  findClientToken,
  insertToken,
  replaceClientToken,
  useInitialToken,
  type StoredToken,
} from './token-store.ts';

/** A client that manages itself, as its endpoints answer. */
export interface ManagedClient {
  readonly clientId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly registeredAt: Date;
  /** Where it is managed (RFC 7592 §2). */
  readonly address: string;
  readonly token: Secret;
  /** Shown once, after a registration or an update that made a new one. */
  readonly secret?: Secret;
}

/** Dynamic registration (RFC 7591, RFC 7592). Each method gives undefined (or false) when the token is not valid. */
export interface DynamicRegistration {
  /** @throws IdentityError `client_metadata_refused`; the token then keeps its use. */
  register(token: string, metadata: unknown): Promise<ManagedClient | undefined>;
  read(token: string, clientId: string): Promise<ManagedClient | undefined>;
  /** Replaces the metadata and the token. @throws IdentityError `client_metadata_refused`. */
  update(token: string, clientId: string, metadata: unknown): Promise<ManagedClient | undefined>;
  remove(token: string, clientId: string): Promise<boolean>;
}

/** Makes initial access tokens. */
export interface RegistrationTokens {
  /**
   * Makes an initial access token: whoever holds it may register `uses` services (1 to 100, default 1) within
   * `ttlSeconds` (60 s to 90 days, default one day), on these terms.
   * @returns the token; it is shown this once.
   * @throws IdentityError `client_metadata_refused` for terms that are not known.
   */
  issue(
    options: {
      readonly label: string;
      readonly uses?: number;
      readonly ttlSeconds?: number;
      readonly terms?: RegistrationTerms;
    },
    by: ChangeBy,
  ): Promise<{ readonly id: string; readonly token: Secret; readonly expiresAt: Date }>;
}

interface RegistrationOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly issuer: string;
  readonly controller: string;
  readonly allowLoopback: boolean;
  readonly clients: Clients;
}

const DAY_SECONDS = 86_400;

export function openRegistrationTokens(options: RegistrationOptions): RegistrationTokens {
  const { database, clock } = options;
  return {
    async issue({ label, uses = 1, ttlSeconds = DAY_SECONDS, terms = {} }, by) {
      const checked = termsSchema.safeParse(terms);
      const bounded =
        Number.isInteger(uses) &&
        uses >= 1 &&
        uses <= 100 &&
        ttlSeconds >= 60 &&
        ttlSeconds <= 90 * DAY_SECONDS;
      if (!checked.success || !bounded || label.length < 1 || label.length > 100) {
        throw new IdentityError('client_metadata_refused', {
          status: 400,
          publicMessage:
            'The token is refused: a label of 1 to 100 characters, 1 to 100 uses, 60 s to 90 days, known terms.',
        });
      }
      const id = uuidv7(clock.now());
      const token = new Secret(randomToken());
      const expiresAt = new Date(clock.now().getTime() + ttlSeconds * 1000);
      await database.transaction(
        async (tx) => {
          await insertToken(tx, {
            id,
            value: token.revealText(),
            kind: 'initial',
            label,
            terms: checked.data as RegistrationTerms,
            uses,
            expiresAt,
            now: clock.now(),
          });
          await options.audit.append(tx, {
            controller: options.controller,
            actor: by.actor,
            action: 'identity.client.token_issued',
            target: { kind: 'registration-token', id },
            outcome: 'success',
            detail: { uses },
          });
        },
        { scope: 'all' },
      );
      return { id, token, expiresAt };
    },
  };
}

/** Opens dynamic registration; see DynamicRegistration. */
export function openDynamicRegistration(options: RegistrationOptions): DynamicRegistration {
  const { database, clock, clients } = options;

  const managed = (client: RegisteredClient, token: Secret, secret?: Secret): ManagedClient => ({
    clientId: client.clientId,
    metadata: client.metadata,
    registeredAt: client.registeredAt,
    address: `${options.issuer}${REGISTRATION_PATH}/${client.clientId}`,
    token,
    ...(secret && { secret }),
  });

  async function authorize(value: string, clientId: string) {
    const token = value === '' ? undefined : await findClientToken(database, value, clientId);
    const client = token && (await clients.find(clientId));
    return client && { token, client };
  }

  const actorOf = (token: StoredToken): EventActor => ({ kind: 'system', id: `registration:${token.id}` });

  return {
    async register(value, metadata) {
      if (value === '') return undefined;
      const [stop] = await loadStops(database, { kind: 'registration', targets: ['all'] });
      if (stop)
        throw new IdentityError('registration_stopped', {
          status: 503,
          publicMessage: 'Registration of services is stopped. Try again later.',
        });
      const clientId = uuidv7(clock.now());
      const management = new Secret(randomToken());
      const outcome = await database.transaction(
        async (tx): Promise<RegistrationOutcome | undefined> => {
          const token = await useInitialToken(tx, value, clock.now());
          if (!token) return undefined;
          const checked = parseDynamicMetadata(metadata, token.terms, { ...options, clientId });
          const made = await clients.registerIn(tx, checked, { actor: actorOf(token) });
          await insertToken(tx, {
            id: uuidv7(clock.now()),
            value: management.revealText(),
            kind: 'client',
            clientId,
            label: token.label,
            terms: token.terms,
            uses: 0,
            now: clock.now(),
          });
          return made;
        },
        { scope: 'all' },
      );
      return outcome && managed(outcome.client, management, outcome.secret);
    },
    async read(value, clientId) {
      const found = await authorize(value, clientId);
      return found && managed(found.client, new Secret(value));
    },
    async update(value, clientId, metadata) {
      const found = await authorize(value, clientId);
      if (!found) return undefined;
      const given = takeUpdate(metadata, clientId);
      const checked = parseDynamicMetadata(given, found.token.terms, { ...options, clientId });
      checkUpdate(found.client, checked);
      const next = new Secret(randomToken());
      const outcome = await database.transaction(
        async (tx): Promise<RegistrationOutcome | undefined> => {
          const change = { clientId, from: value, to: next.revealText() };
          if (!(await replaceClientToken(tx, change))) return undefined;
          return clients.registerIn(tx, checked, { actor: actorOf(found.token) });
        },
        { scope: 'all' },
      );
      return outcome && managed(outcome.client, next, outcome.secret);
    },
    async remove(value, clientId) {
      const found = await authorize(value, clientId);
      if (!found) return false;
      await clients.remove(clientId, { actor: actorOf(found.token) });
      return true;
    },
  };
}
