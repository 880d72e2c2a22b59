import { badge, dataTable, emptyState, html, join, nothing, section } from '@socle/pages';
import type { Fragment } from '@socle/pages';
import { formatHundredths } from '../domain/decimal.ts';
import type { PublishedMark, PupilMarks, SubjectMarks } from '../reading/pupil-marks.ts';
import { subjectChart } from './charts.ts';
import { facts } from './facts.ts';
import type { View, Wording } from './view.ts';
import { sayAverage, sayDay, sayMark } from './words.ts';

/** A pupil's marks: the general average, then each subject with its average, its way over time, and its marks. */
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
  const whoSees = html`<details class="who-sees"><summary>${strings.pupil.whoSees}</summary><p>${strings.pupil.whoSeesText}</p></details>`;
  const sections =
    marks.total === 0
      ? emptyState({ icon: 'notebook', title: strings.pupil.emptyTitle, text: strings.pupil.emptyText })
      : join([
          averages(wording, marks),
          ...marks.subjects.map((subject) => subjectSection(wording, subject)),
        ]);
  return {
    title: content.heading,
    ...(content.back ? { back: content.back } : {}),
    ...(content.logged ? { lead: strings.division.logged } : {}),
    body: [sections, whoSees],
  };
}

function averages(wording: Wording, marks: PupilMarks): Fragment {
  const { strings } = wording;
  const counted = marks.subjects.filter((subject) => subject.average !== undefined);
  return facts([
    {
      label: strings.pupil.general,
      value: sayAverage(wording, marks.average),
      note: strings.pupil.generalFrom(counted.length),
      main: true,
    },
    ...counted.map((subject) => ({
      label: subject.name,
      value: sayAverage(wording, subject.average),
      href: `#${anchorOf(subject)}`,
    })),
  ]);
}

function subjectSection(wording: Wording, subject: SubjectMarks): Fragment {
  const { strings, language } = wording;
  const newestFirst = subject.marks.toReversed();
  const average = `${strings.pupil.subjectAverage} ${sayAverage(wording, subject.average)}`;
  const table = dataTable<PublishedMark>({
    language,
    caption: subject.name,
    captionHidden: true,
    rows: newestFirst,
    columns: [
      { title: strings.pupilColumns.work, names: true, cell: (row) => workCell(wording, row) },
      {
        title: strings.pupilColumns.mark,
        numeric: true,
        cell: ({ mark, assessment }) => html`<strong>${sayMark(wording, mark, assessment.scale)}</strong>`,
      },
      { title: strings.pupilColumns.class, cell: (row) => classCell(wording, row) },
    ],
  });
  return html`<div class="subject" id="${anchorOf(subject)}">${section({
    title: subject.name,
    ...(subject.average === undefined ? {} : { actions: badge(average, 'accent') }),
    body: [table, subjectChart(wording, subject)],
  })}</div>`;
}

function workCell(wording: Wording, { assessment, corrected }: PublishedMark): Fragment {
  const { strings, language } = wording;
  const weight = assessment.coefficientHundredths;
  const about = [
    strings.kinds[assessment.kind],
    sayDay(wording, assessment.heldOn),
    weight === 0
      ? strings.pupil.notCounted
      : weight === 100
        ? ''
        : strings.mark.coefficient(formatHundredths(weight, language)),
  ].filter((part) => part !== '');
  return html`${assessment.title}${corrected ? html` ${badge(strings.sheet.corrected, 'neutral', 'history')}` : nothing}<br><span class="muted about">${about.join(' · ')}</span>`;
}

function classCell({ strings, language }: Wording, { figures }: PublishedMark): Fragment {
  if (!figures) return html`<span class="muted">–</span>`;
  const say = (hundredths: number) => formatHundredths(hundredths, language);
  return html`<span class="muted about">${strings.pupil.classFigures(say(figures.mean), say(figures.lowest), say(figures.highest))}</span>`;
}

function anchorOf(subject: SubjectMarks): string {
  return `subject-${subject.subject.replace(/[^\w-]/g, '-')}`;
}
