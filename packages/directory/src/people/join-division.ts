import type { ControllerId, PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { DivisionId, SubjectId } from '../ids.ts';
import type { WriteContext } from './grant-role.ts';

/** Puts a pupil into a class or group by hand and logs `directory.division.joined`. */
export async function joinDivision(
  tx: Tx,
  membership: { readonly person: PersonId; readonly division: DivisionId },
  context: WriteContext,
): Promise<void> {
  const { person, division } = membership;
  const controller = await requireController(tx, division);
  await tx.query(
    `INSERT INTO directory.division_members (division_id, person_id, controller_id, source, valid_from)
     VALUES ($1, $2, $3, 'manual', $4)`,
    [division, person, controller, context.at],
  );
  await context.audit.append(tx, {
    controller,
    actor: context.author,
    action: 'directory.division.joined',
    target: { kind: 'person', id: person },
    outcome: 'success',
    detail: { division },
  });
}

/** Has a person teach a subject to a class or group, by hand, and logs `directory.teaching.assigned`. */
export async function assignTeaching(
  tx: Tx,
  assignment: { readonly person: PersonId; readonly division: DivisionId; readonly subject: SubjectId },
  context: WriteContext,
): Promise<void> {
  const { person, division, subject } = assignment;
  const controller = await requireController(tx, division);
  await tx.query(
    `INSERT INTO directory.teaching_assignments (person_id, division_id, subject_id, controller_id, source, valid_from)
     VALUES ($1, $2, $3, $4, 'manual', $5)`,
    [person, division, subject, controller, context.at],
  );
  await context.audit.append(tx, {
    controller,
    actor: context.author,
    action: 'directory.teaching.assigned',
    target: { kind: 'person', id: person },
    outcome: 'success',
    detail: { division, subject },
  });
}

async function requireController(tx: Tx, division: DivisionId): Promise<ControllerId> {
  const [row] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.divisions WHERE id = $1',
    [division],
  );
  if (!row) throw refuse('division_unknown', 404, 'This class or group is not known here.');
  return row.controller_id;
}
