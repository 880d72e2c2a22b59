import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DEVICE_COOKIE_SECONDS, addDevice, findDevice } from './device-cookie.ts';

describe('device cookie', () => {
  const secret = randomBytes(32);
  const now = new Date('2026-09-01T08:00:00Z');

  it('is known for the login that signed in, in any case, and for no other', () => {
    const cookie = addDevice(secret, '', 'Camille', now);
    expect(findDevice(secret, cookie, 'camille', now)).toMatch(/^[\w-]{22}$/);
    expect(findDevice(secret, cookie, 'claude', now)).toBeUndefined();
    expect(cookie).not.toContain('amille');
  });

  it('refuses another key, an altered entry and one past its time', () => {
    const cookie = addDevice(secret, '', 'camille', now);
    expect(findDevice(randomBytes(32), cookie, 'camille', now)).toBeUndefined();
    const [id = '', until = '', mac = ''] = cookie.split('.');
    expect(findDevice(secret, `${id}.${Number(until) + 1}.${mac}`, 'camille', now)).toBeUndefined();
    expect(
      findDevice(secret, `${id.split('').reverse().join('')}.${until}.${mac}`, 'camille', now),
    ).toBeUndefined();
    const later = new Date(now.getTime() + (DEVICE_COOKIE_SECONDS + 1) * 1000);
    expect(findDevice(secret, cookie, 'camille', later)).toBeUndefined();
    expect(findDevice(secret, cookie, 'camille', now)).toBeDefined();
  });

  it('keeps the four latest logins of a browser, one entry each', () => {
    let cookie = '';
    for (const login of ['a', 'b', 'c', 'd', 'e', 'e']) cookie = addDevice(secret, cookie, login, now);
    expect(cookie.split('~')).toHaveLength(4);
    expect(findDevice(secret, cookie, 'a', now)).toBeUndefined();
    for (const login of ['b', 'c', 'd', 'e']) expect(findDevice(secret, cookie, login, now)).toBeDefined();
  });
});
