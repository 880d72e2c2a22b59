import { html, type Content, type Fragment } from '../html.ts';

/** Terms and what they are for this person or thing. */
export function descriptionList(
  items: readonly { readonly term: string; readonly description: Content }[],
): Fragment {
  return html`<dl class="descriptions">${items.map((item) => html`<div><dt>${item.term}</dt><dd>${item.description}</dd></div>`)}</dl>`;
}

/** A number that matters with what it counts, for the top of a page. */
export function figure(options: {
  readonly value: string;
  readonly label: string;
  readonly note?: Content;
}): Fragment {
  return html`<div class="figure"><p class="figure-value">${options.value}</p><p class="figure-label">${options.label}</p>${options.note === undefined ? '' : html`<p class="figure-note">${options.note}</p>`}</div>`;
}

/** Numbers that matter, side by side. */
export function figures(items: readonly Fragment[]): Fragment {
  return html`<div class="figures">${items}</div>`;
}
