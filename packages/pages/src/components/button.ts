import { hrefAttribute } from '../address.ts';
import { html, nothing, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';

/** How a button weighs on the page; one `primary` a screen. */
export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger';

/** A button of a form, named by the verb of its act. */
export interface ButtonOptions {
  readonly label: string;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  /** `submit` by default. */
  readonly type?: 'submit' | 'button' | 'reset';
  readonly name?: string;
  readonly value?: string;
  /** As wide as its column, for the one act of a phone screen. */
  readonly wide?: boolean;
  readonly disabled?: boolean;
  /** Adds what the button is about for screen readers ("Supprimer" + "le devoir du 12"). */
  readonly about?: string;
}

/** A button; at least 44 px high. */
export function button(options: ButtonOptions): Fragment {
  const name = options.name === undefined ? nothing : html` name="${options.name}"`;
  const value = options.value === undefined ? nothing : html` value="${options.value}"`;
  return html`<button class="${classes(options.kind ?? 'primary', options.wide)}" type="${options.type ?? 'submit'}"${name}${value}${options.disabled === true ? html` disabled` : nothing}>${inside(options)}</button>`;
}

/** A link that looks like a button, for an act that only leads somewhere. */
export function buttonLink(
  options: Pick<ButtonOptions, 'label' | 'kind' | 'icon' | 'wide' | 'about'> & { readonly href: string },
): Fragment {
  return html`<a class="${classes(options.kind ?? 'secondary', options.wide)}"${hrefAttribute(options.href)}>${inside(options)}</a>`;
}

/** Opens the browser's print dialog; without JavaScript it is not there, and the browser's own menu prints. */
export function printButton(options: Pick<ButtonOptions, 'label' | 'kind'>): Fragment {
  return html`<button class="${classes(options.kind ?? 'primary', undefined)}" type="button" data-prints hidden>${inside({ ...options, icon: 'printer' })}</button>`;
}

/** Buttons side by side, the most likely first. */
export function buttonRow(...buttons: readonly Fragment[]): Fragment {
  return html`<div class="button-row">${buttons}</div>`;
}

function classes(kind: ButtonKind, wide: boolean | undefined): string {
  return `button button-${kind}${wide === true ? ' button-wide' : ''}`;
}

function inside(options: Pick<ButtonOptions, 'label' | 'icon' | 'about'>): Fragment {
  const about =
    options.about === undefined ? nothing : html`<span class="visually-hidden"> ${options.about}</span>`;
  return html`${options.icon === undefined ? nothing : icon(options.icon)}<span>${options.label}${about}</span>`;
}
