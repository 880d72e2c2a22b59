import type { PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { DivisionId, SubjectId } from '../ids.ts';
import { PERSON_COLUMNS, readPerson, type Person, type PersonRow } from './find-person.ts';

/** A class or group. */
export interface Division {
  readonly id: DivisionId;
  readonly kind: 'class' | 'group';
  readonly code: string;
  readonly name: string;
  readonly school: SchoolId;
}

export interface ClassTaught {
  readonly division: Division;
  /** Absent in the first degree, where a teacher takes all subjects. */
  readonly subject?: { readonly id: SubjectId; readonly code: string; readonly name: string };
}

export interface Child {
  readonly child: Person;
  readonly kind: 'legal' | 'in_charge' | 'contact';
  readonly exercise: 'joint' | 'sole' | 'none' | 'suspended' | 'withdrawn';
  readonly divisions: readonly Division[];
  readonly schools: readonly SchoolId[];
}

/** Classes and groups that the person teaches at `at`, with the subject, sorted by name. */
export async function loadClassesTaught(tx: Tx, person: PersonId, at: Date): Promise<readonly ClassTaught[]> {
  const rows = await tx.query<
    DivisionRow & { subject_id: SubjectId | null; subject_code: string; subject_name: string }
  >(
    `SELECT ${DIVISION_COLUMNS}, s.id AS subject_id, s.code AS subject_code, s.name AS subject_name
     FROM directory.teaching_assignments a
     JOIN directory.divisions d ON d.id = a.division_id
     LEFT JOIN directory.subjects s ON s.id = a.subject_id
     WHERE a.person_id = $1 AND a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $2)
     ORDER BY d.name, s.name`,
    [person, at],
  );
  return rows.map((row) => ({
    division: readDivision(row),
    ...(row.subject_id
      ? { subject: { id: row.subject_id, code: row.subject_code, name: row.subject_name } }
      : {}),
  }));
}

/** Pupils of a class or group at `at`, sorted by name. */
export async function loadMembers(tx: Tx, division: DivisionId, at: Date): Promise<readonly Person[]> {
  const rows = await tx.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM directory.division_members m JOIN directory.people p ON p.id = m.person_id
     WHERE m.division_id = $1 AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to > $2)
     ORDER BY p.sort_name, p.id`,
    [division, at],
  );
  return rows.map(readPerson);
}

/** Somebody who teaches a class or group. */
export interface DivisionTeacher {
  readonly teacher: Person;
  /** Names of the subjects taught there, sorted; none in the first degree. */
  readonly subjects: readonly string[];
  readonly isHeadTeacher: boolean;
}

/** Who teaches a class or group at `at`, and who its head teachers are; sorted by name. */
export async function loadTeachersOf(
  tx: Tx,
  division: DivisionId,
  at: Date,
): Promise<readonly DivisionTeacher[]> {
  const rows = await tx.query<PersonRow & { subjects: string[]; head: boolean }>(
    `SELECT ${PERSON_COLUMNS}, t.subjects, t.head FROM (
       SELECT person_id, coalesce(array_agg(DISTINCT subject ORDER BY subject) FILTER (WHERE subject IS NOT NULL), '{}') AS subjects,
         bool_or(head) AS head
       FROM (
         SELECT a.person_id, s.name AS subject, false AS head
         FROM directory.teaching_assignments a LEFT JOIN directory.subjects s ON s.id = a.subject_id
         WHERE a.division_id = $1 AND a.valid_from <= $2 AND (a.valid_to IS NULL OR a.valid_to > $2)
         UNION ALL
         SELECT h.person_id, NULL, true FROM directory.head_teachers h
         WHERE h.division_id = $1 AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to > $2)
       ) each GROUP BY person_id
     ) t JOIN directory.people p ON p.id = t.person_id
     ORDER BY p.sort_name, p.id`,
    [division, at],
  );
  return rows.map((row) => ({
    teacher: readPerson(row),
    subjects: row.subjects,
    isHeadTeacher: row.head,
  }));
}

/** Classes and groups of a pupil at `at`, sorted by name. */
export async function loadMemberships(tx: Tx, person: PersonId, at: Date): Promise<readonly Division[]> {
  return (
    await tx.query<DivisionRow>(
      `SELECT ${DIVISION_COLUMNS} FROM directory.division_members m JOIN directory.divisions d ON d.id = m.division_id
       WHERE m.person_id = $1 AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to > $2)
       ORDER BY d.kind, d.name`,
      [person, at],
    )
  ).map(readDivision);
}

/** Classes of which the person is head teacher (professeur principal) at `at`. */
export async function loadHeadTeacherOf(tx: Tx, person: PersonId, at: Date): Promise<readonly Division[]> {
  return (
    await tx.query<DivisionRow>(
      `SELECT ${DIVISION_COLUMNS} FROM directory.head_teachers h JOIN directory.divisions d ON d.id = h.division_id
       WHERE h.person_id = $1 AND h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to > $2)
       ORDER BY d.name`,
      [person, at],
    )
  ).map(readDivision);
}

/** Children of a guardian, a person in charge or a contact at `at`, with what the link allows; see loadPersonFacts. */
export async function loadChildren(tx: Tx, person: PersonId, at: Date): Promise<readonly Child[]> {
  const rows = await tx.query<
    PersonRow & Pick<Child, 'kind' | 'exercise'> & { divisions: Division[]; schools: SchoolId[] }
  >(
    `SELECT ${PERSON_COLUMNS}, l.kind, l.exercise,
       (SELECT coalesce(json_agg(json_build_object('id', d.id, 'kind', d.kind, 'code', d.code, 'name', d.name,
          'school', d.school_id) ORDER BY d.kind, d.name), '[]')
        FROM directory.division_members m JOIN directory.divisions d ON d.id = m.division_id
        WHERE m.person_id = p.id AND m.valid_from <= $2 AND (m.valid_to IS NULL OR m.valid_to > $2)) AS divisions,
       (SELECT coalesce(json_agg(r.school_id), '[]') FROM directory.roles r
        WHERE r.person_id = p.id AND r.role = 'pupil' AND r.school_id IS NOT NULL AND r.valid_from <= $2
          AND (r.valid_to IS NULL OR r.valid_to > $2)) AS schools
     FROM directory.links_in_force(NULL, $1, $2, NULL) l JOIN directory.people p ON p.id = l.child_id
     ORDER BY p.sort_name`,
    [person, at],
  );
  return rows.map((row) => ({
    child: readPerson(row),
    kind: row.kind,
    exercise: row.exercise,
    divisions: row.divisions,
    schools: row.schools,
  }));
}

/** One class or group; undefined when the scope does not show it. */
export async function findDivision(tx: Tx, id: DivisionId): Promise<Division | undefined> {
  const [row] = await tx.query<DivisionRow>(
    `SELECT ${DIVISION_COLUMNS} FROM directory.divisions d WHERE d.id = $1`,
    [id],
  );
  return row && readDivision(row);
}

/** Classes and groups of a school in its running year, sorted by kind, then name. */
export async function loadDivisions(tx: Tx, school: SchoolId): Promise<readonly Division[]> {
  return (
    await tx.query<DivisionRow>(
      `SELECT ${DIVISION_COLUMNS} FROM directory.divisions d WHERE d.school_id = $1 AND d.retired_at IS NULL
       ORDER BY d.kind, d.name`,
      [school],
    )
  ).map(readDivision);
}

interface DivisionRow {
  readonly division_id: DivisionId;
  readonly kind: 'class' | 'group';
  readonly code: string;
  readonly name: string;
  readonly school_id: SchoolId;
}

const DIVISION_COLUMNS = 'd.id AS division_id, d.kind, d.code, d.name, d.school_id';

function readDivision(row: DivisionRow): Division {
  return { id: row.division_id, kind: row.kind, code: row.code, name: row.name, school: row.school_id };
}
