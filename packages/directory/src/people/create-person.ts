import { newId, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import { SPONSOR_ROLES } from './end-guests.ts';
import { grantRole, type WriteContext } from './grant-role.ts';

/** A person whom no feed knows. */
export interface NewPerson {
  readonly givenName: string;
  readonly familyName: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
}

/** Adds a person by hand and logs `directory.person.created`. They hold no role yet. */
export async function createPerson(
  tx: Tx,
  person: NewPerson & { readonly controller: ControllerId },
  context: WriteContext,
): Promise<PersonId> {
  const id = newId<PersonId>(context.at);
  await tx.query(
    `INSERT INTO directory.people (id, controller_id, given_name, family_name, birth_date, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $6)`,
    [id, person.controller, person.givenName, person.familyName, person.birthDate ?? null, context.at],
  );
  await context.audit.append(tx, {
    controller: person.controller,
    actor: context.author,
    action: 'directory.person.created',
    target: { kind: 'person', id },
    outcome: 'success',
    detail: { source: 'manual' },
  });
  return id;
}

/** An outside speaker: sees one school's space, for a time, under somebody's responsibility. */
export interface NewGuest extends NewPerson {
  readonly school: SchoolId;
  /** A member of the school's staff who answers for the guest. */
  readonly sponsor: PersonId;
  /** First instant without access, at most 366 days ahead. */
  readonly until: Date;
  readonly reason: string;
}

const LONGEST_STAY_MS = 366 * 86_400_000;

/**
 * Adds a guest with the role `guest` until the given end, and logs `directory.guest.created`.
 *
 * @throws DirectoryError `school_unknown`; `sponsor_unfit` when the sponsor is suspended or holds no teaching or direction
 *   role in the school; `role_window_invalid` when the end is past,
 *   more than 366 days ahead, or after the sponsor's own end.
 */
export async function createGuest(tx: Tx, guest: NewGuest, context: WriteContext): Promise<PersonId> {
  const stay = guest.until.getTime() - context.at.getTime();
  if (stay <= 0 || stay > LONGEST_STAY_MS) {
    throw refuse('role_window_invalid', 422, 'A guest stays until a day to come, at most 366 days ahead.');
  }
  const [school] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.schools WHERE id = $1',
    [guest.school],
  );
  if (!school) throw refuse('school_unknown', 404, 'This school is not known here.');
  const [sponsor] = await tx.query<{ until: Date | null }>(
    `SELECT nullif(max(coalesce(r.valid_to, 'infinity')), 'infinity') AS until FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
     WHERE r.person_id = $1 AND r.school_id = $2 AND p.status = 'active' AND p.leaving_since IS NULL
       AND r.role = ANY ($4::text[])
       AND r.valid_from <= $3 AND (r.valid_to IS NULL OR r.valid_to > $3) HAVING count(*) > 0`,
    [guest.sponsor, guest.school, context.at, SPONSOR_ROLES],
  );
  if (!sponsor) {
    throw refuse('sponsor_unfit', 422, 'A guest needs a sponsor who teaches in this school or directs it.');
  }
  if (sponsor.until && guest.until > sponsor.until) {
    throw refuse('role_window_invalid', 422, 'A guest goes at the latest when the sponsor does.');
  }
  const id = await createPerson(tx, { ...guest, controller: school.controller_id }, context);
  await grantRole(
    tx,
    {
      person: id,
      role: 'guest',
      domain: { school: guest.school },
      to: guest.until,
      reason: guest.reason,
      sponsor: guest.sponsor,
    },
    context,
  );
  await context.audit.append(tx, {
    controller: school.controller_id,
    actor: context.author,
    action: 'directory.guest.created',
    target: { kind: 'person', id },
    outcome: 'success',
    detail: { school: guest.school, until: guest.until.toISOString() },
  });
  return id;
}
