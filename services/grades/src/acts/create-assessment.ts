import { insertAssessment, type NewAssessment } from '../store/assessment-store.ts';
import { appendEvent, assessmentTarget, type Act } from './act.ts';

/** Makes a draft and its event. The same id a second time (a form sent twice) changes nothing. */
export async function createAssessment(
  act: Act,
  draft: Omit<NewAssessment, 'owner' | 'createdAt'>,
): Promise<'created' | 'exists'> {
  const { inserted } = await insertAssessment(act.tx, {
    ...draft,
    owner: act.session.sub,
    createdAt: act.at,
  });
  if (!inserted) return 'exists';
  await appendEvent(act, {
    action: 'grades.assessment.created',
    target: assessmentTarget(draft.id),
    school: draft.school,
    detail: {
      division: draft.division,
      subject: draft.subject,
      kind: draft.kind,
      scale: draft.scale,
      coefficient: draft.coefficientHundredths / 100,
    },
  });
  return 'created';
}
