import type { ControllerId, PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { WriteContext } from './write-context.ts';

/** Roles in a school whose holder may answer for a guest there. */
export const SPONSOR_ROLES: readonly string[] = ['teacher', 'librarian', 'cpe', 'head', 'local_admin'];

/**
 * Ends the stay of guests whose sponsor no longer works in their school, or is leaving, and logs `directory.role.ended`
 * for each. Called by whatever ends roles; calling it once more does nothing.
 *
 * @returns how many guests went.
 */
export async function endGuestsWithoutSponsor(
  tx: Tx,
  context: WriteContext,
  /** Only the guests of these sponsors. Default: of all whom the scope shows. */
  sponsors?: readonly PersonId[],
): Promise<number> {
  const ended = await tx.query<{ person_id: PersonId; school_id: SchoolId; controller_id: ControllerId }>(
    `UPDATE directory.roles g SET valid_to = greatest($1, g.valid_from)
     WHERE g.role = 'guest' AND g.valid_to > $1 AND ($3::uuid[] IS NULL OR g.sponsor_id = ANY ($3::uuid[]))
       AND NOT EXISTS (
         SELECT FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
         WHERE r.person_id = g.sponsor_id AND r.school_id = g.school_id AND r.role = ANY ($2::text[])
           AND (r.valid_to IS NULL OR r.valid_to > $1) AND p.leaving_since IS NULL AND p.status <> 'departed')
     RETURNING g.person_id, g.school_id, g.controller_id`,
    [context.at, SPONSOR_ROLES, sponsors ?? null],
  );
  for (const guest of ended) {
    await context.audit.append(tx, {
      controller: guest.controller_id,
      actor: context.author,
      action: 'directory.role.ended',
      target: { kind: 'person', id: guest.person_id },
      outcome: 'success',
      reason: 'sponsor_left',
      detail: { role: 'guest', scope: 'school', domain: guest.school_id, source: 'manual' },
    });
  }
  return ended.length;
}
