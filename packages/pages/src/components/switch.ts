import { requireAction } from '../address.ts';
import { html, nothing, type Fragment } from '../html.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { fieldId } from './form-field.ts';
import { hiddenFields } from './hidden-fields.ts';

/** A setting that takes effect at once, with what it changes said beside it. */
export interface SwitchOptions {
  readonly language: Language;
  readonly name: string;
  readonly label: string;
  /** What turning it on or off does, in a sentence. */
  readonly consequence: string;
  readonly on: boolean;
  /** Where it posts; sends `name=on` or `name=off`, the state that is wanted. */
  readonly action: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
}

/** A switch: one button in a form, so that it works without JavaScript. */
export function switchControl(options: SwitchOptions): Fragment {
  const id = fieldId(options.name);
  const words = kitStrings[options.language];
  const state = options.on ? words.switchOn : words.switchOff;
  return html`<form class="switch" method="post" action="${requireAction(options.action)}">${hiddenFields(options.fields ?? {})}<div class="switch-words"><span class="switch-label" id="${id}-label">${options.label}</span><span class="switch-consequence" id="${id}-consequence">${options.consequence}</span></div><button class="switch-button" type="submit" role="switch" id="${id}" name="${options.name}" value="${options.on ? 'off' : 'on'}" aria-checked="${options.on ? 'true' : 'false'}" aria-labelledby="${id}-label" aria-describedby="${id}-consequence"${options.disabled === true ? html` disabled` : nothing}><span class="switch-state" aria-hidden="true">${state}</span><span class="switch-track" aria-hidden="true"></span></button></form>`;
}
