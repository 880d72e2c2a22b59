import type { FastifyRequest } from 'fastify';
import { chooseLanguage, languageCookieName, type Language } from '@socle/pages';
import { readCookie } from './read-cookie.ts';

/** The person's choice, then the browser's, then French. */
export function languageOf(request: FastifyRequest): Language {
  return chooseLanguage(
    request.headers['accept-language'],
    readCookie(request.headers.cookie, languageCookieName),
  );
}
