import { buildTables, type Queryable, type Tx } from '@socle/db';
import type { SchoolModule } from './document.ts';

interface Tables {
  modules: { id: string; client_id: string; document: SchoolModule; registered_at: Date };
}

const tables = buildTables<Tables>('socle');

/** A module and the OIDC client it signs in with. */
export interface RegisteredModule extends SchoolModule {
  readonly clientId: string;
}

/** Records a module, or replaces what was recorded under its id. */
export async function saveModule(tx: Tx, module: SchoolModule, clientId: string, at: Date): Promise<void> {
  const row = {
    id: module.id,
    client_id: clientId,
    document: JSON.stringify(module) as never,
    registered_at: at,
  };
  await tx.run(
    tables
      .insertInto('modules')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ client_id: clientId, document: row.document, registered_at: at }),
      ),
  );
}

/** Every module, by id. */
export async function loadModules(tx: Tx): Promise<RegisteredModule[]> {
  const rows = await tx.run(tables.selectFrom('modules').selectAll().orderBy('id'));
  return rows.map((row) => ({ ...row.document, clientId: row.client_id }));
}

/** The module that signs in as this client, if one does. */
export async function findModuleOfClient(
  db: Queryable,
  clientId: string,
): Promise<RegisteredModule | undefined> {
  const [row] = await db.run(tables.selectFrom('modules').selectAll().where('client_id', '=', clientId));
  return row && { ...row.document, clientId: row.client_id };
}

/** Forgets the module of a client, if it has one. */
export async function removeModuleOfClient(tx: Tx, clientId: string): Promise<void> {
  await tx.run(tables.deleteFrom('modules').where('client_id', '=', clientId));
}
