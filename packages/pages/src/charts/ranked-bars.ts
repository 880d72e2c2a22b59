import { html, type Fragment } from '../html.ts';
import { formatNumber } from '../languages/format.ts';
import type { Language } from '../languages/language.ts';

/** How much of each of several named things. */
export interface RankedBarsOptions {
  readonly language: Language;
  /** The finding, as a sentence ("Surtout : Connexions"). */
  readonly title: string;
  /** Shown in this order; counts of 0 or more. */
  readonly items: readonly { readonly name: string; readonly count: number }[];
  /** Level of the title. Default 3. */
  readonly level?: 2 | 3;
}

/**
 * A level bar for each thing under its name and count. Names of any length stay whole on a phone, and what is drawn
 * is written beside it, so that no table behind is needed.
 */
export function rankedBars(options: RankedBarsOptions): Fragment {
  const title =
    (options.level ?? 3) === 2 ? html`<h2>${options.title}</h2>` : html`<h3>${options.title}</h3>`;
  const largest = Math.max(1, ...options.items.map(({ count }) => count));
  const rows = options.items.map(({ name, count }) => {
    const width = ((count / largest) * 100).toFixed(1);
    return html`<li><span class="ranked-name">${name}</span> <span class="ranked-count">${formatNumber(options.language, count)}</span><svg class="ranked-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="chart-fill-quiet" width="100" height="8" opacity="0.25" /><rect class="chart-fill-series1" width="${width}" height="8" /></svg></li>`;
  });
  return html`<figure class="chart"><figcaption>${title}</figcaption><ul class="ranked" role="list">${rows}</ul></figure>`;
}
