import {
  badge,
  buttonLink,
  dataTable,
  emptyState,
  figure,
  figures,
  html,
  nothing,
  section,
} from '@socle/pages';
import type { Fragment } from '@socle/pages';
import type { TeachingPlace } from '../access/person.ts';
import { formatHundredths } from '../domain/decimal.ts';
import type { Book, BookColumn, BookLine } from '../reading/division-book.ts';
import type { View, Wording } from './view.ts';
import { sayAverage, sayDay, sayValue } from './words.ts';

/** One class in one subject: its assessments, then the book of all marks. */
export function renderBook(
  wording: Wording,
  { place, book }: { readonly place: TeachingPlace; readonly book: Book },
): View {
  const { strings } = wording;
  const create = buttonLink({
    label: strings.home.create,
    href: `/assessments/new?division=${place.division.id}&subject=${encodeURIComponent(place.subject.id)}`,
    kind: 'primary',
    icon: 'plus',
  });
  return {
    title: `${place.division.name} · ${place.subject.name}`,
    back: { href: '/', label: strings.back.home },
    actions: create,
    body:
      book.columns.length === 0
        ? emptyState({
            icon: 'clipboard-list',
            title: strings.division.emptyTitle,
            text: strings.division.emptyText,
          })
        : [
            book.average === undefined
              ? nothing
              : figures([
                  figure({
                    label: strings.division.classAverage,
                    value: `${sayAverage(wording, book.average)} / 20`,
                  }),
                ]),
            section({
              title: strings.division.assessments,
              body: html`<div class="wide">${assessmentTable(wording, book)}</div>`,
            }),
            section({
              title: strings.division.book,
              lead: strings.division.bookLead,
              body: bookTable(wording, place, book),
            }),
          ],
  };
}

function assessmentTable(wording: Wording, book: Book): Fragment {
  const { strings, language } = wording;
  const words = strings.bookColumns;
  return dataTable<BookColumn>({
    narrow: 'keep',
    language,
    caption: strings.division.assessments,
    captionHidden: true,
    rows: book.columns.toReversed(),
    columns: [
      {
        title: words.title,
        names: true,
        cell: ({ assessment }) => html`<a href="/assessments/${assessment.id}">${assessment.title}</a>`,
      },
      { title: words.day, cell: ({ assessment }) => sayDay(wording, assessment.heldOn) },
      {
        title: words.coefficient,
        numeric: true,
        cell: ({ assessment }) => formatHundredths(assessment.coefficientHundredths, language),
      },
      {
        title: words.marks,
        numeric: true,
        cell: ({ entered }) => `${entered} / ${book.lines.length}`,
      },
      {
        title: words.mean,
        numeric: true,
        cell: ({ figures, assessment }) =>
          figures ? `${formatHundredths(figures.mean, language)} / ${assessment.scale}` : '–',
      },
      {
        title: words.state,
        cell: ({ assessment }) =>
          assessment.state === 'draft'
            ? badge(strings.states.draft, 'warning', 'pencil')
            : badge(strings.states.published, 'good', 'eye'),
      },
    ],
  });
}

function bookTable(wording: Wording, place: TeachingPlace, book: Book): Fragment {
  const { strings, language } = wording;
  const table = dataTable<BookLine>({
    narrow: 'keep',
    language,
    caption: strings.division.book,
    captionHidden: true,
    rows: book.lines,
    columns: [
      {
        title: strings.sheet.pupil,
        names: true,
        cell: (line) =>
          html`<a href="/classes/${place.division.id}/pupils/${encodeURIComponent(line.pupil)}">${line.name}</a>`,
      },
      {
        title: strings.division.average,
        numeric: true,
        cell: (line) => html`<strong>${sayAverage(wording, line.average)}</strong>`,
      },
      ...book.columns.map(({ assessment }, index) => ({
        title: `${assessment.title} (${assessment.scale})`,
        numeric: true,
        cell: (line: BookLine) => sayValue(wording, line.marks[index]),
      })),
    ],
  });
  return html`<div class="book">${table}</div>`;
}
