import type { Assessment, AssessmentDetails } from '../domain/assessment.ts';
import { findAssessment, updateDetails } from '../store/assessment-store.ts';
import { loadMarks } from '../store/mark-store.ts';
import { appendEvent, assessmentTarget, type Act } from './act.ts';

export type ChangeOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone' }
  /** Someone changed it since the form was drawn. */
  | { readonly kind: 'conflict'; readonly current: Assessment }
  /** It is published, and families have read marks out of its scale. */
  | { readonly kind: 'scale_published' }
  /** Some mark is above the new scale. */
  | { readonly kind: 'scale_too_small' };

/** Changes what a teacher filled in, over the revision that the form showed. */
export async function changeAssessment(
  act: Act,
  change: { readonly id: string; readonly revision: number; readonly details: AssessmentDetails },
): Promise<ChangeOutcome> {
  const current = await findAssessment(act.tx, change.id, { lock: true });
  if (!current || current.deletedAt) return { kind: 'gone' };
  if (current.revision !== change.revision) return { kind: 'conflict', current };
  const { details } = change;
  if (details.scale !== current.scale) {
    if (current.state === 'published') return { kind: 'scale_published' };
    const marks = await loadMarks(act.tx, current.id);
    const most = details.scale * 100;
    for (const { mark } of marks.values()) {
      if (mark?.kind === 'value' && mark.hundredths > most) return { kind: 'scale_too_small' };
    }
  }
  await updateDetails(act.tx, current.id, details);
  await appendEvent(act, {
    action: 'grades.assessment.changed',
    target: assessmentTarget(current.id),
    school: current.school,
    detail: {
      division: current.division,
      published: current.state === 'published',
      scale: details.scale,
      oldCoefficient: current.coefficientHundredths / 100,
      newCoefficient: details.coefficientHundredths / 100,
    },
  });
  return { kind: 'changed' };
}
