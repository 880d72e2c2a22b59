import { html, nothing, type Content, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';

/** What every field has. The id of the control is `field-` and its name, so that an error summary can link to it. */
export interface FieldOptions {
  readonly language: Language;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** What is wrong and how to put it right; marks the field as invalid. */
  readonly error?: string;
  /** Fields are required unless this says otherwise; an optional field says so in its label. */
  readonly optional?: boolean;
}

/** A one-line text field, a password or a text of several lines. */
export interface TextFieldOptions extends FieldOptions {
  readonly value?: string;
  readonly type?: 'text' | 'password' | 'email' | 'tel' | 'url' | 'number';
  /** Tokens of HTML's autocomplete, such as `username` or `current-password`. */
  readonly autocomplete?: string;
  readonly inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel';
  readonly maxLength?: number;
  /** Shown as short as what is typed in it (marks, codes). */
  readonly width?: 'short' | 'medium' | 'full';
  /** More than 1 makes a text of several lines. */
  readonly rows?: number;
  readonly spellcheck?: boolean;
  readonly step?: string;
  readonly min?: string;
  readonly max?: string;
}

/** The id of a field's control. */
export function fieldId(name: string): string {
  return `field-${name.replace(/[^\w-]/g, '-')}`;
}

/** Wraps a control in its label, hint and error. */
export function fieldFrame(options: FieldOptions, control: Fragment): Fragment {
  const id = fieldId(options.name);
  const words = kitStrings[options.language];
  const mark =
    options.optional === true ? html` <span class="field-optional">(${words.optional})</span>` : nothing;
  const hint =
    options.hint === undefined ? nothing : html`<p class="field-hint" id="${id}-hint">${options.hint}</p>`;
  const error =
    options.error === undefined
      ? nothing
      : html`<p class="field-error" id="${id}-error">${icon('alert-circle')}<span><span class="visually-hidden">${words.errorPrefix}</span>${options.error}</span></p>`;
  return html`<div class="field${options.error === undefined ? '' : ' field-wrong'}"><label class="field-label" for="${id}">${options.label}${mark}</label>${hint}${error}${control}</div>`;
}

/** The attributes that tie a control to its hint and error, and say what is required. */
export function fieldAttributes(options: FieldOptions): Fragment {
  const id = fieldId(options.name);
  const described = [
    options.hint === undefined ? '' : `${id}-hint`,
    options.error === undefined ? '' : `${id}-error`,
  ];
  const ids = described.filter((part) => part !== '').join(' ');
  return html` id="${id}" name="${options.name}"${ids === '' ? nothing : html` aria-describedby="${ids}"`}${options.error === undefined ? nothing : html` aria-invalid="true"`}${options.optional === true ? nothing : html` required`}`;
}

/** A text field with its label, hint and error; a password can be shown (with JavaScript) and is never written back. */
export function textField(options: TextFieldOptions): Fragment {
  const width = `control control-${options.width ?? 'full'}`;
  const shared = html`${fieldAttributes(options)}${optionalAttribute('autocomplete', options.autocomplete)}${optionalAttribute('inputmode', options.inputMode)}${optionalAttribute('maxlength', options.maxLength)}${options.spellcheck === false ? html` spellcheck="false" autocapitalize="none"` : nothing}`;
  if ((options.rows ?? 1) > 1) {
    const count =
      options.maxLength === undefined
        ? nothing
        : html`<output class="field-count" data-counts="${fieldId(options.name)}"></output>`;
    return fieldFrame(
      options,
      html`<textarea class="${width}" rows="${options.rows ?? 3}"${shared}>
${options.value ?? ''}</textarea>${count}`,
    );
  }
  const type = options.type ?? 'text';
  const bounds = html`${optionalAttribute('step', options.step)}${optionalAttribute('min', options.min)}${optionalAttribute('max', options.max)}`;
  const value = type === 'password' ? nothing : optionalAttribute('value', options.value);
  const input = html`<input class="${width}" type="${type}"${shared}${bounds}${value}>`;
  return fieldFrame(options, type === 'password' ? revealable(options, input) : input);
}

function revealable(options: TextFieldOptions, input: Fragment): Fragment {
  const words = kitStrings[options.language];
  return html`<div class="reveal">${input}<button class="reveal-button" type="button" data-reveals="${fieldId(options.name)}" aria-pressed="false" aria-label="${words.showPassword}" hidden>${icon('eye')}</button></div>`;
}

/** An attribute when there is a value, for names written in the program. */
export function optionalAttribute(
  name:
    | 'autocomplete'
    | 'inputmode'
    | 'maxlength'
    | 'step'
    | 'min'
    | 'max'
    | 'value'
    | 'accept'
    | 'pattern'
    | 'placeholder',
  value: Content,
): Fragment {
  return value === undefined || value === null ? nothing : html` ${name}="${value}"`;
}
