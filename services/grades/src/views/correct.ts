import {
  button,
  buttonLink,
  buttonRow,
  errorSummary,
  form,
  html,
  section,
  selectField,
  stack,
  textField,
  timeline,
} from '@socle/pages';
import type { FieldError, Flash, Fragment, TimelineEntry } from '@socle/pages';
import type { Assessment } from '../domain/assessment.ts';
import { correctionReasons } from '../domain/mark.ts';
import type { MarkProblem } from '../domain/parse-mark.ts';
import { SCHOOL_TIME_ZONE } from '../reading/grades.ts';
import type { MarkVersion, StoredMark } from '../store/mark-store.ts';
import { sayProblem } from './entry-sheet.ts';
import type { View, Wording } from './view.ts';
import { describeAssessment, sayInstant, sayMark } from './words.ts';

/** What was typed in a correction and could not be taken. */
export interface RefusedCorrection {
  readonly text: string;
  readonly reason: string;
  readonly problem: MarkProblem | undefined;
  readonly reasonMissing: boolean;
  /** Someone else corrected the mark meanwhile. */
  readonly conflict: boolean;
}

/** One published mark: the form that corrects it, then all it has been. */
export function renderCorrect(
  wording: Wording,
  content: {
    readonly assessment: Assessment;
    readonly pupil: { readonly sub: string; readonly displayName: string };
    readonly stored: StoredMark | undefined;
    readonly history: readonly MarkVersion[];
    readonly text: string;
    readonly refused: RefusedCorrection | undefined;
    readonly reader: string;
  },
): View {
  const { strings, language, csrf } = wording;
  const { assessment, pupil, stored, refused } = content;
  const base = `/assessments/${assessment.id}`;
  const markError = refused?.problem ? sayProblem(strings, refused.problem, assessment) : undefined;
  const reasonError = refused?.reasonMissing ? strings.problems.reason_missing : undefined;
  const errors: FieldError[] = [
    ...(markError
      ? [{ name: 'mark', message: `${strings.correct.newMark(assessment.scale)} : ${markError}` }]
      : []),
    ...(reasonError ? [{ name: 'reason', message: reasonError }] : []),
  ];
  const body = [
    textField({
      language,
      name: 'mark',
      label: strings.correct.newMark(assessment.scale),
      hint: strings.correct.newMarkHint,
      value: content.text,
      width: 'short',
      autocomplete: 'off',
      spellcheck: false,
      maxLength: 20,
      optional: true,
      ...(markError ? { error: markError } : {}),
    }),
    selectField({
      language,
      name: 'reason',
      label: strings.correct.reason,
      prompt: strings.correct.chooseReason,
      width: 'medium',
      value: refused?.reason ?? '',
      choices: correctionReasons.map((reason) => ({ value: reason, label: strings.reasons[reason] })),
      ...(reasonError ? { error: reasonError } : {}),
    }),
    buttonRow(
      button({ label: strings.correct.submit, kind: 'primary' }),
      buttonLink({ label: strings.correct.cancel, href: base, kind: 'quiet' }),
    ),
  ];
  return {
    title: strings.correct.title(pupil.displayName),
    lead: `${assessment.title} · ${describeAssessment(wording, assessment)}`,
    back: { href: base, label: strings.back.sheet },
    flash: refused?.conflict ? [conflictFlash(wording, assessment, stored)] : [],
    body: stack(
      errorSummary(errors, language),
      html`<p>${strings.correct.lead}</p>`,
      form({
        action: `${base}/pupils/${encodeURIComponent(pupil.sub)}`,
        fields: { _csrf: csrf, version: String(stored?.version ?? 0) },
        body,
      }),
      historySection(wording, content),
    ),
  };
}

function conflictFlash(wording: Wording, assessment: Assessment, stored: StoredMark | undefined): Flash {
  const mark = sayMark(wording, stored?.mark, assessment.scale);
  const when = stored ? sayInstant(wording, stored.writtenAt) : '';
  return { kind: 'warning', text: wording.strings.correct.conflict(mark, when) };
}

function historySection(
  wording: Wording,
  {
    assessment,
    history,
    reader,
  }: { assessment: Assessment; history: readonly MarkVersion[]; reader: string },
): Fragment {
  const { strings, language } = wording;
  const say = (mark: MarkVersion['after']) => sayMark(wording, mark, assessment.scale);
  const entries = history.toReversed().map((step): TimelineEntry => {
    const by = step.writtenBy === reader ? strings.correct.byYou : strings.correct.byOther;
    return {
      at: step.writtenAt,
      icon: step.version === 1 ? 'pencil' : 'history',
      title:
        step.version === 1
          ? strings.correct.first(say(step.after))
          : strings.correct.step(say(step.before), say(step.after)),
      text: step.reason ? `${strings.reasons[step.reason]}, ${by}` : by,
    };
  });
  return section({
    title: strings.correct.history,
    body: timeline({
      language,
      label: strings.correct.history,
      entries,
      timeZone: SCHOOL_TIME_ZONE,
      empty: html`<p class="muted">${strings.correct.historyEmpty}</p>`,
    }),
  });
}
