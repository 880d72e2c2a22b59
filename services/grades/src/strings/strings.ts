import { en } from './en.ts';
import { fr, type Strings } from './fr.ts';

/** The languages of the module. */
export type Language = 'fr' | 'en';

const catalogues: Readonly<Record<Language, Strings>> = Object.freeze({ fr, en });

/** The catalogue of a language. */
export function stringsOf(language: Language): Strings {
  return catalogues[language];
}
