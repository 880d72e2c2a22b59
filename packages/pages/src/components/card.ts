import { hrefAttribute } from '../address.ts';
import { html, nothing, type Content, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';

/** A surface with a title and a body. */
export interface CardOptions {
  readonly title?: string;
  /** Where the title leads. */
  readonly href?: string;
  readonly icon?: IconName;
  /** A line under the title. */
  readonly note?: string;
  readonly body?: Content;
  /** Buttons at the foot. */
  readonly actions?: Content;
  /** Level of the title, 2 by default. */
  readonly level?: 2 | 3;
}

/** A card. */
export function card(options: CardOptions): Fragment {
  const foot =
    options.actions === undefined ? nothing : html`<div class="card-actions">${options.actions}</div>`;
  return html`<section class="card">${head(options)}${options.body === undefined ? nothing : html`<div class="card-body">${options.body}</div>`}${foot}</section>`;
}

/** Cards or other blocks in as many columns as fit. */
export function grid(items: readonly Fragment[]): Fragment {
  return html`<div class="grid">${items}</div>`;
}

/** Blocks under one another with even space. */
export function stack(...items: readonly Content[]): Fragment {
  return html`<div class="stack">${items}</div>`;
}

/** Links under one another, each a target of its own: a plan of pages. */
export function linkList(links: readonly { readonly label: string; readonly href: string }[]): Fragment {
  const items = links.map(
    ({ label, href }) => html`<li><a class="list-link"${hrefAttribute(href)}>${label}</a></li>`,
  );
  return html`<ul class="link-list" role="list">${items}</ul>`;
}

/** A part of a page with its h2. */
export function section(options: {
  readonly title: string;
  readonly lead?: string;
  readonly body: Content;
  readonly actions?: Content;
}): Fragment {
  const lead = options.lead === undefined ? nothing : html`<p class="muted">${options.lead}</p>`;
  const actions =
    options.actions === undefined ? nothing : html`<div class="page-actions">${options.actions}</div>`;
  return html`<section class="section"><div class="section-heading"><div><h2>${options.title}</h2>${lead}</div>${actions}</div>${options.body}</section>`;
}

function head(options: CardOptions): Fragment {
  if (options.title === undefined) return nothing;
  const words =
    options.href === undefined
      ? html`${options.title}`
      : html`<a${hrefAttribute(options.href)}>${options.title}</a>`;
  const title = options.level === 3 ? html`<h3>${words}</h3>` : html`<h2>${words}</h2>`;
  const mark = options.icon === undefined ? nothing : html`<span class="mark">${icon(options.icon)}</span>`;
  const note = options.note === undefined ? nothing : html`<p class="card-note">${options.note}</p>`;
  return html`<div class="card-head">${mark}<div class="card-title">${title}${note}</div></div>`;
}
