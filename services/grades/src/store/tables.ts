import { buildTables } from '@socle/client';
import type { Assessment, AssessmentKind, AssessmentState, Scale } from '../domain/assessment.ts';
import { parseDecimal } from '../domain/decimal.ts';
import type { CorrectionReason, Mark, MarkStatus } from '../domain/mark.ts';

/** A row of grades.assessments as the driver gives it (`date` and `numeric` are texts). */
export interface AssessmentRow {
  id: string;
  school: string;
  division: string;
  division_name: string;
  subject: string;
  subject_name: string;
  title: string;
  held_on: string;
  scale: Scale;
  coefficient: string;
  kind: AssessmentKind;
  state: AssessmentState;
  owner: string;
  revision: number;
  created_at: Date;
  published_at: Date | null;
  published_salt: Buffer | null;
  published_digest: Buffer | null;
  deleted_at: Date | null;
}

/** A row of grades.marks. */
export interface MarkRow {
  assessment: string;
  pupil: string;
  school: string;
  value: string | null;
  status: MarkStatus | null;
  version: number;
  written_by: string;
  written_at: Date;
  reason: CorrectionReason | null;
}

/** A row of grades.mark_versions. */
export interface MarkVersionRow {
  assessment: string;
  pupil: string;
  version: number;
  school: string;
  old_value: string | null;
  old_status: MarkStatus | null;
  new_value: string | null;
  new_status: MarkStatus | null;
  written_by: string;
  written_at: Date;
  reason: CorrectionReason | null;
}

/** The typed builder of statements on the module's schema. */
export const tables = buildTables<{
  assessments: AssessmentRow;
  marks: MarkRow;
  mark_versions: MarkVersionRow;
}>('grades');

/** The assessment of a row. */
export function toAssessment(row: AssessmentRow): Assessment {
  return {
    id: row.id,
    school: row.school,
    division: row.division,
    divisionName: row.division_name,
    subject: row.subject,
    subjectName: row.subject_name,
    title: row.title,
    heldOn: row.held_on,
    scale: row.scale,
    coefficientHundredths: readNumeric(row.coefficient),
    kind: row.kind,
    state: row.state,
    owner: row.owner,
    revision: row.revision,
    createdAt: row.created_at,
    ...(row.published_at ? { publishedAt: row.published_at } : {}),
    ...(row.deleted_at ? { deletedAt: row.deleted_at } : {}),
  };
}

/** The mark of a value and a status column, or undefined when both are empty. */
export function toMark(value: string | null, status: MarkStatus | null): Mark | undefined {
  if (value !== null) return { kind: 'value', hundredths: readNumeric(value) };
  return status === null ? undefined : { kind: 'status', status };
}

function readNumeric(text: string): number {
  const parsed = parseDecimal(text);
  if (!parsed.ok) throw new RangeError('a numeric of the database has more than two decimals');
  return parsed.hundredths;
}
