import type { ControllerId, PersonId } from '@socle/base';
import { sqlState, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { RoleId } from '../ids.ts';
import { endRole } from '../people/grant-role.ts';
import type { EntityId } from '../schools/entity-tree.ts';
import {
  contextOf,
  noteAct,
  openAct,
  personOf,
  requireSecond,
  type AdministrationOrder,
} from './administration-order.ts';
import { appointAdministrator, refuseOneself } from './appoint-administrator.ts';
import { countHolders, lockHolders } from './holders.ts';
import { loadAdministeredPlaces, type AdministeredPlace } from './place.ts';
import { requireCover, requireWithin } from './require-cover.ts';
import { DELEGATIONS, isAdministrativeRole, type AdministrativeRole } from './roles-of-administration.ts';

const EXCLUSION_VIOLATION = '23P01';

interface Held {
  readonly id: RoleId;
  readonly person: PersonId;
  readonly role: AdministrativeRole;
  readonly place: AdministeredPlace;
  readonly from: Date;
  readonly to: Date | null;
}

/**
 * Moves the end of a role of administration to a later day, or (undefined) takes the end away, and logs
 * `directory.role.prolonged`. The same rules as for giving it; nobody prolongs their own. Needs the scope of all.
 *
 * @throws DirectoryError as `appointAdministrator`, and `role_not_held` (409) for a role that is over.
 */
export async function prolongAdministration(
  tx: Tx,
  id: RoleId,
  to: Date | undefined,
  order: AdministrationOrder,
): Promise<void> {
  await openAct(tx, order);
  const held = await requireHeld(tx, id);
  const by = personOf(order);
  if (by !== undefined) {
    await refuseOneself(tx, by, held.person);
    requireWithin(await requireCover(tx, { by, ...held, now: () => order.clock.now() }), to);
  }
  const isTwo = by === undefined || DELEGATIONS[held.role].needsTwo;
  const agreedBy = isTwo ? await requireSecond(tx, order, held.person) : undefined;
  const at = order.clock.now();
  if (held.to === null || (to !== undefined && to <= held.to))
    throw refuse('role_window_invalid', 422, 'The new end must come after the present one.');
  const [moved] = await refuseOverlap(() =>
    tx.query('UPDATE directory.roles SET valid_to = $2 WHERE id = $1 AND valid_to > $3 RETURNING id', [
      id,
      to ?? null,
      at,
    ]),
  );
  if (!moved) throw notHeld();
  await noteAct(tx, order, { act: 'prolonged', role: id, place: held.place, at, ...optional(to, agreedBy) });
  await order.audit.append(tx, {
    controller: held.place.controller,
    actor: order.author,
    action: 'directory.role.prolonged',
    target: { kind: 'person', id: held.person },
    outcome: 'success',
    detail: {
      role: held.role,
      scope: held.place.scope,
      domain: held.place.id,
      ...(to ? { until: to.toISOString() } : {}),
      ...(agreedBy ? { agreed_by: agreedBy } : {}),
    },
  });
}

/**
 * Ends a role of administration now, puts the person's sessions down to be ended (`endDueSessions`, after the commit), and
 * logs `directory.role.ended`. Who ends it covers it, or gives up their own. The last active holder in a place goes with a
 * second person's agreement only. Needs the scope of all.
 *
 * @throws DirectoryError `administration_beyond_own` (403), `administration_second_person` (409),
 *   `administration_repeated`, `role_not_held` (409), `scope_too_narrow`.
 */
export async function endAdministration(tx: Tx, id: RoleId, order: AdministrationOrder): Promise<void> {
  await openAct(tx, order);
  const named = await requireHeld(tx, id);
  await lockHolders(tx, named.role, named.place.id);
  const held = await requireHeld(tx, id);
  const by = personOf(order);
  if (by !== undefined && by !== held.person)
    await requireCover(tx, { by, ...held, now: () => order.clock.now() });
  const at = order.clock.now();
  const isInForce = held.from <= at && (held.to === null || held.to > at);
  const except = [held.person, ...(by === undefined ? (order.unable ?? []) : [])];
  const others = isInForce ? await countHolders(tx, { role: held.role, place: held.place, except, at }) : 1;
  const isUnable = by === undefined && (order.unable ?? []).includes(held.person);
  const agreedBy = others === 0 && !isUnable ? await requireSecond(tx, order, held.person) : undefined;
  await endRole(tx, id, contextOf(order, at), agreedBy);
  await noteAct(tx, order, {
    act: 'ended',
    role: id,
    place: held.place,
    at,
    ...optional(held.to ?? undefined, agreedBy),
  });
  await tx.query(
    'INSERT INTO directory.session_endings (person_id, controller_id, due_at) VALUES ($1, $2, $3)',
    [held.person, held.place.controller, at],
  );
}

/**
 * Takes the end of a role back: the same person holds it again from now to the end that it had. It is given anew, by the
 * same rules as any. Needs the scope of all.
 *
 * @throws DirectoryError as `appointAdministrator`; `role_not_held` (409) when it was not ended by a person, or the end
 *   that it had has passed.
 */
export async function restoreAdministration(
  tx: Tx,
  id: RoleId,
  order: AdministrationOrder,
): Promise<readonly RoleId[]> {
  const [ended] = await tx.query<{
    person: PersonId;
    role: string;
    domain: EntityId;
    until: Date | null;
  }>(
    `SELECT r.person_id AS person, r.role, r.domain_id AS domain, a.until
     FROM directory.roles r JOIN directory.role_acts a ON a.role_id = r.id AND a.act = 'ended' WHERE r.id = $1`,
    [id],
  );
  if (!ended || !isAdministrativeRole(ended.role)) throw notHeld();
  if (ended.until !== null && ended.until <= order.clock.now()) throw notHeld();
  return appointAdministrator(
    tx,
    {
      person: ended.person,
      role: ended.role,
      over: ended.domain,
      isRestoring: true,
      ...(ended.until === null ? {} : { to: ended.until }),
    },
    order,
  );
}

async function requireHeld(tx: Tx, id: RoleId): Promise<Held> {
  const [row] = await tx.query<{
    person_id: PersonId;
    role: string;
    domain_id: EntityId;
    controller_id: ControllerId;
    valid_from: Date;
    valid_to: Date | null;
  }>(
    'SELECT person_id, role, domain_id, controller_id, valid_from, valid_to FROM directory.roles WHERE id = $1',
    [id],
  );
  if (!row || !isAdministrativeRole(row.role)) throw notHeld();
  const [place] = await loadAdministeredPlaces(tx, row.domain_id, true);
  return {
    id,
    person: row.person_id,
    role: row.role,
    place: { ...place!, controller: row.controller_id },
    from: row.valid_from,
    to: row.valid_to,
  };
}

const optional = (until: Date | undefined, agreedBy: PersonId | undefined) => ({
  ...(until === undefined ? {} : { until }),
  ...(agreedBy === undefined ? {} : { agreedBy }),
});

function notHeld() {
  return refuse('role_not_held', 409, 'This role is over, or is none of administration.');
}

async function refuseOverlap<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== EXCLUSION_VIOLATION) throw error;
    throw refuse('role_already_held', 409, 'This person already holds this role here at that time.');
  }
}
