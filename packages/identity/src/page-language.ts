import type { IncomingMessage } from 'node:http';
import { readCookie } from './cookies.ts';

export type Language = 'fr' | 'en';

/** Remembers the language that the person chose, for a year. */
export const LANGUAGE_COOKIE = 'socle_language';

/** The language of a page: the person's choice, then Accept-Language, then French. */
export function chooseRequestLanguage(request: IncomingMessage): Language {
  const chosen = readCookie(request, LANGUAGE_COOKIE);
  if (chosen === 'fr' || chosen === 'en') return chosen;
  const wanted = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((item) => {
      const [tag = '', quality] = item.trim().split(';q=');
      return { tag: tag.slice(0, 2).toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => (tag === 'fr' || tag === 'en') && quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.tag === 'en' ? 'en' : 'fr';
}
