import { requireAction } from '../address.ts';
import { hiddenFields } from '../components/hidden-fields.ts';
import { html, nothing, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import type { Flash } from './page-options.ts';

const icons = {
  good: 'circle-check',
  information: 'info-circle',
  warning: 'alert-triangle',
  danger: 'alert-circle',
} as const satisfies Record<Flash['kind'], IconName>;

const titles = {
  good: 'flashGood',
  information: 'flashInformation',
  warning: 'flashWarning',
  danger: 'flashDanger',
} as const satisfies Record<Flash['kind'], string>;

/** Messages about what just happened; dangers are announced at once (role alert), the others when the reader pauses. */
export function flashMessages(messages: readonly Flash[], language: Language): Fragment {
  if (messages.length === 0) return nothing;
  return html`<div class="flashes">${messages.map((message) => flashMessage(message, language))}</div>`;
}

/** One message, with its undo form where undoing is possible. */
export function flashMessage(message: Flash, language: Language): Fragment {
  const words = kitStrings[language];
  const role = message.kind === 'danger' ? 'alert' : 'status';
  const text = message.text === undefined ? nothing : html`<p>${message.text}</p>`;
  const undo =
    message.undo === undefined
      ? nothing
      : html`<form class="flash-undo" method="post" action="${requireAction(message.undo.action)}">${hiddenFields(message.undo.fields ?? {})}<button class="button button-quiet" type="submit">${icon('arrow-back-up')}<span>${message.undo.label ?? words.undo}</span></button></form>`;
  return html`<div class="flash flash-${message.kind}" role="${role}"><span class="flash-mark">${icon(icons[message.kind])}</span><div class="flash-words"><p class="flash-title">${message.title ?? words[titles[message.kind]]}</p>${text}</div>${undo}</div>`;
}
