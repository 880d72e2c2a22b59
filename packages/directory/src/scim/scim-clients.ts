import type { ControllerId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { WriteContext } from '../people/grant-role.ts';

/**
 * Binds a registered client to the one controller that it acts for, and logs `directory.scim.bound`. Needs the scope of all.
 *
 * @throws DirectoryError `controller_unknown`.
 */
export async function bindScimClient(
  tx: Tx,
  binding: { readonly clientId: string; readonly controllerCode: string },
  context: WriteContext,
): Promise<ControllerId> {
  const [row] = await tx.query<{ id: ControllerId }>('SELECT id FROM directory.controllers WHERE code = $1', [
    binding.controllerCode,
  ]);
  if (!row) throw refuse('controller_unknown', 422, 'No controller has this code.');
  await tx.query(
    `INSERT INTO directory.scim_clients (client_id, controller_id, bound_at) VALUES ($1, $2, $3)
     ON CONFLICT (client_id) DO UPDATE SET controller_id = EXCLUDED.controller_id, bound_at = EXCLUDED.bound_at`,
    [binding.clientId, row.id, context.at],
  );
  await context.audit.append(tx, {
    controller: row.id,
    actor: context.author,
    action: 'directory.scim.bound',
    target: { kind: 'client', id: binding.clientId },
    outcome: 'success',
    detail: {},
  });
  return row.id;
}

/** The controller of a client; undefined when it is bound to none. Needs the scope of all. */
export async function findScimController(tx: Tx, clientId: string): Promise<ControllerId | undefined> {
  const [row] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.scim_clients WHERE client_id = $1',
    [clientId],
  );
  return row?.controller_id;
}

/** Forgets whom a client acted for. Needs the scope of all. */
export async function unbindScimClient(tx: Tx, clientId: string): Promise<void> {
  await tx.query('DELETE FROM directory.scim_clients WHERE client_id = $1', [clientId]);
}
