import { hrefAttribute } from '../address.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import type { Area } from './page-options.ts';

/** How many areas the bottom bar of a phone holds; the rest goes under "Plus". */
const barSize = 4;

/** The rail of areas, at the left from 1024 px. */
export function areaRail(areas: readonly Area[], language: Language): Fragment {
  const items = areas.map((area) => html`<li>${areaLink(area, language)}</li>`);
  return html`<nav class="area-rail" aria-label="${kitStrings[language].areas}"><ul>${items}</ul></nav>`;
}

/** The bar of areas, at the bottom below 1024 px: four, or three and a menu of the others. */
export function areaBar(areas: readonly Area[], language: Language): Fragment {
  const words = kitStrings[language];
  const fits = areas.length <= barSize;
  const first = fits ? areas : areas.slice(0, barSize - 1);
  const rest = fits ? [] : areas.slice(barSize - 1);
  const more =
    rest.length === 0
      ? nothing
      : html`<li><details class="area-more"><summary class="area">${icon('dots')}<span class="area-label">${words.moreAreas}</span></summary><ul>${rest.map((area) => html`<li>${areaLink(area, language)}</li>`)}</ul></details></li>`;
  return html`<nav class="area-bar" aria-label="${words.areas}"><ul>${first.map((area) => html`<li>${areaLink(area, language)}</li>`)}${more}</ul></nav>`;
}

function areaLink(area: Area, language: Language): Fragment {
  const count = area.count ?? 0;
  const badge =
    count > 0
      ? html`<span class="count" aria-hidden="true">${count > 99 ? '99+' : count}</span><span class="visually-hidden">, ${kitStrings[language].newItems(count)}</span>`
      : nothing;
  return html`<a class="area"${hrefAttribute(area.href)}${area.current === true ? html` aria-current="page"` : nothing}>${icon(area.icon)}<span class="area-label">${area.label}</span>${badge}</a>`;
}
