import type { ControllerId, PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { DivisionId, LocalChangeId, SubjectId } from '../ids.ts';
import { grantRole } from '../people/grant-role.ts';
import type { WriteContext } from '../people/write-context.ts';
import { noteRow, openChange, type LocalDecision, type OpenChange } from './local-changes.ts';

/**
 * Puts a pupil into a class or group until a day, whatever the feed says, and logs `directory.local.changed`.
 *
 * @throws DirectoryError `division_unknown`, `person_unknown`, `role_window_invalid`, `already_member` when they are in it;
 *   `not_of_the_school` for a class, when the pupil is of another school (a project's group takes them: joinProject).
 */
export async function addToDivision(
  tx: Tx,
  join: LocalDecision & { readonly person: PersonId; readonly division: DivisionId },
  context: WriteContext,
): Promise<LocalChangeId> {
  const place = await requireDivision(tx, join.division);
  await requirePupilOf(tx, join.person, place.school, context.at);
  const change = await openChange(tx, { ...join, ...place, kind: 'join' }, context);
  await addMember(tx, join, place.controller, change);
  return change.id;
}

/**
 * Takes a pupil out of a class or group until a day, though the feed has them in it, and logs `directory.local.changed`.
 * From that day on the feed's word holds again; what the feed says meanwhile is noted and waits.
 *
 * @throws DirectoryError `division_unknown`, `person_unknown`, `role_window_invalid`, `not_a_member`.
 */
export async function removeFromDivision(
  tx: Tx,
  leave: Omit<LocalDecision, 'from'> & { readonly person: PersonId; readonly division: DivisionId },
  context: WriteContext,
): Promise<LocalChangeId> {
  const place = await requireDivision(tx, leave.division);
  const change = await openChange(tx, { ...leave, ...place, kind: 'leave' }, context);
  await cutMember(tx, leave, place.controller, change);
  return change.id;
}

/**
 * Moves a pupil from one class or group of a school to another until a day, whatever the feed says, as one decision: it is
 * taken back as one. Logs `directory.local.changed`.
 *
 * @throws DirectoryError `division_unknown` also when the two are of two schools or two kinds, `person_unknown`,
 *   `role_window_invalid`, `not_a_member`, `already_member`, `not_of_the_school`.
 */
export async function moveToDivision(
  tx: Tx,
  move: Omit<LocalDecision, 'from'> & {
    readonly person: PersonId;
    readonly leaves: DivisionId;
    readonly division: DivisionId;
  },
  context: WriteContext,
): Promise<LocalChangeId> {
  const left = await requireDivision(tx, move.leaves);
  const place = await requireDivision(tx, move.division);
  if (left.school !== place.school || left.kind !== place.kind)
    throw refuse(
      'division_unknown',
      404,
      'A move leads to another class, or another group, of the same school.',
    );
  await requirePupilOf(tx, move.person, place.school, context.at);
  const change = await openChange(
    tx,
    { ...move, ...place, leftDivision: move.leaves, kind: 'move' },
    context,
  );
  await cutMember(tx, { ...move, division: move.leaves }, place.controller, change);
  await addMember(tx, move, place.controller, change);
  return change.id;
}

async function cutMember(
  tx: Tx,
  leave: { readonly person: PersonId; readonly division: DivisionId; readonly until: Date },
  controller: ControllerId,
  change: OpenChange,
): Promise<void> {
  const cut = await tx.query<{ id: string; source: string; before: Date | null; lent: boolean }>(
    `WITH old AS (
       SELECT id, valid_to FROM directory.division_members
       WHERE division_id = $1 AND person_id = $2 AND (valid_to IS NULL OR valid_to > $3) AND valid_from <= $3 FOR UPDATE)
     UPDATE directory.division_members m SET valid_to = greatest($3, m.valid_from) FROM old o WHERE m.id = o.id
     RETURNING m.id::text, m.source, o.valid_to AS before, EXISTS (SELECT FROM directory.local_change_rows r
       WHERE r.relation = 'division_members' AND r.row_key = m.id::text AND r.change = 'opened') AS lent`,
    [leave.division, leave.person, change.from],
  );
  if (cut.length === 0) throw refuse('not_a_member', 409, 'This person is not in this class or group.');
  for (const row of cut)
    await noteRow(tx, change, 'division_members', { ...row, key: row.id, change: 'cut' });
  // What holds without an end goes on after this one. An open row of the feed is then the one that the next feed knows, so
  // that it opens no other; what an earlier decision lent is over.
  for (const source of new Set(
    cut.filter((row) => row.before === null && !row.lent).map((row) => row.source),
  )) {
    const [resumed] = await tx.query<{ id: string }>(
      `INSERT INTO directory.division_members (division_id, person_id, controller_id, source, valid_from)
       VALUES ($1, $2, $3, $4, $5) RETURNING id::text`,
      [leave.division, leave.person, controller, source, leave.until],
    );
    await noteRow(tx, change, 'division_members', { key: resumed!.id, change: 'resumed' });
  }
}

/**
 * Has a person replace a teacher of the school from one instant to another: they get the role and every class, subject and
 * head teacher's class that the replaced one has then, to the second, and lose them by themselves. Logs
 * `directory.local.changed`. The replaced teacher keeps their own.
 *
 * @throws DirectoryError `school_unknown`, `person_unknown`, `role_window_invalid`; `substitute_unfit` when the replaced
 *   person teaches nothing here, when both are one person, or the substitute is suspended or a pupil of the school.
 */
export async function appointSubstitute(
  tx: Tx,
  appoint: LocalDecision & {
    readonly school: SchoolId;
    readonly replaced: PersonId;
    readonly substitute: PersonId;
  },
  context: WriteContext,
): Promise<LocalChangeId> {
  const { school, replaced, substitute } = appoint;
  const controller = await requireSchool(tx, school);
  const change = await openChange(
    tx,
    { ...appoint, person: substitute, controller, kind: 'substitute' },
    context,
  );
  const [fit] = await tx.query(
    `SELECT 1 FROM directory.people p WHERE p.id = $1 AND p.status = 'active' AND p.id <> $2 AND NOT EXISTS (
       SELECT FROM directory.roles r WHERE r.person_id = p.id AND r.school_id = $3 AND r.role = 'pupil'
         AND (r.valid_to IS NULL OR r.valid_to > $4))`,
    [substitute, replaced, school, context.at],
  );
  let given = 0;
  for (const [table, subject] of [
    ['teaching_assignments', ', a.subject_id'],
    ['head_teachers', ''],
  ] as const) {
    const rows = await tx.query<{ id: string }>(
      `INSERT INTO directory.${table} (person_id, division_id${subject.replace('a.', '')}, controller_id, source, valid_from, valid_to)
       SELECT DISTINCT $2::uuid, a.division_id${subject}, a.controller_id, 'manual', $4::timestamptz, $5::timestamptz
       FROM directory.${table} a JOIN directory.divisions d ON d.id = a.division_id
       WHERE a.person_id = $1 AND d.school_id = $3 AND a.valid_from < $5 AND (a.valid_to IS NULL OR a.valid_to > $4)
       RETURNING id::text`,
      [replaced, substitute, school, change.from, change.until],
    );
    given += rows.length;
    for (const { id } of rows) await noteRow(tx, change, table, { key: id, change: 'opened' });
  }
  if (!fit || given === 0) {
    throw refuse(
      'substitute_unfit',
      422,
      'A substitute is another active adult, and replaces somebody who teaches here.',
    );
  }
  const roles = await tx.query<{ role: string }>(
    `SELECT DISTINCT r.role FROM directory.roles r
     WHERE r.person_id = $1 AND r.school_id = $3 AND r.role IN ('teacher', 'head_teacher', 'librarian')
       AND (r.valid_to IS NULL OR r.valid_to > $4)
       AND NOT EXISTS (SELECT FROM directory.roles s WHERE s.person_id = $2 AND s.school_id = $3 AND s.role = r.role
         AND s.source = 'manual' AND tstzrange(s.valid_from, s.valid_to) && tstzrange($4, $5))`,
    [replaced, substitute, school, change.from, change.until],
  );
  for (const { role } of roles)
    await lendRole(tx, change, { person: substitute, role, school, reason: appoint.reason }, context);
  return change.id;
}

/**
 * Lets a pupil or a teacher of any school take part in a group of this one, for a project, until a day: a pupil becomes a
 * member of the group, a teacher teaches it, with the role that goes with it. Logs `directory.local.changed`.
 *
 * @throws DirectoryError `division_unknown` also for a class, `person_unknown`, `role_window_invalid`, `already_member`;
 *   `project_unfit` for a pupil who would teach, and for somebody who would learn and is no pupil.
 */
export async function joinProject(
  tx: Tx,
  join: LocalDecision & {
    readonly person: PersonId;
    readonly group: DivisionId;
    readonly as: 'pupil' | 'teacher';
    readonly subject?: SubjectId;
  },
  context: WriteContext,
): Promise<LocalChangeId> {
  const place = await requireDivision(tx, join.group);
  if (place.kind !== 'group') throw refuse('division_unknown', 404, 'A project gathers in a group.');
  const { controller, school } = place;
  await requireFit(tx, join, context.at);
  const change = await openChange(
    tx,
    { ...join, division: join.group, school, controller, kind: 'project' },
    context,
  );
  if (join.as === 'pupil') {
    await addMember(tx, { person: join.person, division: join.group }, controller, change);
    return change.id;
  }
  const [row] = await tx.query<{ id: string }>(
    `INSERT INTO directory.teaching_assignments (person_id, division_id, subject_id, controller_id, source, valid_from, valid_to)
     VALUES ($1, $2, $3, $4, 'manual', $5, $6) RETURNING id::text`,
    [join.person, join.group, join.subject ?? null, controller, change.from, change.until],
  );
  await noteRow(tx, change, 'teaching_assignments', { key: row!.id, change: 'opened' });
  const [held] = await tx.query(
    `SELECT 1 FROM directory.roles r WHERE r.person_id = $1 AND r.school_id = $2 AND r.role = 'teacher'
       AND tstzrange(r.valid_from, r.valid_to) && tstzrange($3, $4)`,
    [join.person, school, change.from, change.until],
  );
  if (!held)
    await lendRole(
      tx,
      change,
      { person: join.person, role: 'teacher', school, reason: join.reason },
      context,
    );
  return change.id;
}

async function lendRole(
  tx: Tx,
  change: OpenChange,
  lent: {
    readonly person: PersonId;
    readonly role: string;
    readonly school: SchoolId;
    readonly reason: string;
  },
  context: WriteContext,
): Promise<void> {
  const id = await grantRole(
    tx,
    {
      person: lent.person,
      role: lent.role,
      domain: { school: lent.school },
      from: change.from,
      to: change.until,
      reason: lent.reason,
    },
    context,
  );
  await noteRow(tx, change, 'roles', { key: id, change: 'opened' });
}

async function addMember(
  tx: Tx,
  member: { readonly person: PersonId; readonly division: DivisionId },
  controller: ControllerId,
  change: OpenChange,
): Promise<void> {
  // Two who add one pupil at a time: the second waits for the first, and finds the row. The change noted above refers to the
  // class, so a lock that also shut out references would have rivals wait for each other in a circle.
  await tx.query('SELECT 1 FROM directory.divisions WHERE id = $1 FOR NO KEY UPDATE', [member.division]);
  const [row] = await tx.query<{ id: string }>(
    `INSERT INTO directory.division_members (division_id, person_id, controller_id, source, valid_from, valid_to)
     SELECT $1::uuid, $2::uuid, $3::uuid, 'manual', $4::timestamptz, $5::timestamptz
     WHERE NOT EXISTS (SELECT FROM directory.division_members m WHERE m.division_id = $1 AND m.person_id = $2
       AND tstzrange(m.valid_from, m.valid_to) && tstzrange($4, $5))
     RETURNING id::text`,
    [member.division, member.person, controller, change.from, change.until],
  );
  if (!row) throw refuse('already_member', 409, 'This person is in this class or group already, or will be.');
  await noteRow(tx, change, 'division_members', { key: row.id, change: 'opened' });
}

interface Place {
  readonly kind: 'class' | 'group';
  readonly school: SchoolId;
  readonly controller: ControllerId;
}

async function requireDivision(tx: Tx, id: DivisionId): Promise<Place> {
  const [row] = await tx.query<Place>(
    `SELECT kind, school_id AS school, controller_id AS controller FROM directory.divisions
     WHERE id = $1 AND retired_at IS NULL`,
    [id],
  );
  if (!row) throw refuse('division_unknown', 404, 'This class or group is not known here.');
  return row;
}

async function requireSchool(tx: Tx, id: SchoolId): Promise<ControllerId> {
  const [row] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.schools WHERE id = $1',
    [id],
  );
  if (!row) throw refuse('school_unknown', 404, 'This school is not known here.');
  return row.controller_id;
}

