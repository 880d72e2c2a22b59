import { requireAction } from '../address.ts';
import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { fieldId } from './form-field.ts';
import { hiddenFields } from './hidden-fields.ts';

/** A search by GET, so that its result has an address. */
export interface SearchOptions {
  readonly language: Language;
  readonly action: string;
  readonly name?: string;
  /** What is searched ("Chercher un élève"). */
  readonly label: string;
  readonly value?: string;
  readonly hint?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** A search field with its button. */
export function searchField(options: SearchOptions): Fragment {
  const name = options.name ?? 'q';
  const id = fieldId(name);
  const hint =
    options.hint === undefined ? nothing : html`<p class="field-hint" id="${id}-hint">${options.hint}</p>`;
  return html`<form class="search" role="search" method="get" action="${requireAction(options.action)}">${hiddenFields(options.fields ?? {})}<label class="field-label" for="${id}">${options.label}</label>${hint}<div class="search-line"><input class="control" type="search" id="${id}" name="${name}" value="${options.value ?? ''}" autocomplete="off"${options.hint === undefined ? nothing : html` aria-describedby="${id}-hint"`}><button class="button button-primary" type="submit">${icon('search')}<span>${kitStrings[options.language].search}</span></button></div></form>`;
}
