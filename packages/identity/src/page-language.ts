import type { IncomingMessage } from 'node:http';
import { chooseLanguage, languageCookieName, type Language } from '@socle/pages';
import { readCookie } from './cookies.ts';

/** The language of a page: the person's choice, then Accept-Language, then French. */
export function chooseRequestLanguage(request: IncomingMessage): Language {
  return chooseLanguage(request.headers['accept-language'], readCookie(request, languageCookieName));
}
