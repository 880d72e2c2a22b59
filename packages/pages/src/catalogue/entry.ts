import type { Fragment } from '../html.ts';
import { html } from '../html.ts';
import type { Language } from '../languages/language.ts';
import type { PageOptions } from '../page/page-options.ts';

/** One page of the catalogue: a component in its states, or a whole page as people meet it. */
export interface CatalogueEntry {
  /** Last part of its address. */
  readonly name: string;
  readonly title: Readonly<Record<Language, string>>;
  /** What it shows; whole pages bring their own layout, school and person. */
  readonly page: (language: Language, base: string) => Partial<PageOptions> & Pick<PageOptions, 'body'>;
}

/** Words of a sample in the language of the page. */
export function say(language: Language, french: string, english: string): string {
  return language === 'fr' ? french : english;
}

/** One state of a component under its name. */
export function state(title: string, ...parts: readonly Fragment[]): Fragment {
  return html`<section class="section"><h2>${title}</h2>${parts}</section>`;
}

/** A name that is longer than people expect. */
export const longName = 'Marie-Antoinette Éléonore de Saint-Exupéry-Vandenbroucke';

/** A word as long as German ones, to see that nothing overflows. */
export const longWord = 'Rechtsschutzversicherungsgesellschaftsangelegenheiten';