const TEACHING = ['teacher', 'head_teacher', 'librarian', 'cpe', 'guest'];

/** A pupil takes part as a pupil, and never teaches. */
async function requireFit(
  tx: Tx,
  join: { readonly person: PersonId; readonly as: 'pupil' | 'teacher' },
  at: Date,
): Promise<void> {
  const [person] = await tx.query('SELECT 1 FROM directory.people WHERE id = $1', [join.person]);
  if (!person) throw refuse('person_unknown', 404, 'This person is not known here.');
  const held = await tx.query<{ role: string }>(
    `SELECT DISTINCT role FROM directory.roles WHERE person_id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)`,
    [join.person, at],
  );
  const isPupil = held.some(({ role }) => role === 'pupil');
  if (join.as === 'pupil' ? isPupil : !isPupil && held.some(({ role }) => TEACHING.includes(role))) return;
  throw refuse('project_unfit', 422, 'Pupils take part in a project as pupils, and teachers as teachers.');
}

async function requirePupilOf(tx: Tx, person: PersonId, school: SchoolId, at: Date): Promise<void> {
  const [row] = await tx.query(
    `SELECT 1 FROM directory.roles WHERE person_id = $1 AND school_id = $2 AND role = 'pupil'
       AND (valid_to IS NULL OR valid_to > $3)`,
    [person, school, at],
  );
  if (!row) throw refuse('not_of_the_school', 422, 'This person is no pupil of this school.');
}
