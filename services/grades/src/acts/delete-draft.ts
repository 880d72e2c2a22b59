import { findAssessment, setDeleted } from '../store/assessment-store.ts';
import { loadMarks } from '../store/mark-store.ts';
import { appendEvent, assessmentTarget, type Act } from './act.ts';

/** How long a deleted draft can be brought back. */
export const RESTORE_WITHIN_HOURS = 24;

export type DeleteOutcome = 'done' | 'published' | 'gone';

/** Sets a draft aside: nobody sees it, and for a day it can be brought back. A published assessment stays. */
export async function deleteDraft(act: Act, id: string): Promise<DeleteOutcome> {
  const assessment = await findAssessment(act.tx, id, { lock: true });
  if (!assessment || assessment.deletedAt) return 'gone';
  if (assessment.state === 'published') return 'published';
  await setDeleted(act.tx, id, act.at);
  await appendFate(act, 'grades.assessment.deleted', assessment);
  return 'done';
}

/** Brings a deleted draft back as it was, within a day. */
export async function restoreDraft(act: Act, id: string): Promise<'done' | 'gone'> {
  const assessment = await findAssessment(act.tx, id, { lock: true });
  if (!assessment) return 'gone';
  if (!assessment.deletedAt) return 'done';
  if (act.at.getTime() - assessment.deletedAt.getTime() > RESTORE_WITHIN_HOURS * 3_600_000) return 'gone';
  await setDeleted(act.tx, id, undefined);
  await appendFate(act, 'grades.assessment.restored', assessment);
  return 'done';
}

async function appendFate(
  act: Act,
  action: 'grades.assessment.deleted' | 'grades.assessment.restored',
  assessment: {
    readonly id: string;
    readonly school: string;
    readonly division: string;
    readonly subject: string;
  },
): Promise<void> {
  const marks = await loadMarks(act.tx, assessment.id);
  await appendEvent(act, {
    action,
    target: assessmentTarget(assessment.id),
    school: assessment.school,
    detail: {
      division: assessment.division,
      subject: assessment.subject,
      marks: [...marks.values()].filter((stored) => stored.mark).length,
    },
  });
}
