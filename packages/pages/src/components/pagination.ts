import { hrefAttribute } from '../address.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';

/** The way through a long list, page by page; nothing when there is one page. */
export function pagination(options: {
  readonly language: Language;
  readonly page: number;
  readonly pages: number;
  readonly hrefOf: (page: number) => string;
}): Fragment {
  if (options.pages < 2) return nothing;
  const words = kitStrings[options.language];
  const previous =
    options.page > 1
      ? html`<a class="button button-secondary" rel="prev"${hrefAttribute(options.hrefOf(options.page - 1))}>${icon('chevron-left')}<span>${words.previousPage}</span></a>`
      : html`<span></span>`;
  const next =
    options.page < options.pages
      ? html`<a class="button button-secondary" rel="next"${hrefAttribute(options.hrefOf(options.page + 1))}><span>${words.nextPage}</span>${icon('chevron-right')}</a>`
      : html`<span></span>`;
  return html`<nav class="pagination" aria-label="${words.pagination}">${previous}<span class="pagination-where" aria-current="page">${words.pageOf(options.page, options.pages)}</span>${next}</nav>`;
}

/** A few views of one thing, as links side by side ("1er trimestre", "2e trimestre"). */
export function tabs(options: {
  readonly label: string;
  readonly items: readonly { readonly label: string; readonly href: string; readonly current?: boolean }[];
  /** False where they stay side by side on a phone too, such as under other views. Default true. */
  readonly folds?: boolean;
}): Fragment {
  const items = options.items.map(
    (item) =>
      html`<li><a class="tab"${hrefAttribute(item.href)}${item.current === true ? html` aria-current="page"` : nothing}>${item.label}</a></li>`,
  );
  const strip = html`<nav class="tabs" aria-label="${options.label}"><ul>${items}</ul></nav>`;
  if (options.items.length < manyTabs || options.folds === false) return strip;
  const here = options.items.find(({ current }) => current === true)?.label ?? options.label;
  const menu = html`<nav class="tabs-menu" aria-label="${options.label}"><details><summary>${icon('menu-2')}<span>${here}</span>${icon('chevron-down')}</summary><ul>${items}</ul></details></nav>`;
  return html`<div class="tabs-folding">${strip}${menu}</div>`;
}

/** From so many on, a phone folds the views into a menu: several rows of them would push the page itself down. */
const manyTabs = 4;
