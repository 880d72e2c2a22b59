import {
  badge,
  button,
  buttonLink,
  buttonRow,
  dataTable,
  emptyState,
  errorSummary,
  fieldId,
  form,
  html,
  nothing,
  stack,
} from '@socle/pages';
import type { Content, Fragment } from '@socle/pages';
import type { Assessment } from '../domain/assessment.ts';
import { formatMark, type MarkProblem } from '../domain/parse-mark.ts';
import type { Sheet, SheetLine } from '../reading/sheet.ts';
import { cellField, versionField, type PostedSheet } from '../routes/marks-form.ts';
import type { Strings } from '../strings/fr.ts';
import { noticeOf, type Notice } from './notices.ts';
import { placeOf } from './place.ts';
import type { View, Wording } from './view.ts';
import { describeAssessment, sayValue } from './words.ts';

/** The table where a draft's marks are entered, one cell a pupil, in the order of the class. */
export function renderEntrySheet(
  wording: Wording,
  content: {
    readonly sheet: Sheet;
    /** Pupils whose mark this reader may write. */
    readonly writable: ReadonlySet<string>;
    /** What was typed and could not be saved. */
    readonly posted: PostedSheet | undefined;
    readonly notice: Notice | undefined;
  },
): View {
  const { strings, language, csrf } = wording;
  const { sheet, posted } = content;
  const { assessment, lines } = sheet;
  const base = `/assessments/${assessment.id}`;
  const entered = lines.filter((line) => line.stored?.mark).length;
  const errors = lines.flatMap((line) => {
    const problem = posted?.problems.get(line.pupil);
    if (!problem) return [];
    const message = `${line.name ?? ''} : ${sayProblem(strings, problem, assessment)}`;
    return [{ name: cellField(line.pupil), message }];
  });
  const kept = errors.length > 0 ? html`<p class="muted">${strings.problems.kept}</p>` : nothing;
  return {
    title: assessment.title,
    lead: `${describeAssessment(wording, assessment)} · ${strings.mark.outOf(assessment.scale)}`,
    back: placeOf(wording, assessment),
    actions: html`${buttonLink({ label: strings.sheet.edit, href: `${base}/edit`, kind: 'quiet', icon: 'edit' })}${buttonLink({ label: strings.sheet.delete, href: `${base}/delete`, kind: 'quiet', icon: 'trash' })}`,
    flash: noticeOf(wording, content.notice),
    body:
      lines.length === 0
        ? emptyState({ icon: 'users', title: strings.sheet.emptyTitle, text: strings.sheet.emptyText })
        : stack(
            errorSummary(errors, language),
            kept,
            html`<p>${badge(strings.states.draft, 'warning', 'pencil')} ${strings.sheet.draftSeenBy}</p>`,
            howTo(wording, assessment.scale),
            form({
              action: `${base}/marks`,
              fields: { _csrf: csrf },
              body: [
                html`<div class="sheet">${markTable(wording, content)}</div>`,
                html`<p class="muted">${strings.sheet.progress(entered, lines.length)}</p>`,
                html`<div class="sheet-save">${saveButtons(wording)}</div>`,
              ],
            }),
          ),
  };
}

function saveButtons({ strings }: Wording): Fragment {
  return buttonRow(
    button({ label: strings.sheet.save, kind: 'primary' }),
    button({ label: strings.sheet.saveAndPublish, kind: 'secondary', name: 'then', value: 'publish' }),
  );
}

/** What is wrong with a cell, in words. */
export function sayProblem(
  strings: Strings,
  problem: MarkProblem,
  { scale }: Pick<Assessment, 'scale'>,
): string {
  return problem === 'above_scale' ? strings.markProblems.above_scale(scale) : strings.markProblems[problem];
}

function howTo({ strings, language }: Wording, scale: number): Fragment {
  const words = strings.sheet;
  const word = (status: 'absent' | 'exempt' | 'not_graded', meaning: string) =>
    html`<li><kbd>${formatMark({ kind: 'status', status }, language)}</kbd> ${meaning}</li>`;
  return html`<div class="how-to"><p><strong>${words.howTitle}</strong></p><ul><li>${words.howNumber(scale)}</li>${word('absent', words.howAbsent)}${word('exempt', words.howExempt)}${word('not_graded', words.howNotGraded)}</ul><p class="muted">${words.howEmpty} ${words.howKeys}</p></div>`;
}

function markTable(
  wording: Wording,
  content: {
    readonly sheet: Sheet;
    readonly writable: ReadonlySet<string>;
    readonly posted: PostedSheet | undefined;
  },
): Fragment {
  const { strings, language } = wording;
  const { assessment, lines } = content.sheet;
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
        cell: (line) =>
          content.writable.has(line.pupil)
            ? markCell(wording, assessment, line, content.posted)
            : sayValue(wording, line.stored?.mark),
      },
    ],
  });
}

function markCell(
  { strings, language }: Wording,
  assessment: Assessment,
  line: SheetLine,
  posted: PostedSheet | undefined,
): Content {
  const name = cellField(line.pupil);
  const id = fieldId(name);
  const raw = posted?.raw.get(line.pupil);
  const problem = posted?.problems.get(line.pupil);
  // A page drawn again keeps the version that its cells were typed over: what changed meanwhile stays a conflict.
  const version = raw?.baseVersion ?? line.stored?.version ?? 0;
  const text = raw?.text ?? formatMark(line.stored?.mark, language);
  const error = problem
    ? html`<p class="field-error" id="${id}-error">${sayProblem(strings, problem, assessment)}</p>`
    : nothing;
  return html`<input type="hidden" name="${versionField(line.pupil)}" value="${version}"><input class="control control-short" type="text" id="${id}" name="${name}" value="${text}" inputmode="text" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="20" aria-label="${strings.sheet.markOf(line.name ?? '', assessment.scale)}"${problem ? html` aria-invalid="true" aria-describedby="${id}-error"` : nothing}>${error}`;
}
