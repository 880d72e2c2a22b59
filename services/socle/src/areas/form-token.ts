import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@socle/base';

/** The hidden field that carries the token against cross-site request forgery. */
export const FORM_TOKEN_FIELD = '_csrf';

/** Keys of the pages' own cookies and tokens, derived from the master key (HKDF-SHA-256, RFC 5869). */
export interface AreaKeys {
  readonly formToken: Buffer;
  readonly flash: Buffer;
}

/** Derives one key for each use, so that none stands for another. */
export function deriveAreaKeys(masterKey: Secret): AreaKeys {
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', masterKey.revealBytes(), 'socle/areas', `socle/areas/${use}/1`, 32));
  return { formToken: derive('form-token'), flash: derive('flash') };
}

/** The token of one session's forms: good for as long as the session lives, worth nothing in another. */
export function buildFormToken(key: Buffer, sessionId: string): string {
  return createHmac('sha256', key).update(sessionId).digest('base64url');
}

/** Is this the token of this session? Compares in constant time. */
export function verifyFormToken(key: Buffer, sessionId: string, token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const expected = Buffer.from(buildFormToken(key, sessionId));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
