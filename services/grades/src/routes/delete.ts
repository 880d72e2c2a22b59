import { deleteDraft, restoreDraft } from '../acts/delete-draft.ts';
import { Refusal } from '../errors.ts';
import { inSchoolsOf } from '../reading/grades.ts';
import { countMarks } from '../store/mark-store.ts';
import { renderDelete } from '../views/delete.ts';
import { page, redirect, runAct, type Answer, type Exchange } from './exchange.ts';
import { requireAssessment } from './find-assessment.ts';

/** `/assessments/:id/delete`: what will go, before it goes. */
export async function showDelete(exchange: Exchange): Promise<Answer> {
  const { grades, reader } = exchange;
  const assessment = await requireAssessment(exchange, 'grades.assessment.delete');
  if (assessment.state === 'published') return redirect(`/assessments/${assessment.id}?done=kept`);
  const counts = await inSchoolsOf(grades, reader, (tx) => countMarks(tx, [assessment.id]));
  return page(renderDelete(exchange, { assessment, marks: counts.get(assessment.id) ?? 0 }));
}

/** Sets the draft aside and goes home, where it can be brought back. */
export async function remove(exchange: Exchange): Promise<Answer> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.delete');
  const outcome = await runAct(exchange, (act) => deleteDraft(act, assessment.id));
  if (outcome === 'gone') throw new Refusal('not_found');
  if (outcome === 'published') return redirect(`/assessments/${assessment.id}?done=kept`);
  return redirect(`/?deleted=${assessment.id}`);
}

/** Brings a deleted draft back. */
export async function restore(exchange: Exchange): Promise<Answer> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.delete', { evenDeleted: true });
  const outcome = await runAct(exchange, (act) => restoreDraft(act, assessment.id));
  if (outcome === 'gone') throw new Refusal('not_found');
  return redirect(`/assessments/${assessment.id}?done=restored`);
}
