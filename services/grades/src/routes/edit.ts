import { changeAssessment } from '../acts/change-assessment.ts';
import type { Assessment } from '../domain/assessment.ts';
import { parseAssessment, type TypedAssessment } from '../domain/assessment-form.ts';
import { formatHundredths } from '../domain/decimal.ts';
import { Refusal } from '../errors.ts';
import { dayOf } from '../reading/grades.ts';
import { renderEdit, type FormProblem } from '../views/assessment-form.ts';
import { page, readForm, readNumber, redirect, runAct, type Answer, type Exchange } from './exchange.ts';
import { requireAssessment } from './find-assessment.ts';

/** `/assessments/:id/edit`: its details. Who may publish it may change it. */
export async function showEdit(exchange: Exchange): Promise<Answer> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.publish');
  return formPage(exchange, assessment, typedOf(exchange, assessment), []);
}

/** Changes the details over the revision that the form showed. */
export async function edit(exchange: Exchange): Promise<Answer> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.publish');
  const form = readForm(exchange.request);
  const revision = readNumber(form, 'revision');
  // A published scale is shown and not sent.
  const typed = readTyped(form, String(assessment.scale));
  const parsed = parseAssessment(typed, dayOf(exchange.grades.now()));
  if (!parsed.ok) return formPage(exchange, assessment, typed, parsed.problems, revision);
  const outcome = await runAct(exchange, (act) =>
    changeAssessment(act, { id: assessment.id, revision, details: parsed.details }),
  );
  switch (outcome.kind) {
    case 'changed':
      return redirect(`/assessments/${assessment.id}?done=changed`);
    case 'gone':
      throw new Refusal('not_found');
    case 'conflict': {
      const { current } = outcome;
      return formPage(exchange, current, typedOf(exchange, current), [], current.revision, true);
    }
    case 'scale_published':
    case 'scale_too_small':
      return formPage(exchange, assessment, typed, [{ field: 'scale', problem: outcome.kind }], revision);
  }
}

/** The fields of an assessment's form, as they were typed. */
export function readTyped(form: ReadonlyMap<string, string>, scale = ''): TypedAssessment {
  return {
    title: form.get('title') ?? '',
    heldOn: form.get('heldOn') ?? '',
    scale: form.get('scale') ?? scale,
    coefficient: form.get('coefficient') ?? '',
    kind: form.get('kind') ?? '',
  };
}

function typedOf({ language }: Exchange, assessment: Assessment): TypedAssessment {
  return {
    title: assessment.title,
    heldOn: assessment.heldOn,
    scale: String(assessment.scale),
    coefficient: formatHundredths(assessment.coefficientHundredths, language),
    kind: assessment.kind,
  };
}

function formPage(
  exchange: Exchange,
  assessment: Assessment,
  typed: TypedAssessment,
  problems: readonly FormProblem[],
  revision: number = assessment.revision,
  conflict = false,
): Answer {
  const view = renderEdit(exchange, { assessment, typed, problems, revision, conflict });
  const status = conflict ? 409 : problems.length > 0 ? 422 : 200;
  return page(view, status);
}
