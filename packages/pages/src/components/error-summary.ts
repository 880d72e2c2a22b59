import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { fieldId } from './form-field.ts';

/** One error: the name of its field (when it has one) and what to do. */
export interface FieldError {
  readonly name?: string;
  readonly message: string;
}

/** The list of errors above a form, each linked to its field; takes the focus when the page opens. */
export function errorSummary(errors: readonly FieldError[], language: Language): Fragment {
  if (errors.length === 0) return nothing;
  const words = kitStrings[language];
  const title = errors.length === 1 ? words.errorSummaryOne : words.errorSummaryMany(errors.length);
  const items = errors.map((error) =>
    error.name === undefined
      ? html`<li>${error.message}</li>`
      : html`<li><a href="#${fieldId(error.name)}">${error.message}</a></li>`,
  );
  return html`<div class="error-summary" role="alert" tabindex="-1" data-error-summary><span class="flash-mark">${icon('alert-circle')}</span><div><h2>${title}</h2><ul>${items}</ul></div></div>`;
}
