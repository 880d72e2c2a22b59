import type { Division } from '@socle/client';
import { dataTable, emptyState, figure, figures, html, section } from '@socle/pages';
import type { ClassOverview } from '../reading/division-book.ts';
import type { View, Wording } from './view.ts';
import { sayAverage } from './words.ts';

type Line = ClassOverview['lines'][number];

/** A whole class for its head teacher: each pupil's average in each subject. */
export function renderClassOverview(
  wording: Wording,
  { division, overview }: { readonly division: Division; readonly overview: ClassOverview },
): View {
  const { strings, language } = wording;
  const words = strings.division;
  const frame = {
    title: words.wholeTitle(division.name),
    lead: words.logged,
    back: { href: '/', label: strings.back.home },
  };
  if (overview.subjects.length === 0) {
    const empty = emptyState({ icon: 'chart-bar', title: words.wholeEmptyTitle, text: words.wholeEmptyText });
    return { ...frame, body: empty };
  }
  const table = dataTable<Line>({
    narrow: 'keep',
    language,
    caption: words.wholeTitle(division.name),
    captionHidden: true,
    rows: overview.lines,
    columns: [
      {
        title: strings.sheet.pupil,
        names: true,
        cell: (line) =>
          html`<a href="/classes/${division.id}/pupils/${encodeURIComponent(line.pupil)}">${line.name}</a>`,
      },
      {
        title: words.general,
        numeric: true,
        cell: (line) => html`<strong>${sayAverage(wording, line.general)}</strong>`,
      },
      ...overview.subjects.map((subject, index) => ({
        title: subject.name,
        numeric: true,
        cell: (line: Line) => sayAverage(wording, line.averages[index]),
      })),
    ],
    foot: [
      words.classAverage,
      sayAverage(wording, overview.general),
      ...overview.subjects.map((subject) => sayAverage(wording, subject.average)),
    ],
  });
  return {
    ...frame,
    body: [
      figures([
        figure({ label: words.classAverage, value: `${sayAverage(wording, overview.general)} / 20` }),
      ]),
      section({ title: words.average, lead: words.wholeLead, body: html`<div class="book">${table}</div>` }),
    ],
  };
}
