import { html, nothing, type Fragment } from '../html.ts';
import { fieldAttributes, fieldFrame, type FieldOptions } from './form-field.ts';

/** One choice of a list. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** A list to choose one of; better as radios below five choices. */
export interface SelectFieldOptions extends FieldOptions {
  readonly choices: readonly Choice[];
  readonly value?: string;
  /** First line that chooses nothing ("Choisir une classe"). */
  readonly prompt?: string;
  readonly width?: 'short' | 'medium' | 'full';
}

/** A select with its label, hint and error. */
export function selectField(options: SelectFieldOptions): Fragment {
  const prompt = options.prompt === undefined ? nothing : html`<option value="">${options.prompt}</option>`;
  const choices = options.choices.map(
    (choice) =>
      html`<option value="${choice.value}"${choice.value === options.value ? html` selected` : nothing}>${choice.label}</option>`,
  );
  return fieldFrame(
    options,
    html`<select class="control control-${options.width ?? 'full'}"${fieldAttributes(options)}>${prompt}${choices}</select>`,
  );
}
