import { newId, type ControllerId, type SchoolId } from '@socle/base';
import { sqlState, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { AcademyId, DivisionId, SubjectId } from '../ids.ts';
import type { WriteContext } from '../people/grant-role.ts';
import type { School } from './schools.ts';

const UNIQUE_VIOLATION = '23505';

/** A school that no feed brings (abroad, private without AAF). */
export interface NewSchool
  extends Pick<School, 'uai' | 'name' | 'kind' | 'degree' | 'language' | 'timeZone'> {
  readonly academy: AcademyId;
  readonly controller: ControllerId;
}

/**
 * Opens a school by hand and logs `directory.school.opened`.
 *
 * @throws DirectoryError `school_exists` when the UAI is taken.
 */
export async function openSchool(tx: Tx, school: NewSchool, context: WriteContext): Promise<SchoolId> {
  const id = newId<SchoolId>(context.at);
  try {
    await tx.query(
      `INSERT INTO directory.schools (id, academy_id, controller_id, uai, degree, kind, name, language, time_zone, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        school.academy,
        school.controller,
        school.uai,
        school.degree,
        school.kind,
        school.name,
        school.language,
        school.timeZone,
        context.at,
      ],
    );
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    throw refuse('school_exists', 409, 'A school with this UAI exists already.');
  }
  await context.audit.append(tx, {
    controller: school.controller,
    actor: context.author,
    action: 'directory.school.opened',
    target: { kind: 'school', id },
    outcome: 'success',
    detail: { uai: school.uai },
  });
  return id;
}

/** Opens a class or group in a school by hand and logs `directory.division.opened`. */
export async function openDivision(
  tx: Tx,
  division: {
    readonly school: SchoolId;
    readonly kind: 'class' | 'group';
    readonly code: string;
    readonly name: string;
  },
  context: WriteContext,
): Promise<DivisionId> {
  const controller = await requireController(tx, division.school);
  const id = newId<DivisionId>(context.at);
  await tx.query(
    `INSERT INTO directory.divisions (id, school_id, controller_id, kind, code, name, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, division.school, controller, division.kind, division.code, division.name, context.at],
  );
  await context.audit.append(tx, {
    controller,
    actor: context.author,
    action: 'directory.division.opened',
    target: { kind: 'division', id },
    outcome: 'success',
    detail: { school: division.school },
  });
  return id;
}

/** Gives the subject of this code in an academy, made on first sight. Needs the scope of all. */
export async function ensureSubject(
  tx: Tx,
  subject: { readonly academy: AcademyId; readonly code: string; readonly name: string; readonly at: Date },
): Promise<SubjectId> {
  await tx.query(
    `INSERT INTO directory.subjects (id, academy_id, code, name) VALUES ($1, $2, $3, $4)
     ON CONFLICT (academy_id, code) DO NOTHING`,
    [newId(subject.at), subject.academy, subject.code, subject.name],
  );
  const [row] = await tx.query<{ id: SubjectId }>(
    'SELECT id FROM directory.subjects WHERE academy_id = $1 AND code = $2',
    [subject.academy, subject.code],
  );
  return row!.id;
}

async function requireController(tx: Tx, school: SchoolId): Promise<ControllerId> {
  const [row] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.schools WHERE id = $1',
    [school],
  );
  if (!row) throw refuse('school_unknown', 404, 'This school is not known here.');
  return row.controller_id;
}
