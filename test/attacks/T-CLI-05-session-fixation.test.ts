import { randomToken } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { openModuleWorld, openSignedInBrowser, type ModuleWorld } from '../support/module-world.ts';

describe('T-CLI-05 session fixation, theft and guessing', () => {
  let world: ModuleWorld;
  beforeAll(async () => {
    world = await openModuleWorld();
  });
  afterAll(() => world.close());

  const cookieName = () => `${world.clientId}-session`;
  const status = async (cookie: string) =>
    (
      await fetch(`${world.baseUrl}/`, {
        headers: { accept: 'text/html', cookie: `${cookieName()}=${cookie}` },
        redirect: 'manual',
      })
    ).status;

  it('serves the session that this browser was given (positive twin)', async () => {
    const { browser } = await openSignedInBrowser(world);
    expect(await status(browser.cookies(world.baseUrl).get(cookieName())!)).toBe(200);
  });

  it('never takes over an id that was planted before the sign-in', async () => {
    const planted = randomToken();
    const browser = openBrowser();
    browser.setCookie(world.baseUrl, cookieName(), planted);
    world.provider.account = 'camille';
    expect((await world.signIn(browser)).status).toBe(200);
    expect(browser.cookies(world.baseUrl).get(cookieName())).not.toBe(planted);
    expect(await status(planted)).toBe(303);
  });

  it('ends the earlier session of the browser at a new sign-in (ASVS 7.2.4)', async () => {
    const { browser } = await openSignedInBrowser(world);
    const first = browser.cookies(world.baseUrl).get(cookieName())!;
    await browser.follow(await browser.get(`${world.baseUrl}/sign-in`));
    const second = browser.cookies(world.baseUrl).get(cookieName())!;
    expect(second).not.toBe(first);
    expect(await status(first)).toBe(303);
    expect(await status(second)).toBe(200);
  });

  it('knows no session by the hash that the database keeps, nor by an id of another form', async () => {
    await openSignedInBrowser(world, 'nils');
    const [row] = await world.test
      .openAdmin()
      .query<{ id_hash: Buffer }>("SELECT id_hash FROM client.sessions WHERE sub = 'nils'");
    expect(await status(row!.id_hash.toString('base64url'))).toBe(303);
    for (const odd of ['', 'x', randomToken(), `${randomToken()}x`, "' OR 1=1 --", '%00']) {
      expect(await status(odd)).toBe(303);
    }
  });

  it('gives cookies that scripts and other sites cannot use', async () => {
    world.provider.account = 'camille';
    const begun = await fetch(`${world.baseUrl}/sign-in`, { redirect: 'manual' });
    const [line] = begun.headers.getSetCookie();
    expect(line).toMatch(/; HttpOnly/);
    expect(line).toMatch(/; SameSite=Lax/);
    expect(line).toMatch(/; Path=\//);
    expect(line).toMatch(/; Max-Age=600/);
  });
});
