import { randomBytes } from 'node:crypto';
import { buildSheetDigest } from '../domain/sheet-digest.ts';
import { findAssessment, markPublished } from '../store/assessment-store.ts';
import { loadMarks } from '../store/mark-store.ts';
import { appendEvent, assessmentTarget, type Act } from './act.ts';

export type PublishOutcome =
  | { readonly kind: 'published'; readonly marks: number }
  /** It had been published already: nothing more to do. */
  | { readonly kind: 'already' }
  /** The sheet is no longer the one that the confirmation showed. */
  | { readonly kind: 'changed' }
  /** No pupil has a mark. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'gone' };

/** Shows an assessment to its pupils and their parents, exactly as the confirmation page showed it. */
export async function publishAssessment(
  act: Act,
  publication: { readonly id: string; readonly revision: number },
): Promise<PublishOutcome> {
  const assessment = await findAssessment(act.tx, publication.id, { lock: true });
  if (!assessment || assessment.deletedAt) return { kind: 'gone' };
  if (assessment.state === 'published') return { kind: 'already' };
  if (assessment.revision !== publication.revision) return { kind: 'changed' };
  const entered = [...(await loadMarks(act.tx, assessment.id)).values()].filter((stored) => stored.mark);
  if (entered.length === 0) return { kind: 'empty' };
  const salt = randomBytes(32);
  const digest = buildSheetDigest(assessment, entered, salt);
  await markPublished(act.tx, assessment.id, { at: act.at, salt, digest });
  await appendEvent(act, {
    action: 'grades.assessment.published',
    target: assessmentTarget(assessment.id),
    school: assessment.school,
    detail: {
      division: assessment.division,
      subject: assessment.subject,
      marks: entered.length,
      sheet: digest.toString('hex'),
    },
  });
  return { kind: 'published', marks: entered.length };
}
