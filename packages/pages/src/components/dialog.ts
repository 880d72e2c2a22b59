import { hrefAttribute, requireAction } from '../address.ts';
import { html, nothing, type Content, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import { button, buttonLink } from './button.ts';
import { hiddenFields } from './hidden-fields.ts';

/** A question before an act that matters. */
export interface ConfirmOptions {
  readonly id: string;
  /** Names the act and the person or thing ("Suspendre le compte d’Inès Caradec ?"). */
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly text: Content;
  readonly action: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** The verb of the act. */
  readonly confirm: string;
  readonly danger?: boolean;
  /** The way out, in words ("Ne rien changer"). */
  readonly cancel: string;
  /** Where the way out leads without JavaScript. */
  readonly cancelHref: string;
}

/** The question as a page of its own: what a browser without JavaScript sees. */
export function confirmCard(options: ConfirmOptions): Fragment {
  return html`<div class="card confirm">${confirmBody(options, html`<p class="confirm-text">${options.text}</p>`)}</div>`;
}

/**
 * The question as a dialog that opens in place, with the link that opens it. Without JavaScript the link leads to
 * `href`, a page that shows `confirmCard` of the same question.
 */
export function confirmDialog(
  options: ConfirmOptions & {
    readonly href: string;
    readonly opener: string;
    readonly openerKind?: 'secondary' | 'quiet' | 'danger';
  },
): Fragment {
  const body = html`<h2 id="${options.id}-title">${options.title}</h2><p class="confirm-text">${options.text}</p>`;
  return html`<a class="button button-${options.openerKind ?? 'secondary'}"${hrefAttribute(options.href)} data-opens-dialog="${options.id}">${options.opener}</a><dialog class="dialog" id="${options.id}" aria-labelledby="${options.id}-title">${confirmBody(options, body)}</dialog>`;
}

/** Words that open in place, without JavaScript. */
export function disclosure(options: {
  readonly summary: Content;
  readonly body: Content;
  readonly open?: boolean;
}): Fragment {
  return html`<details class="disclosure"${options.open === true ? html` open` : nothing}><summary>${icon('chevron-right')}<span>${options.summary}</span></summary><div class="disclosure-body">${options.body}</div></details>`;
}

function confirmBody(options: ConfirmOptions, words: Fragment): Fragment {
  const cancel = html`<span class="confirm-cancel" data-closes-dialog>${buttonLink({ label: options.cancel, href: options.cancelHref, kind: 'secondary' })}</span>`;
  return html`<form class="form" method="post" action="${requireAction(options.action)}">${hiddenFields(options.fields ?? {})}${words}<div class="button-row">${button({ label: options.confirm, kind: options.danger === true ? 'danger' : 'primary' })}${cancel}</div></form>`;
}
