import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Flash } from '@socle/pages';

const COOKIE_SECONDS = 60;
/** Browsers drop a cookie over 4096 bytes without a word. */
const MAX_COOKIE_BYTES = 3_500;

/** What is needed to keep a message from one page to the next. */
export interface FlashCookieOptions {
  readonly key: Buffer;
  /** True behind https: the cookie then bears the `__Host-` prefix. */
  readonly secure: boolean;
}

/** The cookie that carries a message over the redirect after a form. */
export function flashCookieName(secure: boolean): string {
  return secure ? '__Host-socle_flash' : 'socle_flash';
}

/** The Set-Cookie line that keeps `messages` for the next page, for a minute. Only the service can write one. */
export function buildFlashCookie(options: FlashCookieOptions, messages: readonly Flash[]): string {
  const body = Buffer.from(JSON.stringify(messages)).toString('base64url');
  const value = `${body}.${sign(options.key, body)}`;
  return value.length > MAX_COOKIE_BYTES ? clearFlashCookie(options) : line(options, value, COOKIE_SECONDS);
}

/** The Set-Cookie line that forgets the message once it was shown. */
export function clearFlashCookie(options: FlashCookieOptions): string {
  return line(options, '', 0);
}

/** The messages that this service put in the cookie; none when somebody else wrote it. */
export function readFlashCookie(options: FlashCookieOptions, value: string | undefined): readonly Flash[] {
  const [body, mac, ...rest] = (value ?? '').split('.');
  if (!body || !mac || rest.length > 0) return [];
  const expected = Buffer.from(sign(options.key, body));
  const given = Buffer.from(mac);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return [];
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Flash[];
}

function sign(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url');
}

function line({ secure }: FlashCookieOptions, value: string, maxAgeSeconds: number): string {
  const secureWord = secure ? '; Secure' : '';
  return `${flashCookieName(secure)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secureWord}`;
}
