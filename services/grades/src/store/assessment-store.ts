import type { Tx } from '@socle/client';
import type { Assessment, AssessmentDetails, AssessmentPlace } from '../domain/assessment.ts';
import { toNumericText } from '../domain/decimal.ts';
import { tables, toAssessment } from './tables.ts';

/** A draft to be written. */
export interface NewAssessment extends AssessmentDetails, AssessmentPlace {
  readonly id: string;
  readonly owner: string;
  readonly createdAt: Date;
}

/** Writes a draft. An id that is already there is left alone: a form sent twice makes one assessment. */
export async function insertAssessment(tx: Tx, draft: NewAssessment): Promise<{ inserted: boolean }> {
  const rows = await tx.run(
    tables
      .insertInto('assessments')
      .values({
        id: draft.id,
        school: draft.school,
        division: draft.division,
        division_name: draft.divisionName,
        subject: draft.subject,
        subject_name: draft.subjectName,
        ...toColumns(draft),
        state: 'draft',
        owner: draft.owner,
        revision: 1,
        created_at: draft.createdAt,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id'),
  );
  return { inserted: rows.length === 1 };
}

/** The assessment, deleted drafts included; undefined when there is none in the transaction's schools. */
export async function findAssessment(
  tx: Tx,
  id: string,
  options: { readonly lock?: boolean } = {},
): Promise<Assessment | undefined> {
  const statement = tables.selectFrom('assessments').selectAll().where('id', '=', id);
  const [row] = await tx.run(options.lock ? statement.forUpdate() : statement);
  return row && toAssessment(row);
}

/** Living assessments of a class or group held since a day, newest first; of one subject, or of all. */
export async function loadAssessmentsOfDivision(
  tx: Tx,
  division: string,
  options: { readonly since: string; readonly subject?: string },
): Promise<Assessment[]> {
  let statement = tables
    .selectFrom('assessments')
    .selectAll()
    .where('division', '=', division)
    .where('deleted_at', 'is', null)
    .where('held_on', '>=', options.since);
  if (options.subject !== undefined) statement = statement.where('subject', '=', options.subject);
  const rows = await tx.run(statement.orderBy('held_on', 'desc').orderBy('id', 'desc'));
  return rows.map(toAssessment);
}

/** Living assessments of several classes and groups held since a day, newest first. */
export async function loadAssessmentsOfDivisions(
  tx: Tx,
  divisions: readonly string[],
  since: string,
): Promise<Assessment[]> {
  if (divisions.length === 0) return [];
  const rows = await tx.run(
    tables
      .selectFrom('assessments')
      .selectAll()
      .where('division', 'in', divisions)
      .where('deleted_at', 'is', null)
      .where('held_on', '>=', since)
      .orderBy('held_on', 'desc')
      .orderBy('id', 'desc'),
  );
  return rows.map(toAssessment);
}

/** Puts new details on an assessment that the transaction has locked, and moves its revision on. */
export async function updateDetails(tx: Tx, id: string, details: AssessmentDetails): Promise<void> {
  await tx.run(
    tables
      .updateTable('assessments')
      .set(toColumns(details))
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .where('id', '=', id),
  );
}

/** Moves the revision of a locked assessment on, because its marks changed. */
export async function advanceRevision(tx: Tx, id: string): Promise<void> {
  await tx.run(
    tables
      .updateTable('assessments')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .where('id', '=', id),
  );
}

/** Publishes a locked draft, with the commitment to what was published. */
export async function markPublished(
  tx: Tx,
  id: string,
  publication: { readonly at: Date; readonly salt: Buffer; readonly digest: Buffer },
): Promise<void> {
  await tx.run(
    tables
      .updateTable('assessments')
      .set({
        state: 'published',
        published_at: publication.at,
        published_salt: publication.salt,
        published_digest: publication.digest,
      })
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .where('id', '=', id),
  );
}

/** Sets aside (an instant) or brings back (undefined) a locked draft. */
export async function setDeleted(tx: Tx, id: string, at: Date | undefined): Promise<void> {
  await tx.run(
    tables
      .updateTable('assessments')
      .set({ deleted_at: at ?? null })
      .where('id', '=', id),
  );
}

/** Removes for good the drafts set aside before an instant, with their marks and versions; gives how many. */
export async function purgeDeleted(tx: Tx, before: Date): Promise<number> {
  const rows = await tx.run(
    tables.deleteFrom('assessments').where('deleted_at', '<', before).returning('id'),
  );
  return rows.length;
}

function toColumns(details: AssessmentDetails) {
  return {
    title: details.title,
    held_on: details.heldOn,
    scale: details.scale,
    coefficient: toNumericText(details.coefficientHundredths),
    kind: details.kind,
  };
}
