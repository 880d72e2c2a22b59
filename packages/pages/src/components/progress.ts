import { html, nothing, type Fragment } from '../html.ts';
import { formatNumber } from '../languages/format.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';

/** How far something long has come, with its count. `total` undefined means that nobody knows yet. */
export function progress(options: {
  readonly language: Language;
  readonly id: string;
  readonly label: string;
  readonly done: number;
  readonly total?: number;
  readonly note?: string;
}): Fragment {
  const write = (value: number): string => formatNumber(options.language, value, 0);
  const known = options.total !== undefined;
  const count = known
    ? kitStrings[options.language].progressOf(write(options.done), write(options.total ?? 0))
    : write(options.done);
  const bar = known
    ? html`<progress id="${options.id}" value="${options.done}" max="${Math.max(options.total ?? 1, 1)}">${count}</progress>`
    : html`<progress id="${options.id}">${count}</progress>`;
  return html`<div class="progress"><div class="progress-words"><label for="${options.id}">${options.label}</label><span class="progress-count">${count}</span></div>${bar}${options.note === undefined ? nothing : html`<p class="field-hint">${options.note}</p>`}</div>`;
}
