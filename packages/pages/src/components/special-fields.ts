import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { fieldAttributes, fieldFrame, optionalAttribute, type FieldOptions } from './form-field.ts';
import { fieldGroup } from './form.ts';

/** A day, with the browser's own calendar. Values are ISO days (2026-09-01). */
export function dateField(
  options: FieldOptions & { readonly value?: string; readonly min?: string; readonly max?: string },
): Fragment {
  const bounds = html`${optionalAttribute('min', options.min)}${optionalAttribute('max', options.max)}${optionalAttribute('value', options.value)}`;
  return fieldFrame(
    options,
    html`<input class="control control-date" type="date"${fieldAttributes(options)}${bounds}>`,
  );
}

/** A time of the day, with the browser's own clock. Values are `HH:MM`. */
export function timeField(options: FieldOptions & { readonly value?: string }): Fragment {
  return fieldFrame(
    options,
    html`<input class="control control-date" type="time"${fieldAttributes(options)}${optionalAttribute('value', options.value)}>`,
  );
}

/** From one day to another: two dates under one legend, named `name-from` and `name-to`. */
export function periodField(options: {
  readonly language: Language;
  readonly name: string;
  readonly legend: string;
  readonly hint?: string;
  readonly from?: { readonly value?: string; readonly error?: string };
  readonly to?: { readonly value?: string; readonly error?: string };
  readonly optional?: boolean;
}): Fragment {
  const { language, name, optional = false } = options;
  const words = kitStrings[language];
  const first = dateField({
    language,
    name: `${name}-from`,
    label: words.periodFrom,
    optional,
    ...options.from,
  });
  const last = dateField({ language, name: `${name}-to`, label: words.periodTo, optional, ...options.to });
  return fieldGroup({
    legend: options.legend,
    ...(options.hint === undefined ? {} : { hint: options.hint }),
    body: html`<div class="period">${first}${last}</div>`,
  });
}

/**
 * A printed code of letters and digits (an activation sheet, a badge). `fromAddress` fills it in from the address's
 * fragment, where a QR code puts it and no server ever sees it, and sends the form, unless `keepsForm`
 * says that there is more to fill in; without JavaScript it is typed.
 */
export function printedCodeField(
  options: FieldOptions & {
    readonly value?: string;
    readonly fromAddress?: boolean;
    readonly keepsForm?: boolean;
  },
): Fragment {
  const fill =
    options.fromAddress === true
      ? html` data-fills-from-address="${options.keepsForm === true ? 'only' : 'send'}"`
      : nothing;
  return fieldFrame(
    options,
    html`<input class="control control-code control-printed" type="text"${fieldAttributes(options)} autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64"${optionalAttribute('value', options.value)}${fill}>`,
  );
}

/** A one-time code or a badge's number: wide digits, numeric keyboard, filled in by the phone where it can. */
export function codeField(options: FieldOptions & { readonly digits?: number }): Fragment {
  const digits = options.digits ?? 6;
  return fieldFrame(
    options,
    html`<input class="control control-code" type="text"${fieldAttributes(options)} inputmode="numeric" autocomplete="one-time-code" maxlength="${digits + 2}" spellcheck="false">`,
  );
}

/** A file to choose or to drop. `accept` lists types or endings; sizes are checked by the server. */
export function fileField(
  options: FieldOptions & { readonly accept?: string; readonly multiple?: boolean },
): Fragment {
  const words = kitStrings[options.language];
  const input = html`<input class="file-input" type="file"${fieldAttributes(options)}${optionalAttribute('accept', options.accept)}${options.multiple === true ? html` multiple` : nothing}>`;
  return fieldFrame(
    options,
    html`<div class="file-drop">${icon('file-upload')}<p class="file-words">${words.dropFile}</p>${input}</div>`,
  );
}
