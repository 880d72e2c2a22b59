import {
  buttonLink,
  button,
  buttonRow,
  dateField,
  errorSummary,
  form,
  html,
  nothing,
  selectField,
  textField,
} from '@socle/pages';
import type { Content, Flash, Fragment } from '@socle/pages';
import { placeKey, type TeachingPlace } from '../access/person.ts';
import { assessmentKinds, scales, type Assessment } from '../domain/assessment.ts';
import type { AssessmentField, AssessmentProblem, TypedAssessment } from '../domain/assessment-form.ts';
import type { View, Wording } from './view.ts';

/** What is wrong with a field of the form. */
export interface FormProblem {
  readonly field: AssessmentField | 'place';
  readonly problem: AssessmentProblem | 'place_missing' | 'scale_published' | 'scale_too_small';
}

/** The form that makes an assessment. */
export function renderCreate(
  wording: Wording,
  content: {
    readonly id: string;
    readonly places: readonly TeachingPlace[];
    readonly place: string;
    readonly typed: TypedAssessment;
    readonly problems: readonly FormProblem[];
  },
): View {
  const { strings, language } = wording;
  const place = selectField({
    language,
    name: 'place',
    label: strings.create.place,
    prompt: strings.create.choosePlace,
    value: content.place,
    choices: content.places.map(({ division, subject }) => ({
      value: placeKey(division.id, subject.id),
      label: `${division.name} · ${subject.name}`,
    })),
    ...errorOf(wording, content.problems, 'place'),
  });
  return {
    title: strings.create.title,
    lead: content.places.length === 0 ? strings.create.none : strings.create.lead,
    back: { href: '/', label: strings.back.home },
    body:
      content.places.length === 0
        ? nothing
        : detailsForm(wording, {
            action: '/assessments',
            fields: { id: content.id },
            first: place,
            typed: content.typed,
            problems: content.problems,
            submit: strings.create.submit,
            cancel: '/',
            scaleFixed: undefined,
          }),
  };
}

/** The form that changes one; after publication its scale is shown and fixed. */
export function renderEdit(
  wording: Wording,
  content: {
    readonly assessment: Assessment;
    readonly typed: TypedAssessment;
    readonly problems: readonly FormProblem[];
    readonly revision: number;
    readonly conflict: boolean;
  },
): View {
  const { strings } = wording;
  const { assessment } = content;
  const sheet = `/assessments/${assessment.id}`;
  const conflict: Flash[] = content.conflict ? [{ kind: 'warning', text: strings.edit.conflict }] : [];
  return {
    title: strings.edit.title,
    lead: `${assessment.divisionName} · ${assessment.subjectName}`,
    back: { href: sheet, label: strings.back.sheet },
    flash: conflict,
    body: detailsForm(wording, {
      action: `${sheet}/edit`,
      fields: { revision: String(content.revision) },
      first: nothing,
      typed: content.typed,
      problems: content.problems,
      submit: strings.edit.submit,
      cancel: sheet,
      scaleFixed: assessment.state === 'published' ? assessment.scale : undefined,
    }),
  };
}

function detailsForm(
  wording: Wording,
  content: {
    readonly action: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly first: Fragment;
    readonly typed: TypedAssessment;
    readonly problems: readonly FormProblem[];
    readonly submit: string;
    readonly cancel: string;
    readonly scaleFixed: number | undefined;
  },
): Fragment {
  const { strings, language, csrf } = wording;
  const { typed, problems } = content;
  const field = (name: AssessmentField) => ({
    language,
    name,
    value: typed[name],
    ...errorOf(wording, problems, name),
  });
  const body: Content = [
    content.first,
    textField({
      ...field('title'),
      label: strings.create.titleField,
      hint: strings.create.titleHint,
      maxLength: 120,
      autocomplete: 'off',
    }),
    selectField({
      ...field('kind'),
      label: strings.create.kind,
      width: 'medium',
      choices: assessmentKinds.map((kind) => ({ value: kind, label: strings.kinds[kind] })),
    }),
    dateField({ ...field('heldOn'), label: strings.create.date, hint: strings.create.dateHint }),
    content.scaleFixed === undefined
      ? selectField({
          ...field('scale'),
          label: strings.create.scale,
          width: 'short',
          choices: scales.map((scale) => ({ value: String(scale), label: String(scale) })),
        })
      : html`<p class="muted">${strings.mark.outOf(content.scaleFixed)}. ${strings.edit.scaleFixed}</p>`,
    textField({
      ...field('coefficient'),
      label: strings.create.coefficient,
      hint: strings.create.coefficientHint,
      width: 'short',
      inputMode: 'decimal',
      autocomplete: 'off',
    }),
    buttonRow(
      button({ label: content.submit, kind: 'primary' }),
      buttonLink({ label: strings.form.cancel, href: content.cancel, kind: 'quiet' }),
    ),
  ];
  const errors = problems.map((item) => ({ name: item.field, message: strings.problems[item.problem] }));
  return html`${errorSummary(errors, language)}${form({ action: content.action, fields: { ...content.fields, _csrf: csrf }, body })}`;
}

function errorOf(
  { strings }: Wording,
  problems: readonly FormProblem[],
  field: FormProblem['field'],
): { readonly error?: string } {
  const found = problems.find((item) => item.field === field);
  return found ? { error: strings.problems[found.problem] } : {};
}
