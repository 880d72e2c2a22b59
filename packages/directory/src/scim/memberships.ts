import type { PersonId, SchoolId } from '@socle/base';
import type { DivisionId } from '../ids.ts';
import { logScim, type ScimSession } from './scim-session.ts';

/** Ends what a person is in the groups that SCIM made: all of them, or those of one school. */
export async function endScimMemberships(
  session: ScimSession,
  person: PersonId,
  school: SchoolId | undefined,
): Promise<void> {
  const rows = await session.tx.query<{ id: DivisionId }>(
    `SELECT d.id FROM directory.scim_groups g JOIN directory.divisions d ON d.id = g.division_id
     WHERE ($2::uuid IS NULL OR d.school_id = $2) AND (
       EXISTS (SELECT FROM directory.division_members m WHERE m.division_id = d.id AND m.person_id = $1 AND m.valid_to IS NULL)
       OR EXISTS (SELECT FROM directory.teaching_assignments t WHERE t.division_id = d.id AND t.person_id = $1 AND t.valid_to IS NULL))
     ORDER BY d.id`,
    [person, school ?? null],
  );
  for (const { id } of rows) await removeMember(session, id, person);
}

/** Takes a person out of a group, as a pupil and as one who teaches it. */
export async function removeMember(
  session: ScimSession,
  division: DivisionId,
  person: PersonId,
): Promise<void> {
  const { tx, at } = session;
  for (const table of ['division_members', 'teaching_assignments'] as const) {
    await tx.query(
      `UPDATE directory.${table} SET valid_to = greatest($3, valid_from)
       WHERE division_id = $1 AND person_id = $2 AND valid_to IS NULL AND source = 'manual'`,
      [division, person, at],
    );
  }
  await logScim(session, {
    action: 'directory.scim_member.removed',
    target: { kind: 'person', id: person },
    detail: { division },
  });
}

/** Puts a pupil into a group, or has one of the staff teach it whatever the subject. */
export async function addMember(
  session: ScimSession,
  division: DivisionId,
  member: { readonly id: PersonId; readonly category: 'pupil' | 'staff' },
): Promise<void> {
  const { tx, caller, at } = session;
  const table = member.category === 'pupil' ? 'division_members' : 'teaching_assignments';
  await tx.query(
    `INSERT INTO directory.${table} (division_id, person_id, controller_id, source, valid_from)
     VALUES ($1, $2, $3, 'manual', $4)`,
    [division, member.id, caller.controller, at],
  );
  await logScim(session, {
    action: 'directory.scim_member.added',
    target: { kind: 'person', id: member.id },
    detail: { division },
  });
}
