import { defineStrings, type Language, type StringCatalogue } from '@socle/pages';
import { en } from './en.ts';
import { fr, type Strings } from './fr.ts';

const catalogues = buildCatalogues();

/** The catalogue of a language, French with its no-break spaces. */
export function stringsOf(language: Language): Strings {
  return catalogues[language];
}

// The kit's catalogues are flat; this module has one for each section, of the same shape in both languages by type.
function buildCatalogues(): Readonly<Record<Language, Strings>> {
  const french: Record<string, StringCatalogue> = fr;
  const english: Record<string, StringCatalogue> = en;
  const sections = Object.keys(french).map((section) => {
    // That both have the same keys is checked where `en` is declared; here their types are forgotten.
    const strings = defineStrings({ fr: french[section] ?? {}, en: (english[section] ?? {}) as never });
    return { section, ...strings };
  });
  const collect = (language: Language) =>
    Object.freeze(Object.fromEntries(sections.map((strings) => [strings.section, strings[language]])));
  return Object.freeze({ fr: collect('fr'), en: collect('en') }) as unknown as Record<Language, Strings>;
}
