import type { Selectable } from 'kysely';
import type { Queryable } from '@socle/db';
import { tables, type ClientRow } from './tables.ts';

/** A client as it is stored. */
export type StoredClient = Selectable<ClientRow>;

export async function findClient(db: Queryable, id: string): Promise<StoredClient | undefined> {
  const [row] = await db.run(tables.selectFrom('clients').selectAll().where('id', '=', id));
  return row;
}

export function listClients(db: Queryable): Promise<StoredClient[]> {
  return db.run(tables.selectFrom('clients').selectAll().orderBy('id'));
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
