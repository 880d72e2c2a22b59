import { hrefAttribute, html, nothing, type Fragment } from '@socle/pages';

/** A number that matters, under its name. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  /** Where its name leads. */
  readonly href?: string;
  /** The first among them, drawn larger. */
  readonly main?: boolean;
}

/** Numbers that matter, side by side, before any table. */
export function facts(items: readonly Fact[]): Fragment {
  return html`<dl class="facts">${items.map(fact)}</dl>`;
}

function fact({ label, value, note, href, main }: Fact): Fragment {
  const name = href === undefined ? label : html`<a${hrefAttribute(href)}>${label}</a>`;
  return html`<div class="fact${main ? ' fact-main' : ''}"><dt>${name}</dt><dd>${value}</dd>${note === undefined ? nothing : html`<dd class="fact-note">${note}</dd>`}</div>`;
}
