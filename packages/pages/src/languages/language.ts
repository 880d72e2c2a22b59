/** The languages pages are written in. */
export type Language = 'fr' | 'en';

/** Every language, the default first. */
export const languages: readonly Language[] = ['fr', 'en'];

/** The name of each language in itself. */
export const languageNames: Readonly<Record<Language, string>> = { fr: 'Français', en: 'English' };

/** Name of the cookie that keeps the person's choice; no other page or service reads anything else from it. */
export const languageCookieName = 'socle-language';

/** True for a language that pages are written in. */
export function isLanguage(value: unknown): value is Language {
  return value === 'fr' || value === 'en';
}

/**
 * The language to write in: the person's choice (`chosen`, the value of the cookie) when it is one of ours, otherwise
 * the best of `acceptLanguage` (RFC 9110 §12.5.4, weights respected, `q=0` refused), otherwise French.
 */
export function chooseLanguage(acceptLanguage: string | undefined, chosen?: string): Language {
  if (isLanguage(chosen)) return chosen;
  let best: Language = 'fr';
  let bestWeight = 0;
  for (const range of (acceptLanguage ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const primary = tag.trim().split('-')[0];
    const weight = readWeight(parameters);
    if (isLanguage(primary) && weight > bestWeight) {
      best = primary;
      bestWeight = weight;
    }
  }
  return best;
}

function readWeight(parameters: readonly string[]): number {
  const given = parameters
    .map((part) => /^\s*q=(\d(?:\.\d{0,3})?)\s*$/.exec(part)?.[1])
    .find((q) => q !== undefined);
  if (given !== undefined) return Math.min(Number(given), 1);
  return parameters.some((part) => part.trim().startsWith('q=')) ? 0 : 1;
}
