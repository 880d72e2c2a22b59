import { timingSafeEqual } from 'node:crypto';
import { randomToken } from '@socle/base';
import { buildLoginKey } from './account-store.ts';
import { keyedHash } from './derived-secrets.ts';

/** A browser is remembered for 180 days, for at most this many logins. */
export const DEVICE_COOKIE_SECONDS = 180 * 24 * 3_600;
const MAX_ENTRIES = 4;

// One entry: random id, last second of validity, MAC over both and the login. The login itself is not in it.
const ENTRY = /^([\w-]{22})\.(\d{10})\.([\w-]{43})$/;

/**
 * The id under which this browser is known for `login`, or undefined. Whoever holds it has their own counter of
 * attempts, so that strangers who fail on purpose do not lock the owner out.
 */
export function findDevice(secret: Buffer, cookie: string, login: string, now: Date): string | undefined {
  for (const entry of cookie.split('~').slice(0, MAX_ENTRIES)) {
    const [, id, until, mac] = ENTRY.exec(entry) ?? [];
    if (id === undefined || until === undefined || mac === undefined) continue;
    const fits = timingSafeEqual(Buffer.from(mac, 'base64url'), sign(secret, id, until, login));
    if (fits && Number(until) * 1000 > now.getTime()) return id;
  }
  return undefined;
}

/** The cookie with a fresh entry for `login` in front of what it held before. */
export function addDevice(secret: Buffer, cookie: string, login: string, now: Date): string {
  const id = randomToken(16);
  const until = String(Math.floor(now.getTime() / 1000) + DEVICE_COOKIE_SECONDS);
  const known = findDevice(secret, cookie, login, now);
  const kept = cookie
    .split('~')
    .filter((entry) => ENTRY.test(entry) && (known === undefined || !entry.startsWith(`${known}.`)));
  const entry = `${id}.${until}.${sign(secret, id, until, login).toString('base64url')}`;
  return [entry, ...kept].slice(0, MAX_ENTRIES).join('~');
}

function sign(secret: Buffer, id: string, until: string, login: string): Buffer {
  return keyedHash(secret, 'device', id, until, buildLoginKey(login));
}
