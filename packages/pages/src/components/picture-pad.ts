import { requireAction } from '../address.ts';
import { html, type Fragment } from '../html.ts';
import type { IconName } from '../icons/icon-names.ts';
import { icon } from '../icons/icon.ts';
import type { Language } from '../languages/language.ts';
import { kitStrings } from '../strings/kit-strings.ts';
import { hiddenFields } from './hidden-fields.ts';

/** The picture code of a young pupil: touch `wanted` pictures in order. */
export interface PicturePadOptions {
  readonly language: Language;
  readonly action: string;
  readonly legend: string;
  readonly pictures: readonly { readonly value: string; readonly icon: IconName; readonly label: string }[];
  /** How many are already touched; the server keeps which. */
  readonly chosen: number;
  readonly wanted: number;
  readonly fields?: Readonly<Record<string, string>>;
}

/** Pictures as large buttons; each touch posts `picture`, so that order is kept without JavaScript. */
export function picturePad(options: PicturePadOptions): Fragment {
  const words = kitStrings[options.language];
  const dots = Array.from(
    { length: options.wanted },
    (_unused, index) => html`<span class="pad-dot${index < options.chosen ? ' pad-dot-full' : ''}"></span>`,
  );
  const keys = options.pictures.map(
    (picture) =>
      html`<button class="pad-key" type="submit" name="picture" value="${picture.value}">${icon(picture.icon)}<span>${picture.label}</span></button>`,
  );
  return html`<form class="pad" method="post" action="${requireAction(options.action)}">${hiddenFields(options.fields ?? {})}<fieldset><legend class="pad-legend">${options.legend}</legend><p class="pad-count"><span class="pad-dots" aria-hidden="true">${dots}</span><span>${words.picturePadChosen(options.chosen, options.wanted)}</span></p><div class="pad-keys">${keys}</div></fieldset></form>`;
}
