import {
  badge,
  dataTable,
  emptyState,
  figure,
  figures,
  html,
  join,
  nothing,
  section,
  trustNote,
} from '@socle/pages';
import type { Fragment } from '@socle/pages';
import { formatHundredths } from '../domain/decimal.ts';
import type { PublishedMark, PupilMarks, SubjectMarks } from '../reading/pupil-marks.ts';
import { subjectChart } from './charts.ts';
import type { View, Wording } from './view.ts';
import { sayAverage, sayDay, sayMark } from './words.ts';

/** From this many subjects on, their averages stand together before the subjects themselves. */
const SUBJECTS_FOR_SUMMARY = 3;

/** A pupil's marks: the general average, then each subject with its average, its marks, and their way over time. */
export function renderPupilMarks(
  wording: Wording,
  content: {
    readonly marks: PupilMarks;
    readonly heading: string;
    readonly back?: { readonly href: string; readonly label: string };
    /** Said to staff: their reading is in the log. */
    readonly logged?: boolean;
  },
): View {
  const { strings } = wording;
  const { marks } = content;
  const whoSees = trustNote({
    summary: strings.pupil.whoSees,
    body: html`<p>${strings.pupil.whoSeesText}</p>`,
  });
  const sections =
    marks.total === 0
      ? emptyState({ icon: 'notebook', title: strings.pupil.emptyTitle, text: strings.pupil.emptyText })
      : join([
          headline(wording, marks),
          marks.subjects.length < SUBJECTS_FOR_SUMMARY ? nothing : summary(wording, marks),
          ...marks.subjects.map((subject) => subjectSection(wording, subject)),
        ]);
  return {
    title: content.heading,
    ...(content.back ? { back: content.back } : {}),
    ...(content.logged ? { lead: strings.division.logged } : {}),
    body: [sections, whoSees],
  };
}

/** The newest of a pupil's marks. */
export function findLatest(marks: PupilMarks): PublishedMark | undefined {
  return marks.subjects
    .flatMap((subject) => subject.marks)
    .toSorted((one, other) => one.assessment.heldOn.localeCompare(other.assessment.heldOn))
    .at(-1);
}

function headline(wording: Wording, marks: PupilMarks): Fragment {
  const { strings } = wording;
  const counted = marks.subjects.filter((subject) => subject.average !== undefined).length;
  const latest = findLatest(marks);
  const numbers = [];
  if (marks.average !== undefined) {
    numbers.push(
      figure({
        label: strings.pupil.general,
        value: `${sayAverage(wording, marks.average)} / 20`,
        note: strings.pupil.generalFrom(counted),
      }),
    );
  }
  if (latest) {
    const { subjectName, heldOn, scale } = latest.assessment;
    numbers.push(
      figure({
        label: strings.pupil.latest,
        value: sayMark(wording, latest.mark, scale),
        note: `${subjectName}, ${sayDay(wording, heldOn)}`,
      }),
    );
  }
  return figures(numbers);
}

function summary(wording: Wording, marks: PupilMarks): Fragment {
  const { strings, language } = wording;
  const table = dataTable<SubjectMarks>({
    narrow: 'keep',
    language,
    caption: strings.pupil.bySubject,
    captionHidden: true,
    rows: marks.subjects,
    columns: [
      {
        title: strings.pupilColumns.subject,
        names: true,
        cell: (subject) => html`<a href="#${anchorOf(subject)}">${subject.name}</a>`,
      },
      { title: strings.pupilColumns.count, numeric: true, cell: (subject) => String(subject.marks.length) },
      {
        title: strings.pupil.subjectAverage,
        numeric: true,
        cell: (subject) => html`<strong>${sayAverage(wording, subject.average)}</strong>`,
      },
    ],
  });
  return section({ title: strings.pupil.bySubject, body: table });
}

function subjectSection(wording: Wording, subject: SubjectMarks): Fragment {
  const { strings, language } = wording;
  const average = `${strings.pupil.subjectAverage} ${sayAverage(wording, subject.average)} / 20`;
  const table = dataTable<PublishedMark>({
    narrow: 'keep',
    language,
    caption: subject.name,
    captionHidden: true,
    rows: subject.marks.toReversed(),
    columns: [
      { title: strings.pupilColumns.work, names: true, cell: (row) => workCell(wording, row) },
      {
        title: strings.pupilColumns.mark,
        numeric: true,
        cell: ({ mark, assessment }) =>
          html`<strong class="mark-value">${sayMark(wording, mark, assessment.scale)}</strong>`,
      },
    ],
  });
  const body = section({
    title: subject.name,
    ...(subject.average === undefined ? {} : { actions: badge(average, 'accent') }),
    body: [table, subjectChart(wording, subject)],
  });
  return html`<div id="${anchorOf(subject)}">${body}</div>`;
}

function workCell(wording: Wording, { assessment, corrected, figures: shown }: PublishedMark): Fragment {
  const { strings, language } = wording;
  const say = (hundredths: number) => formatHundredths(hundredths, language);
  const weight = assessment.coefficientHundredths;
  const about = [strings.kinds[assessment.kind], sayDay(wording, assessment.heldOn)];
  if (weight === 0) about.push(strings.pupil.notCounted);
  else if (weight !== 100) about.push(strings.mark.coefficient(say(weight)));
  const badgeOfCorrection = corrected
    ? html` ${badge(strings.sheet.corrected, 'neutral', 'history')}`
    : nothing;
  const classLine = shown
    ? html`<span class="about">${strings.pupil.classFigures(say(shown.mean), say(shown.lowest), say(shown.highest))}</span>`
    : nothing;
  return html`${assessment.title}${badgeOfCorrection}<span class="about">${about.join(' · ')}</span>${classLine}`;
}

function anchorOf(subject: SubjectMarks): string {
  return `subject-${subject.subject.replace(/[^\w-]/g, '-')}`;
}
