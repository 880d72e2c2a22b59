import { badge, buttonLink, dataTable, figure, figures, html, nothing, section, stack } from '@socle/pages';
import type { Fragment } from '@socle/pages';
import { formatHundredths } from '../domain/decimal.ts';
import { computeDistribution, computeFigures } from '../domain/statistics.ts';
import { listMarks, type Sheet, type SheetLine } from '../reading/sheet.ts';
import { distributionChart } from './charts.ts';
import { noticeOf, type Notice } from './notices.ts';
import { placeOf } from './place.ts';
import type { View, Wording } from './view.ts';
import { describeAssessment, sayDay, sayValue } from './words.ts';
import { dayOf } from '../reading/grades.ts';

/** A published assessment: figures first, then how marks are spread, then each mark with the way to correct it. */
export function renderPublishedSheet(
  wording: Wording,
  content: {
    readonly sheet: Sheet;
    readonly writable: ReadonlySet<string>;
    readonly notice: Notice | undefined;
  },
): View {
  const { strings, language } = wording;
  const { sheet, writable } = content;
  const { assessment, lines } = sheet;
  const marks = listMarks(sheet);
  const shown = computeFigures(marks);
  const say = (hundredths: number) => `${formatHundredths(hundredths, language)} / ${assessment.scale}`;
  const mayEdit = writable.size > 0;
  const seenBy = html`<p>${badge(strings.states.published, 'good', 'eye')} ${strings.sheet.publishedSeenBy}</p>`;
  return {
    title: assessment.title,
    lead: `${describeAssessment(wording, assessment)} · ${strings.sheet.publishedOn(
      assessment.publishedAt ? sayDay(wording, dayOf(assessment.publishedAt)) : '',
    )}`,
    back: placeOf(wording, assessment),
    ...(mayEdit
      ? {
          actions: buttonLink({
            label: strings.sheet.edit,
            href: `/assessments/${assessment.id}/edit`,
            kind: 'quiet',
            icon: 'edit',
          }),
        }
      : {}),
    flash: noticeOf(wording, content.notice),
    body: stack(
      seenBy,
      shown
        ? html`<div class="tight">${figures([
            figure({ label: strings.sheet.mean, value: say(shown.mean) }),
            figure({ label: strings.sheet.lowest, value: say(shown.lowest) }),
            figure({ label: strings.sheet.highest, value: say(shown.highest) }),
          ])}</div>`
        : nothing,
      shown ? distributionChart(wording, computeDistribution(marks, assessment.scale)) : nothing,
      section({
        title: strings.sheet.progress(marks.filter(Boolean).length, lines.length),
        body: html`<div class="sheet">${markList(wording, sheet, writable)}</div>`,
      }),
    ),
  };
}

function markList(wording: Wording, { assessment, lines }: Sheet, writable: ReadonlySet<string>): Fragment {
  const { strings, language } = wording;
  const correctedAfter = assessment.publishedAt ?? new Date(0);
  const isCorrected = ({ stored }: SheetLine) => stored !== undefined && stored.writtenAt > correctedAfter;
  const correct = (line: SheetLine) =>
    writable.has(line.pupil)
      ? buttonLink({
          label: strings.sheet.correct,
          href: `/assessments/${assessment.id}/pupils/${encodeURIComponent(line.pupil)}`,
          kind: 'quiet',
          about: line.name ?? '',
        })
      : nothing;
  return dataTable<SheetLine>({
    narrow: 'keep',
    language,
    caption: `${assessment.title}, ${assessment.divisionName}`,
    captionHidden: true,
    rows: lines,
    columns: [
      { title: strings.sheet.pupil, names: true, cell: (line) => line.name ?? strings.sheet.left },
      {
        title: strings.sheet.mark(assessment.scale),
        numeric: true,
        cell: (line) =>
          html`${sayValue(wording, line.stored?.mark)}${isCorrected(line) ? html` ${badge(strings.sheet.corrected, 'neutral', 'history')}` : nothing}`,
      },
      ...(writable.size > 0 ? [{ title: strings.sheet.correct, cell: correct }] : []),
    ],
  });
}
