import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-04 guessing passwords and finding out who exists', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
  });
  afterAll(() => server.close());

  const open = async (browser: HttpBrowser) =>
    browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/`));
  const attempt = async (browser: HttpBrowser, username: string, password: string) =>
    browser.submit(await open(browser), { username, password });
  // All that differs between two honest answers: the sign-in's own id, and the login that was typed.
  const shape = (page: Page, login: string) => ({
    status: page.status,
    headers: [...page.headers.keys()].sort().join(','),
    text: page.text
      .replaceAll(new URL(page.url).pathname, '')
      .replaceAll(/data-options="[^"]*"/g, '')
      .replaceAll(login, ''),
  });

  it('answers unknown, known, suspended, departed and password-less people alike', async () => {
    await server.addPerson('connue', PASSWORD);
    const suspended = await server.addPerson('suspendue', PASSWORD);
    await server.identity.accounts.suspend(suspended.account.id, { ...BY, reason: 'test' });
    const departed = await server.addPerson('partie', PASSWORD);
    server.people.set(departed.person.id, { ...departed.person, status: 'departed' });
    const wrong = shape(await attempt(openBrowser(), 'connue', 'faux mot de passe'), 'connue');
    expect(wrong.status).toBe(422);
    expect(shape(await attempt(openBrowser(), 'inconnue', PASSWORD), 'inconnue')).toEqual(wrong);
    expect(shape(await attempt(openBrowser(), 'suspendue', PASSWORD), 'suspendue')).toEqual(wrong);
    expect(shape(await attempt(openBrowser(), 'partie', PASSWORD), 'partie')).toEqual(wrong);
    expect((await attempt(openBrowser(), 'connue', PASSWORD)).status).toBe(303);
  });

  it('counts parallel guesses before any is looked at, for logins that exist and that do not', async () => {
    await server.addPerson('visee', PASSWORD);
    for (const login of ['visee', 'personne.du.tout']) {
      const pages = await Promise.all(
        Array.from({ length: 14 }, (_, n) => attempt(openBrowser(), login, `essai ${n}`)),
      );
      const statuses = pages.map((page) => page.status);
      expect(statuses.filter((status) => status === 422)).toHaveLength(10);
      expect(statuses.filter((status) => status === 429)).toHaveLength(4);
      expect(pages.find((page) => page.status === 429)?.headers.get('retry-after')).toMatch(/^\d+$/);
    }
    const [event] = await server.test
      .openAdmin()
      .query<{ n: number }>(
        `SELECT count(*)::int AS n FROM audit.events WHERE action = 'identity.account.throttled'`,
      );
    expect(event?.n).toBe(2);
  });

  it('does not let strangers lock out the owner’s own browser, and lets everyone back after the window', async () => {
    await server.addPerson('proprietaire', PASSWORD);
    const own = openBrowser();
    expect((await attempt(own, 'proprietaire', PASSWORD)).status).toBe(303);
    const stranger = openBrowser();
    for (let n = 0; n < 11; n += 1) await attempt(stranger, 'proprietaire', `essai ${n}`);
    expect((await attempt(stranger, 'proprietaire', PASSWORD)).status).toBe(429);
    await own.get(`${server.issuer}/`);
    const signIn = await own.follow(await own.get(`${server.issuer}/sign-in`));
    expect(signIn.text).toContain('session');
    const again = openBrowser();
    const device = own.cookies(server.issuer).get('socle_device');
    expect(device).toBeTypeOf('string');
    again.setCookie(server.issuer, 'socle_device', device ?? '');
    expect((await attempt(again, 'proprietaire', PASSWORD)).status).toBe(303);
    clock.advanceSeconds(15 * 60 + 1);
    expect((await attempt(stranger, 'proprietaire', PASSWORD)).status).toBe(303);
  });

  it('opens a throttled login when an administrator unlocks it', async () => {
    const { account } = await server.addPerson('bloquee', PASSWORD);
    const stranger = openBrowser();
    for (let n = 0; n < 11; n += 1) await attempt(stranger, 'bloquee', `essai ${n}`);
    expect((await attempt(stranger, 'bloquee', PASSWORD)).status).toBe(429);
    await server.identity.accounts.unlock(account.id, BY);
    expect((await attempt(stranger, 'bloquee', PASSWORD)).status).toBe(303);
  });
});
