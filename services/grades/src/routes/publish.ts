import { publishAssessment } from '../acts/publish-assessment.ts';
import { Refusal } from '../errors.ts';
import { inSchoolsOf } from '../reading/grades.ts';
import { loadSheet } from '../reading/sheet.ts';
import { renderPublish } from '../views/publish.ts';
import { page, readForm, readNumber, redirect, runAct, type Answer, type Exchange } from './exchange.ts';
import { requireAssessment, requireMembers } from './find-assessment.ts';

/** `/assessments/:id/publish`: who will see what, and the pupils without a mark, before anything is shown. */
export async function showPublish(exchange: Exchange): Promise<Answer> {
  return confirmPage(exchange, false);
}

/** Publishes what the confirmation showed; when the sheet has changed since, shows it again. */
export async function publish(exchange: Exchange): Promise<Answer> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.publish');
  const revision = readNumber(readForm(exchange.request), 'revision');
  const outcome = await runAct(exchange, (act) => publishAssessment(act, { id: assessment.id, revision }));
  switch (outcome.kind) {
    case 'published':
      return redirect(`/assessments/${assessment.id}?done=published&count=${outcome.marks}`);
    case 'already':
      return redirect(`/assessments/${assessment.id}?done=already`);
    case 'gone':
      throw new Refusal('not_found');
    case 'changed':
    case 'empty':
      return confirmPage(exchange, outcome.kind === 'changed');
  }
}

async function confirmPage(exchange: Exchange, changed: boolean): Promise<Answer> {
  const { grades, reader } = exchange;
  const assessment = await requireAssessment(exchange, 'grades.assessment.publish');
  if (assessment.state === 'published') return redirect(`/assessments/${assessment.id}?done=already`);
  const members = await requireMembers(exchange, assessment.division);
  const sheet = await inSchoolsOf(grades, reader, (tx) => loadSheet(tx, assessment, members));
  const view = renderPublish(exchange, { sheet, changed });
  return page(view, changed ? 409 : 200);
}
