import type { Language } from './language.ts';

const locales: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };

/** How much of a date to write. */
export type DateStyle = 'long' | 'short' | 'day-month' | 'weekday';

const dateStyles: Readonly<Record<DateStyle, Intl.DateTimeFormatOptions>> = {
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  short: { day: '2-digit', month: '2-digit', year: 'numeric' },
  'day-month': { day: 'numeric', month: 'short' },
  weekday: { weekday: 'long', day: 'numeric', month: 'long' },
};

/** Writes a day as people of that language do. `timeZone` is the school's (default Europe/Paris). */
export function formatDate(
  language: Language,
  at: Date,
  style: DateStyle = 'long',
  timeZone = 'Europe/Paris',
): string {
  return new Intl.DateTimeFormat(locales[language], { ...dateStyles[style], timeZone }).format(at);
}

/** Writes an hour and its minutes (08:05). */
export function formatTime(language: Language, at: Date, timeZone = 'Europe/Paris'): string {
  return new Intl.DateTimeFormat(locales[language], { hour: '2-digit', minute: '2-digit', timeZone }).format(
    at,
  );
}

/** Writes a day with its hour. */
export function formatDateTime(language: Language, at: Date, timeZone = 'Europe/Paris'): string {
  const options = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  } as const;
  return new Intl.DateTimeFormat(locales[language], { ...options, timeZone }).format(at);
}

/** Writes a number with the separators of the language, at most `digits` after the decimal mark (default 2). */
export function formatNumber(language: Language, value: number, digits = 2): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
}

/** Writes a share between 0 and 1 as a percentage without decimals. */
export function formatPercent(language: Language, share: number): string {
  return new Intl.NumberFormat(locales[language], { style: 'percent', maximumFractionDigits: 0 }).format(
    share,
  );
}

/** Joins words into an enumeration ("Ada, Léo et Inès"). */
export function formatList(language: Language, words: readonly string[]): string {
  return new Intl.ListFormat(locales[language], { type: 'conjunction' }).format(words);
}

/** Writes a size of a file; bytes, thousands and millions in decimal units. */
export function formatBytes(language: Language, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const unit = units[power] ?? 'byte';
  const style = {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  } as const;
  return new Intl.NumberFormat(locales[language], style).format(bytes / 1000 ** power);
}

/** True when the language writes this count in the singular (French: 0 and 1; English: 1). */
export function isSingular(language: Language, count: number): boolean {
  return new Intl.PluralRules(locales[language]).select(count) === 'one';
}
