import { newId, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import { sqlState, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { AcademyId, RegionId, RoleId } from '../ids.ts';
import { endGuestsWithoutSponsor, SPONSOR_ROLES } from './end-guests.ts';
import type { Author, WriteContext } from './write-context.ts';

export type { Author, WriteContext };

/** A role given by a person's decision, in a school, an academy or a region. */
export interface RoleGrant {
  readonly person: PersonId;
  readonly role: string;
  readonly domain:
    | { readonly school: SchoolId }
    | { readonly academy: AcademyId }
    | { readonly region: RegionId };
  /** Default: the present. */
  readonly from?: Date;
  /** First instant without the role. Default: until further notice. */
  readonly to?: Date;
  /** Why, in a few words; demanded, kept beside the role, never logged. */
  readonly reason: string;
  /** The person who answers for a guest. */
  readonly sponsor?: PersonId;
  /** The second person, who agreed. */
  readonly agreedBy?: PersonId;
}

const EXCLUSION_VIOLATION = '23P01';

/**
 * Gives a role and logs `directory.role.granted`, in the caller's transaction.
 *
 * @throws DirectoryError `person_unknown`, `school_unknown`, `academy_unknown`, `role_already_held` when a decision
 *   already gives this role there at an overlapping time, `role_window_invalid` when the end is not after the start.
 */
export async function grantRole(tx: Tx, grant: RoleGrant, context: WriteContext): Promise<RoleId> {
  const from = grant.from ?? context.at;
  if (grant.to && grant.to <= from)
    throw refuse('role_window_invalid', 422, 'The end of a role must come after its start.');
  const place = await loadPlace(tx, grant.domain);
  const [person] = await tx.query('SELECT 1 FROM directory.people WHERE id = $1', [grant.person]);
  if (!person) throw refuse('person_unknown', 404, 'This person is not known here.');
  const id = newId<RoleId>(context.at);
  await insertRole(tx, id, grant, place, from, context);
  await context.audit.append(tx, {
    controller: place.controller,
    actor: context.author,
    action: 'directory.role.granted',
    target: { kind: 'person', id: grant.person },
    outcome: 'success',
    detail: {
      role: grant.role,
      scope: place.scope,
      domain: place.id,
      source: 'manual',
      ...(grant.to ? { until: grant.to.toISOString() } : {}),
      ...(grant.agreedBy ? { agreed_by: grant.agreedBy } : {}),
    },
  });
  return id;
}

/**
 * Ends a role now and logs `directory.role.ended`; guests for whom only this role let the person answer go with it. A role of the feed that the feed still gives comes back with the
 * next import: suspend the person instead.
 *
 * @throws DirectoryError `role_not_held` when there is no such role, or it is over.
 */
export async function endRole(
  tx: Tx,
  role: RoleId,
  context: WriteContext,
  agreedBy?: PersonId,
): Promise<void> {
  const [ended] = await tx.query<{
    person_id: PersonId;
    role: string;
    scope: string;
    domain_id: string;
    source: string;
    controller_id: ControllerId;
  }>(
    `UPDATE directory.roles SET valid_to = greatest($2, valid_from)
     WHERE id = $1 AND (valid_to IS NULL OR valid_to > $2)
     RETURNING person_id, role, scope, domain_id, source, controller_id`,
    [role, context.at],
  );
  if (!ended) throw refuse('role_not_held', 409, 'This role is over, or does not exist.');
  await context.audit.append(tx, {
    controller: ended.controller_id,
    actor: context.author,
    action: 'directory.role.ended',
    target: { kind: 'person', id: ended.person_id },
    outcome: 'success',
    detail: {
      role: ended.role,
      scope: ended.scope,
      domain: ended.domain_id,
      source: ended.source,
      ...(agreedBy ? { agreed_by: agreedBy } : {}),
    },
  });
  if (SPONSOR_ROLES.includes(ended.role)) await endGuestsWithoutSponsor(tx, context, [ended.person_id]);
}

interface Place {
  readonly scope: 'school' | 'academy' | 'region';
  readonly id: string;
  readonly controller: ControllerId;
}

async function loadPlace(tx: Tx, domain: RoleGrant['domain']): Promise<Place> {
  if ('school' in domain) {
    const [row] = await tx.query<{ controller_id: ControllerId }>(
      'SELECT controller_id FROM directory.schools WHERE id = $1',
      [domain.school],
    );
    if (!row) throw refuse('school_unknown', 404, 'This school is not known here.');
    return { scope: 'school', id: domain.school, controller: row.controller_id };
  }
  const [scope, id] =
    'academy' in domain ? (['academy', domain.academy] as const) : (['region', domain.region] as const);
  const [row] = await tx.query<{ controller_id: ControllerId }>(
    `SELECT controller_id FROM directory.academies WHERE ${scope === 'academy' ? 'id' : 'region_id'} = $1
     ORDER BY code LIMIT 1`,
    [id],
  );
  if (!row) throw refuse('academy_unknown', 404, 'This academy or region is not known here.');
  return { scope, id, controller: row.controller_id };
}

async function insertRole(
  tx: Tx,
  id: RoleId,
  grant: RoleGrant,
  place: Place,
  from: Date,
  context: WriteContext,
): Promise<void> {
  try {
    await tx.query(
      `INSERT INTO directory.roles (id, person_id, role, scope, ${place.scope}_id, controller_id, source, valid_from,
         valid_to, granted_by, sponsor_id, reason)
       VALUES ($1, $2, $3, $4, $5, $6, 'manual', $7, $8, $9, $10, $11)`,
      [
        id,
        grant.person,
        grant.role,
        place.scope,
        place.id,
        place.controller,
        from,
        grant.to ?? null,
        context.author.kind === 'person' ? context.author.id : null,
        grant.sponsor ?? null,
        grant.reason,
      ],
    );
  } catch (error) {
    if (sqlState(error) !== EXCLUSION_VIOLATION) throw error;
    throw refuse('role_already_held', 409, 'This person already holds this role here at that time.');
  }
}
