import { languages, type Language } from './language.ts';
import { frenchSpacing } from './typography.ts';

/** One text, or a function that builds it from values (a name, a count). */
type StringEntry = string | ((...values: never[]) => string);

/** The shape of a catalogue: texts by name, in groups where that reads better. */
export interface StringCatalogue {
  readonly [key: string]: StringEntry | StringCatalogue;
}

type SameShape<Shape> = {
  readonly [Key in keyof Shape]: Shape[Key] extends string
    ? string
    : Shape[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : SameShape<Shape[Key]>;
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
  const french = spaceCatalogue(catalogues.fr) as SameShape<Shape>;
  return Object.freeze({ fr: french, en: Object.freeze({ ...catalogues.en }) });
}

/** What is wrong with a catalogue: `key (language)`, for keys that miss, are empty, or exist in one language alone. */
export function findMissingStrings(strings: Readonly<Record<Language, StringCatalogue>>): readonly string[] {
  return findMissing(strings, '');
}

function findMissing(
  strings: Readonly<Record<Language, StringCatalogue | undefined>>,
  path: string,
): readonly string[] {
  const keys = new Set(languages.flatMap((language) => Object.keys(strings[language] ?? {})));
  return [...keys].flatMap((key) => {
    const entries = languages.map((language) => ({ language, entry: strings[language]?.[key] }));
    if (entries.some(({ entry }) => isGroup(entry))) {
      const groups = Object.fromEntries(
        entries.map(({ language, entry }) => [language, isGroup(entry) ? entry : undefined]),
      ) as Record<Language, StringCatalogue | undefined>;
      return findMissing(groups, `${path}${key}.`);
    }
    return entries
      .filter(({ entry }) => isMissing(entry))
      .map(({ language }) => `${path}${key} (${language})`);
  });
}

function isGroup(entry: StringEntry | StringCatalogue | undefined): entry is StringCatalogue {
  return typeof entry === 'object';
}

function isMissing(entry: StringEntry | StringCatalogue | undefined): boolean {
  return entry === undefined || (typeof entry === 'string' && entry.trim() === '');
}

function spaceCatalogue(catalogue: StringCatalogue): StringCatalogue {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(catalogue).map(([key, entry]) => [
        key,
        isGroup(entry) ? spaceCatalogue(entry) : spaceEntry(entry),
      ]),
    ),
  );
}

function spaceEntry(entry: StringEntry): StringEntry {
  if (typeof entry === 'string') return frenchSpacing(entry);
  return (...values: never[]) => frenchSpacing(entry(...values));
}
