import { languages, type Language } from './language.ts';
import { frenchSpacing } from './typography.ts';

/** One text, or a function that builds it from values (a name, a count). */
export type StringEntry = string | ((...values: never[]) => string);

/** The shape of a catalogue: a flat record of texts. */
export type StringCatalogue = Readonly<Record<string, StringEntry>>;

type SameShape<Shape extends StringCatalogue> = {
  readonly [Key in keyof Shape]: Shape[Key] extends (...values: infer Values) => string
    ? (...values: Values) => string
    : string;
};

/** The catalogues of one package in every language, all with the keys of the French one. */
export type Strings<Shape extends StringCatalogue> = Readonly<Record<Language, SameShape<Shape>>>;

/**
 * Declares a package's texts. French gives the keys; the type demands the same keys, and functions of the same
 * values, in every other language. French texts get their no-break spaces, so authors may type ordinary ones.
 */
export function defineStrings<const Shape extends StringCatalogue>(catalogues: {
  readonly fr: Shape;
  readonly en: NoInfer<SameShape<Shape>>;
}): Strings<Shape> {
  const french = Object.fromEntries(
    Object.entries(catalogues.fr).map(([key, entry]) => [key, spaceEntry(entry)]),
  ) as SameShape<Shape>;
  return Object.freeze({ fr: Object.freeze(french), en: Object.freeze({ ...catalogues.en }) });
}

/** What is wrong with a catalogue: `key (language)`, for keys that miss, are empty, or exist in one language alone. */
export function findMissingStrings(strings: Readonly<Record<Language, StringCatalogue>>): readonly string[] {
  const keys = new Set(languages.flatMap((language) => Object.keys(strings[language])));
  return [...keys].flatMap((key) =>
    languages
      .filter((language) => isMissing(strings[language][key]))
      .map((language) => `${key} (${language})`),
  );
}

function isMissing(entry: StringEntry | undefined): boolean {
  return entry === undefined || (typeof entry === 'string' && entry.trim() === '');
}

function spaceEntry(entry: StringEntry): StringEntry {
  if (typeof entry === 'string') return frenchSpacing(entry);
  return (...values: never[]) => frenchSpacing(entry(...values));
}
