import type { Tx } from '@socle/client';
import type { Assessment } from '../domain/assessment.ts';
import { toNumericText } from '../domain/decimal.ts';
import type { CorrectionReason, Mark } from '../domain/mark.ts';
import { tables, toAssessment, toMark, type MarkRow } from './tables.ts';

/** A mark with the number that the next writer must know. */
export interface StoredMark {
  readonly pupil: string;
  /** Undefined when it was taken out. */
  readonly mark: Mark | undefined;
  readonly version: number;
  readonly writtenBy: string;
  readonly writtenAt: Date;
}

/** One step in the life of a mark. */
export interface MarkVersion {
  readonly version: number;
  readonly before: Mark | undefined;
  readonly after: Mark | undefined;
  readonly writtenBy: string;
  readonly writtenAt: Date;
  readonly reason?: CorrectionReason;
}

/** A mark to be written over a version that its writer has seen. */
export interface MarkWrite {
  readonly assessment: string;
  readonly school: string;
  readonly pupil: string;
  /** 0 when the writer saw no mark. */
  readonly expectedVersion: number;
  readonly mark: Mark | undefined;
  readonly by: string;
  readonly at: Date;
  /** Demanded by the database once the assessment is published. */
  readonly reason?: CorrectionReason;
}

/** Marks of one assessment, by pupil; pupils with nothing entered are not there. */
export async function loadMarks(tx: Tx, assessment: string): Promise<Map<string, StoredMark>> {
  const rows = await tx.run(tables.selectFrom('marks').selectAll().where('assessment', '=', assessment));
  return new Map(rows.map((row) => [row.pupil, toStoredMark(row)]));
}

/** Marks of many assessments, by assessment and then by pupil. */
export async function loadMarksOfMany(
  tx: Tx,
  assessments: readonly string[],
): Promise<Map<string, Map<string, StoredMark>>> {
  const byAssessment = new Map(assessments.map((id) => [id, new Map<string, StoredMark>()]));
  if (assessments.length === 0) return byAssessment;
  const rows = await tx.run(tables.selectFrom('marks').selectAll().where('assessment', 'in', assessments));
  for (const row of rows) byAssessment.get(row.assessment)?.set(row.pupil, toStoredMark(row));
  return byAssessment;
}

/** How many pupils have a mark, by assessment; those with none are not there. */
export async function countMarks(tx: Tx, assessments: readonly string[]): Promise<Map<string, number>> {
  if (assessments.length === 0) return new Map();
  const rows = await tx.run(
    tables
      .selectFrom('marks')
      .select(['assessment', (eb) => eb.fn.countAll<number>().as('entered')])
      .where('assessment', 'in', assessments)
      .where((eb) => eb.or([eb('value', 'is not', null), eb('status', 'is not', null)]))
      .groupBy('assessment'),
  );
  return new Map(rows.map((row) => [row.assessment, row.entered]));
}

/** A pupil's marks at published assessments held since a day, oldest first. */
export async function loadPublishedMarksOfPupil(
  tx: Tx,
  pupil: string,
  since: string,
): Promise<{ assessment: Assessment; stored: StoredMark }[]> {
  const marks = await tx.run(
    tables
      .selectFrom('marks')
      .innerJoin('assessments', 'assessments.id', 'marks.assessment')
      .selectAll('marks')
      .where('marks.pupil', '=', pupil)
      .where('assessments.state', '=', 'published')
      .where('assessments.held_on', '>=', since)
      .orderBy('assessments.held_on')
      .orderBy('assessments.id'),
  );
  if (marks.length === 0) return [];
  const rows = await tx.run(
    tables
      .selectFrom('assessments')
      .selectAll()
      .where(
        'id',
        'in',
        marks.map((mark) => mark.assessment),
      ),
  );
  const assessments = new Map(rows.map((row) => [row.id, toAssessment(row)]));
  return marks.flatMap((mark) => {
    const assessment = assessments.get(mark.assessment);
    return assessment ? [{ assessment, stored: toStoredMark(mark) }] : [];
  });
}

/** What marks were at given versions, by pupil (version 0 and unknown versions are not there). */
export async function loadVersions(
  tx: Tx,
  assessment: string,
  seen: readonly { readonly pupil: string; readonly version: number }[],
): Promise<Map<string, Mark | undefined>> {
  const rows = await tx.query<{ pupil: string; new_value: string | null; new_status: MarkRow['status'] }>(
    `SELECT v.pupil, v.new_value, v.new_status
       FROM grades.mark_versions v JOIN unnest($2::text[], $3::int[]) AS seen (pupil, version)
         ON v.pupil = seen.pupil AND v.version = seen.version
      WHERE v.assessment = $1`,
    [assessment, seen.map((cell) => cell.pupil), seen.map((cell) => cell.version)],
  );
  return new Map(rows.map((row) => [row.pupil, toMark(row.new_value, row.new_status)]));
}

/** All the steps of one mark, oldest first. */
export async function loadHistory(tx: Tx, assessment: string, pupil: string): Promise<MarkVersion[]> {
  const rows = await tx.run(
    tables
      .selectFrom('mark_versions')
      .selectAll()
      .where('assessment', '=', assessment)
      .where('pupil', '=', pupil)
      .orderBy('version'),
  );
  return rows.map((row) => ({
    version: row.version,
    before: toMark(row.old_value, row.old_status),
    after: toMark(row.new_value, row.new_status),
    writtenBy: row.written_by,
    writtenAt: row.written_at,
    ...(row.reason ? { reason: row.reason } : {}),
  }));
}

/**
 * Writes a mark over the version its writer saw. Of many who write over one version exactly one succeeds,
 * whatever locks they hold; the others get `undefined` and nothing of theirs is written.
 * The old value stays in grades.mark_versions, put there by the database itself.
 */
export async function writeMark(tx: Tx, write: MarkWrite): Promise<StoredMark | undefined> {
  const columns = {
    value: write.mark?.kind === 'value' ? toNumericText(write.mark.hundredths) : null,
    status: write.mark?.kind === 'status' ? write.mark.status : null,
    written_by: write.by,
    written_at: write.at,
    reason: write.reason ?? null,
  };
  const { assessment, school, pupil, expectedVersion } = write;
  const [row] =
    expectedVersion === 0
      ? await tx.run(
          tables
            .insertInto('marks')
            .values({ assessment, school, pupil, version: 1, ...columns })
            .onConflict((conflict) => conflict.columns(['assessment', 'pupil']).doNothing())
            .returningAll(),
        )
      : await tx.run(
          tables
            .updateTable('marks')
            .set({ ...columns, version: expectedVersion + 1 })
            .where('assessment', '=', assessment)
            .where('pupil', '=', pupil)
            .where('version', '=', expectedVersion)
            .returningAll(),
        );
  return row && toStoredMark(row);
}

function toStoredMark(row: MarkRow): StoredMark {
  return {
    pupil: row.pupil,
    mark: toMark(row.value, row.status),
    version: row.version,
    writtenBy: row.written_by,
    writtenAt: row.written_at,
  };
}
