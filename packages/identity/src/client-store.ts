import type { Selectable } from 'kysely';
import type { PreparedStatement, Queryable } from '@socle/db';
import { DEVICE_GRANT } from './grant-types.ts';
import { tables, type ClientRow } from './tables.ts';

/** A client as it is stored. */
export type StoredClient = Selectable<ClientRow>;

/** What a client id may be; anything else is nobody's, and is not sent to the database. */
export const CLIENT_ID = /^[A-Za-z0-9._~-]{1,64}$/;

export async function findClient(db: Queryable, id: string): Promise<StoredClient | undefined> {
  if (!CLIENT_ID.test(id)) return undefined;
  const [row] = await db.run(tables.selectFrom('clients').selectAll().where('id', '=', id));
  return row;
}

/** A client as the provider may see it. */
export interface OpenClient {
  readonly id: string;
  /** Changes with every update, so that what was made of the metadata can be kept. */
  readonly version: string;
  /** As JSON: it is looked into only where the version is a new one. */
  readonly metadata: string;
}

const OPEN_CLIENT: PreparedStatement = {
  name: 'identity.open_client',
  text: `SELECT id, xmin::text AS version, metadata::text AS metadata FROM identity.clients AS c
          WHERE id = $1 AND NOT EXISTS (
            SELECT FROM identity.stops WHERE kind = 'client' AND target = c.id AND lifted_at IS NULL)`,
};

/** The client as the provider may see it: one whose sign-in was stopped is not there. */
export async function findOpenClient(db: Queryable, id: string): Promise<OpenClient | undefined> {
  if (!CLIENT_ID.test(id)) return undefined;
  const [row] = await db.prepared<OpenClient>(OPEN_CLIENT, [id]);
  return row;
}

export function listClients(db: Queryable): Promise<StoredClient[]> {
  return db.run(tables.selectFrom('clients').selectAll().orderBy('id'));
}

/**
 * Metadata as the provider takes it. It would ask a client of the device flow for a document about its sector; here
 * the sector is the host of its redirect URIs like anyone's, so the grant goes by a member of ours (provider.ts).
 */
export function forProvider(metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const grants = metadata['grant_types'];
  if (!Array.isArray(grants) || !grants.includes(DEVICE_GRANT)) return { ...metadata };
  return {
    ...metadata,
    grant_types: grants.filter((each) => each !== DEVICE_GRANT),
    socle_device_flow: true,
  };
}

/** Registers the client, or replaces what was registered under the same id. True when it was there before. */
export async function saveClient(
  db: Queryable,
  client: { id: string; sector: string; metadata: Record<string, unknown>; now: Date },
): Promise<{ changed: boolean }> {
  const metadata = JSON.stringify(client.metadata);
  const [row] = await db.query<{ changed: boolean }>(
    `INSERT INTO identity.clients AS c (id, sector, metadata, registered_at, changed_at)
     VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (id) DO UPDATE SET sector = excluded.sector, metadata = excluded.metadata, changed_at = $4
     RETURNING c.registered_at < c.changed_at AS changed`,
    [client.id, client.sector, metadata, client.now],
  );
  return { changed: row?.changed ?? false };
}

/** Removes the client and all that was issued to it. False when nothing had this id. */
export async function deleteClient(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.run(tables.deleteFrom('clients').where('id', '=', id).returning('id'));
  await db.run(tables.deleteFrom('provider_rows').where('client_id', '=', id));
  return rows.length === 1;
}

/** Scopes that modules declare for those who may call them (`socle_called_by`), sorted. */
export async function loadModuleScopes(db: Queryable): Promise<readonly string[]> {
  const rows = await db.query<{ scope: string }>(
    `SELECT DISTINCT scope FROM identity.clients,
            jsonb_each_text(coalesce(metadata -> 'socle_called_by', '{}')) AS caller (id, scopes),
            unnest(string_to_array(caller.scopes, ' ')) AS scope
      ORDER BY scope`,
  );
  return rows.map((row) => row.scope);
}
