import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { RoleId } from '../ids.ts';
import { grantRole } from '../people/grant-role.ts';
import type { EntityId } from '../schools/entity-tree.ts';
import {
  contextOf,
  noteAct,
  openAct,
  personOf,
  requireSecond,
  type AdministrationOrder,
} from './administration-order.ts';
import { countHolders } from './holders.ts';
import { loadAdministeredPlaces, type AdministeredPlace } from './place.ts';
import { requireCover, requireWithin } from './require-cover.ts';
import { DELEGATIONS, type AdministrativeRole } from './roles-of-administration.ts';

/** A role of administration to be given. */
export interface Appointment {
  readonly person: PersonId;
  readonly role: AdministrativeRole;
  /**
   * A node of the tree: a school, an academy, a region; or a département, a commune, an owner or a network, which stands for
   * each school below it at this moment.
   */
  readonly over: EntityId;
  /** Default, and for a past instant: now. */
  readonly from?: Date;
  /** First instant without the role. Default: until further notice. */
  readonly to?: Date;
  /** Gives back what was ended. */
  readonly isRestoring?: boolean;
}

/**
 * Gives a role of administration, in the caller's transaction, and logs `directory.role.granted` for each place. Who gives
 * it holds it, or the role that it is a part of, over each place, at that moment and at least as long: checked under lock.
 * Needs the scope of all.
 *
 * On the command line, it is given where nobody holds it; elsewhere with a second person's agreement.
 *
 * @returns the role's id in each place.
 * @throws DirectoryError `administration_beyond_own` (403), `administration_of_oneself` (403), `administration_misplaced`
 *   (422) for a role that is not held at such a place, `administrator_unfit` (422) for a pupil, a minor or somebody who is
 *   not active, `administration_second_person` (409), `administration_repeated` (409), `role_already_held` (409),
 *   `role_window_invalid` (422), `entity_unknown`, `person_unknown` (404), `scope_too_narrow`.
 */
export async function appointAdministrator(
  tx: Tx,
  appointment: Appointment,
  order: AdministrationOrder,
): Promise<readonly RoleId[]> {
  const { person, role, over, to } = appointment;
  await openAct(tx, order);
  const places = await loadAdministeredPlaces(tx, over, true);
  const by = personOf(order);
  if (by !== undefined) await refuseOneself(tx, by, person);
  if (places.some(({ scope }) => !DELEGATIONS[role].scopes.includes(scope)))
    throw refuse('administration_misplaced', 422, 'This role is not held at such a place.');
  await requireFit(tx, person, order.clock.now());
  if (by !== undefined) {
    for (const place of places)
      requireWithin(await requireCover(tx, { by, role, place, now: () => order.clock.now() }), to);
  }
  const agreedBy = (await needsSecond(tx, role, places, order))
    ? await requireSecond(tx, order, person)
    : undefined;
  const at = order.clock.now();
  const from = appointment.from !== undefined && appointment.from > at ? appointment.from : at;
  const ids: RoleId[] = [];
  for (const place of places) {
    const id = await grantRole(
      tx,
      {
        person,
        role,
        domain: domainOf(place),
        from,
        ...(to === undefined ? {} : { to }),
        reason: order.reason.trim(),
        ...(agreedBy === undefined ? {} : { agreedBy }),
      },
      contextOf(order, at),
    );
    await noteAct(tx, order, {
      act: appointment.isRestoring === true ? 'restored' : 'given',
      role: id,
      place,
      at,
      ...(to === undefined ? {} : { until: to }),
      ...(place.id === (over as string) ? {} : { over }),
      ...(agreedBy === undefined ? {} : { agreedBy }),
    });
    ids.push(id);
  }
  return ids;
}

/** A person: by what the role is. The command line: unless it makes the first. */
async function needsSecond(
  tx: Tx,
  role: AdministrativeRole,
  places: readonly AdministeredPlace[],
  order: AdministrationOrder,
): Promise<boolean> {
  if (personOf(order) !== undefined) return DELEGATIONS[role].needsTwo;
  const at = order.clock.now();
  let holders = 0;
  for (const place of places)
    holders += await countHolders(tx, { role, place, except: order.unable ?? [], at });
  return holders > 0;
}

/** Nobody gives a role to themselves, under whatever entry. */
export async function refuseOneself(tx: Tx, by: PersonId, person: PersonId): Promise<void> {
  const [row] = await tx.query<{ same: boolean }>(
    'SELECT directory.survivor_of($1) = directory.survivor_of($2) AS same',
    [by, person],
  );
  if (row!.same)
    throw refuse('administration_of_oneself', 403, 'Nobody gives or prolongs a role of their own.');
}

async function requireFit(tx: Tx, person: PersonId, at: Date): Promise<void> {
  const [row] = await tx.query<{ status: string; merged: boolean; minor: boolean; pupil: boolean }>(
    `SELECT p.status, p.merged_into IS NOT NULL AS merged,
       p.birth_date IS NOT NULL AND p.birth_date > ($2::timestamptz - interval '18 years')::date AS minor,
       EXISTS (SELECT FROM directory.roles r WHERE r.person_id = p.id AND r.role = 'pupil' AND r.valid_from <= $2
         AND (r.valid_to IS NULL OR r.valid_to > $2)) AS pupil
     FROM directory.people p WHERE p.id = $1`,
    [person, at],
  );
  if (!row) throw refuse('person_unknown', 404, 'This person is not known here.');
  if (row.status !== 'active' || row.merged || row.minor || row.pupil)
    throw refuse('administrator_unfit', 422, 'An administrator is an adult, active, and no pupil.');
}

function domainOf({ school, academy, region, scope }: AdministeredPlace) {
  if (scope === 'school') return { school: school! };
  return scope === 'academy' ? { academy: academy! } : { region };
}
