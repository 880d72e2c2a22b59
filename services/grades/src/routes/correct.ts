import { correctMark } from '../acts/correct-mark.ts';
import { askMark } from '../access/questions.ts';
import type { Assessment } from '../domain/assessment.ts';
import { isCorrectionReason } from '../domain/mark.ts';
import { formatMark, parseMark } from '../domain/parse-mark.ts';
import { Refusal } from '../errors.ts';
import { inSchoolsOf } from '../reading/grades.ts';
import { loadHistory, loadMarks } from '../store/mark-store.ts';
import { renderCorrect, type RefusedCorrection } from '../views/correct.ts';
import { page, readForm, readNumber, readSubject, redirect, requireAllowed, runAct } from './exchange.ts';
import type { Answer, Exchange } from './exchange.ts';
import { requireAssessment, requireMembers } from './find-assessment.ts';

/** `/assessments/:id/pupils/:pupil`: one mark with its history, and the form that corrects it. */
export async function showCorrect(exchange: Exchange): Promise<Answer> {
  const { assessment, pupil } = await requirePupil(exchange);
  if (assessment.state === 'draft') return redirect(`/assessments/${assessment.id}`);
  return correctPage(exchange, assessment, pupil);
}

/** Corrects the mark over the version that the page showed. */
export async function correct(exchange: Exchange): Promise<Answer> {
  const { assessment, pupil } = await requirePupil(exchange);
  const form = readForm(exchange.request);
  const baseVersion = readNumber(form, 'version');
  const text = form.get('mark') ?? '';
  const reason = form.get('reason') ?? '';
  const parsed = parseMark(text, assessment.scale);
  if (!parsed.ok || !isCorrectionReason(reason)) {
    return correctPage(exchange, assessment, pupil, {
      text,
      reason,
      problem: parsed.ok ? undefined : parsed.problem,
      reasonMissing: !isCorrectionReason(reason),
      conflict: false,
    });
  }
  const outcome = await runAct(exchange, (act) =>
    correctMark(act, { assessment: assessment.id, pupil: pupil.sub, baseVersion, mark: parsed.mark, reason }),
  );
  switch (outcome.kind) {
    case 'corrected':
      return redirect(`/assessments/${assessment.id}?done=corrected&pupil=${encodeURIComponent(pupil.sub)}`);
    case 'unchanged':
      return redirect(`/assessments/${assessment.id}?done=unchanged`);
    case 'draft':
      return redirect(`/assessments/${assessment.id}`);
    case 'gone':
      throw new Refusal('not_found');
    case 'conflict': {
      const refused = { text, reason, problem: undefined, reasonMissing: false, conflict: true };
      return correctPage(exchange, assessment, pupil, refused);
    }
  }
}

interface NamedPupil {
  readonly sub: string;
  readonly displayName: string;
}

async function requirePupil(exchange: Exchange): Promise<{ assessment: Assessment; pupil: NamedPupil }> {
  const assessment = await requireAssessment(exchange, 'grades.assessment.read');
  const sub = readSubject(exchange.request, 'pupil');
  const question = askMark('grades.mark.write', assessment, { id: assessment.id, pupil: sub });
  await requireAllowed(exchange, question, 'marks_denied');
  const members = await requireMembers(exchange, assessment.division);
  const pupil = members.pupils.find((candidate) => candidate.sub === sub);
  if (!pupil) throw new Refusal('marks_denied');
  return { assessment, pupil };
}

async function correctPage(
  exchange: Exchange,
  assessment: Assessment,
  pupil: NamedPupil,
  refused?: RefusedCorrection,
): Promise<Answer> {
  const { grades, reader, language } = exchange;
  const { stored, history } = await inSchoolsOf(grades, reader, async (tx) => ({
    stored: (await loadMarks(tx, assessment.id)).get(pupil.sub),
    history: await loadHistory(tx, assessment.id, pupil.sub),
  }));
  const text = refused?.text ?? formatMark(stored?.mark, language);
  const view = renderCorrect(exchange, {
    assessment,
    pupil,
    stored,
    history,
    text,
    refused,
    reader: reader.session.sub,
  });
  const status = refused ? (refused.conflict ? 409 : 422) : 200;
  return page(view, status);
}
