import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { openModuleWorld, type ModuleWorld } from '../support/module-world.ts';

describe('T-CLI-01 forged, replayed or mixed-up authorization response', () => {
  let world: ModuleWorld;
  beforeAll(async () => {
    world = await openModuleWorld();
  });
  afterAll(() => world.close());

  /** Walks to the moment where the provider sends the browser back, and stops there. */
  async function walkToCallback(browser: HttpBrowser): Promise<URL> {
    world.provider.account = 'camille';
    const answer = await browser.follow(
      await browser.get(`${world.baseUrl}/sign-in`),
      (location) => location.pathname === '/oidc/callback',
    );
    return new URL(answer.location!);
  }
  const isSignedIn = async (browser: HttpBrowser) => (await browser.get(`${world.baseUrl}/`)).status === 200;

  it('accepts the response that the provider gave to this browser (positive twin)', async () => {
    const browser = openBrowser();
    const callback = await walkToCallback(browser);
    expect(callback.searchParams.get('iss')).toBe(world.provider.issuer);
    expect((await browser.get(callback)).status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('refuses it in another browser: the sign-in is bound to the one that began it (login CSRF)', async () => {
    const attacker = openBrowser();
    const callback = await walkToCallback(attacker);
    const victim = openBrowser();
    expect((await victim.get(callback)).status).toBe(400);
    expect(await isSignedIn(victim)).toBe(false);
    expect((await attacker.get(callback)).status).toBe(303); // and the attempt did not use it up
  });

  it("refuses another browser's state with its own cookie renamed to it", async () => {
    const [one, two] = [openBrowser(), openBrowser()];
    const callback = await walkToCallback(one);
    const own = await walkToCallback(two);
    const name = (url: URL) => `${world.clientId}-sign-in-${url.searchParams.get('state')!.slice(0, 8)}`;
    two.setCookie(world.baseUrl, name(callback), two.cookies(world.baseUrl).get(name(own))!);
    expect((await two.get(callback)).status).toBe(400);
    expect(await isSignedIn(two)).toBe(false);
  });

  it('refuses a state that was used', async () => {
    const browser = openBrowser();
    const callback = await walkToCallback(browser);
    const held = new Map(browser.cookies(world.baseUrl));
    expect((await browser.get(callback)).status).toBe(303);
    const replay = openBrowser();
    for (const [name, value] of held) replay.setCookie(world.baseUrl, name, value);
    expect((await replay.get(callback)).status).toBe(400);
  });

  it('lets one of 16 simultaneous uses of a response through', async () => {
    const browser = openBrowser();
    const callback = await walkToCallback(browser);
    const held = [...browser.cookies(world.baseUrl)].map(([name, value]) => `${name}=${value}`).join('; ');
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => fetch(callback, { headers: { cookie: held }, redirect: 'manual' })),
    );
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(15);
  });

  it('refuses a state that is older than ten minutes', async () => {
    const browser = openBrowser();
    const callback = await walkToCallback(browser);
    world.clock.advanceSeconds(601);
    expect((await browser.get(callback)).status).toBe(400);
    world.clock.set(new Date());
  });

  it.each([
    ['without iss', (url: URL) => url.searchParams.delete('iss')],
    [
      'of another issuer (mix-up, RFC 9207)',
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
    ],
    [
      'with a final slash added to the issuer',
      (url: URL) => url.searchParams.set('iss', `${world.provider.issuer}/`),
    ],
    ['with two codes', (url: URL) => url.searchParams.append('code', 'x')],
    ['with two states', (url: URL) => url.searchParams.append('state', 'x')],
    [
      'with a code that the provider did not give',
      (url: URL) => url.searchParams.set('code', 'x'.repeat(43)),
    ],
    ['without a code', (url: URL) => url.searchParams.delete('code')],
    [
      'with a cut state',
      (url: URL) => url.searchParams.set('state', url.searchParams.get('state')!.slice(0, 42)),
    ],
  ])('refuses a response %s', async (_title, forge) => {
    const browser = openBrowser();
    const callback = await walkToCallback(browser);
    forge(callback);
    expect([400, 403]).toContain((await browser.get(callback)).status);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('never sends a code to the token endpoint for a response of another issuer', async () => {
    const browser = openBrowser();
    const callback = await walkToCallback(browser);
    const before = world.provider.calls.get('/token') ?? 0;
    callback.searchParams.set('iss', 'https://evil.example');
    await browser.get(callback);
    expect(world.provider.calls.get('/token') ?? 0).toBe(before);
  });
});
