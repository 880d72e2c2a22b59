import { isSameMark, type CorrectionReason, type Mark } from '../domain/mark.ts';
import { advanceRevision, findAssessment } from '../store/assessment-store.ts';
import { loadMarks, writeMark, type StoredMark } from '../store/mark-store.ts';
import { appendEvent, describeState, pupilTarget, type Act } from './act.ts';

/** A change of one published mark. */
export interface Correction {
  readonly assessment: string;
  readonly pupil: string;
  /** The version that the page showed; 0 when nothing had been entered. */
  readonly baseVersion: number;
  readonly mark: Mark | undefined;
  readonly reason: CorrectionReason;
}

export type CorrectionOutcome =
  | { readonly kind: 'corrected'; readonly before: Mark | undefined; readonly after: Mark | undefined }
  | { readonly kind: 'unchanged' }
  /** Someone corrected it since the page was drawn. */
  | { readonly kind: 'conflict'; readonly current: StoredMark | undefined }
  /** Still a draft: its marks are entered in the sheet. */
  | { readonly kind: 'draft' }
  | { readonly kind: 'gone' };

/** Corrects a published mark: the old value stays in its history, and the event says old, new and why. */
export async function correctMark(act: Act, correction: Correction): Promise<CorrectionOutcome> {
  const assessment = await findAssessment(act.tx, correction.assessment, { lock: true });
  if (!assessment || assessment.deletedAt) return { kind: 'gone' };
  if (assessment.state === 'draft') return { kind: 'draft' };
  const stored = (await loadMarks(act.tx, assessment.id)).get(correction.pupil);
  if ((stored?.version ?? 0) !== correction.baseVersion) return { kind: 'conflict', current: stored };
  if (isSameMark(stored?.mark, correction.mark)) return { kind: 'unchanged' };
  const after = await writeMark(act.tx, {
    assessment: assessment.id,
    school: assessment.school,
    pupil: correction.pupil,
    expectedVersion: correction.baseVersion,
    mark: correction.mark,
    by: act.session.sub,
    at: act.at,
    reason: correction.reason,
  });
  if (!after) return { kind: 'conflict', current: stored };
  await advanceRevision(act.tx, assessment.id);
  await appendEvent(act, {
    action: 'grades.mark.corrected',
    target: pupilTarget(correction.pupil),
    school: assessment.school,
    reason: correction.reason,
    detail: {
      assessment: assessment.id,
      version: after.version,
      scale: assessment.scale,
      oldState: describeState(stored?.mark),
      ...(stored?.mark?.kind === 'value' ? { oldValue: stored.mark.hundredths / 100 } : {}),
      newState: describeState(after.mark),
      ...(after.mark?.kind === 'value' ? { newValue: after.mark.hundredths / 100 } : {}),
    },
  });
  return { kind: 'corrected', before: stored?.mark, after: after.mark };
}
