import { html, nothing, type Fragment } from '../html.ts';
import { icon } from '../icons/icon.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { fieldId, type FieldOptions } from './form-field.ts';
import type { Choice } from './select-field.ts';

/** Choices shown all at once, each a target of at least 44 px. */
export interface ChoicesOptions extends FieldOptions {
  readonly choices: readonly Choice[];
  readonly value?: string;
}

/** One of a few choices, as radios under a legend. The first radio carries the field's id. */
export function radioGroup(options: ChoicesOptions): Fragment {
  return choiceGroup(options, 'radio', options.value === undefined ? [] : [options.value]);
}

/** Any of a few choices, as boxes to tick under a legend. */
export function checkboxGroup(
  options: Omit<ChoicesOptions, 'value'> & { readonly values?: readonly string[] },
): Fragment {
  return choiceGroup({ ...options, optional: true }, 'checkbox', options.values ?? []);
}

/** One box to tick, for an agreement or a preference. `value` is what is sent when it is ticked (default `yes`). */
export function checkbox(
  options: Pick<FieldOptions, 'name' | 'label' | 'hint'> & {
    readonly value?: string;
    readonly checked?: boolean;
  },
): Fragment {
  return choice(
    'checkbox',
    options.name,
    fieldId(options.name),
    {
      value: options.value ?? 'yes',
      label: options.label,
      ...(options.hint === undefined ? {} : { hint: options.hint }),
    },
    options.checked === true,
    nothing,
  );
}

function choiceGroup(
  options: ChoicesOptions,
  type: 'radio' | 'checkbox',
  chosen: readonly string[],
): Fragment {
  const id = fieldId(options.name);
  const words = kitStrings[options.language];
  const hint =
    options.hint === undefined ? nothing : html`<p class="field-hint" id="${id}-hint">${options.hint}</p>`;
  const error =
    options.error === undefined
      ? nothing
      : html`<p class="field-error" id="${id}-error">${icon('alert-circle')}<span><span class="visually-hidden">${words.errorPrefix}</span>${options.error}</span></p>`;
  const described = [
    options.hint === undefined ? '' : `${id}-hint`,
    options.error === undefined ? '' : `${id}-error`,
  ]
    .filter((part) => part !== '')
    .join(' ');
  const required = type === 'radio' && options.optional !== true ? html` required` : nothing;
  const items = options.choices.map((item, index) =>
    choice(
      type,
      options.name,
      index === 0 ? id : `${id}-${index + 1}`,
      item,
      chosen.includes(item.value),
      required,
    ),
  );
  return html`<fieldset class="field choices${options.error === undefined ? '' : ' field-wrong'}"${described === '' ? nothing : html` aria-describedby="${described}"`}><legend class="field-label">${options.label}</legend>${hint}${error}<div class="choices-list">${items}</div></fieldset>`;
}

function choice(
  type: 'radio' | 'checkbox',
  name: string,
  id: string,
  item: Choice,
  checked: boolean,
  required: Fragment,
): Fragment {
  const hint =
    item.hint === undefined ? nothing : html`<span class="choice-hint" id="${id}-about">${item.hint}</span>`;
  return html`<div class="choice"><input type="${type}" id="${id}" name="${name}" value="${item.value}"${checked ? html` checked` : nothing}${required}${item.hint === undefined ? nothing : html` aria-describedby="${id}-about"`}><label for="${id}">${item.label}</label>${hint}</div>`;
}
