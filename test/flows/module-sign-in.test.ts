import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { openModuleWorld, openSignedInBrowser, type ModuleWorld } from '../support/module-world.ts';

describe('OpenID Connect Core §3.1: a person signs in to a module', () => {
  let world: ModuleWorld;
  beforeAll(async () => {
    world = await openModuleWorld();
  });
  afterAll(() => world.close());

  it('sends a reader without a session to the provider, and back to the page they wanted', async () => {
    world.provider.account = 'camille';
    const browser = openBrowser();
    const first = await browser.get(`${world.baseUrl}/lists/6B?sort=name`);
    expect(first.status).toBe(303);
    expect(new URL(first.location!).pathname).toBe('/sign-in');
    const page = await browser.follow(first);
    expect(page.status).toBe(200);
    expect(JSON.parse(page.text)).toEqual({ sub: 'camille', url: '/lists/6B?sort=name' });
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('knows how strongly and when the person signed in, since it asked', async () => {
    const { browser } = await openSignedInBrowser(world);
    const page = await browser.get(`${world.baseUrl}/`);
    expect(JSON.parse(page.text)).toMatchObject({ sub: 'camille', acr: 'password' });
  });

  it('asks by code, S256, state and nonce, for no more than openid', async () => {
    const browser = openBrowser();
    const { location } = await browser.get(`${world.baseUrl}/sign-in`);
    const query = Object.fromEntries(new URL(location!).searchParams);
    expect(query).toMatchObject({
      response_type: 'code',
      scope: 'openid',
      code_challenge_method: 'S256',
      client_id: world.clientId,
    });
    expect(query.state).toMatch(/^[\w-]{43}$/);
    expect(query.nonce).toMatch(/^[\w-]{43}$/);
    expect(query.code_challenge).toMatch(/^[\w-]{43}$/);
  });

  it('passes prompt, max_age and acr_values on, and leaves out what is not one of them', async () => {
    const browser = openBrowser();
    const asked = await browser.get(`${world.baseUrl}/sign-in?prompt=login&max_age=60&acr_values=factor`);
    expect(Object.fromEntries(new URL(asked.location!).searchParams)).toMatchObject({
      prompt: 'login',
      max_age: '60',
      acr_values: 'factor',
    });
    const odd = await browser.get(
      `${world.baseUrl}/sign-in?prompt=%3Cscript%3E&max_age=-1&redirect_uri=https://x`,
    );
    expect(new URL(odd.location!).searchParams.has('prompt')).toBe(false);
    expect(new URL(odd.location!).searchParams.has('max_age')).toBe(false);
    expect(new URL(odd.location!).searchParams.get('redirect_uri')).toBe(`${world.baseUrl}/oidc/callback`);
  });

  it('keeps two sign-ins of one browser apart (two tabs)', async () => {
    world.provider.account = 'camille';
    const browser = openBrowser();
    const one = await browser.get(`${world.baseUrl}/sign-in?return_to=/lists/1`);
    const two = await browser.get(`${world.baseUrl}/sign-in?return_to=/lists/2`);
    expect(JSON.parse((await browser.follow(two)).text).url).toBe('/lists/2');
    expect(JSON.parse((await browser.follow(one)).text).url).toBe('/lists/1');
  });

  it('comes back without a session, and without an error, from a silent sign-in when nobody is signed in', async () => {
    const browser = openBrowser();
    const back = await browser.follow(
      await browser.get(`${world.baseUrl}/sign-in?prompt=none&return_to=/signed-out`),
      (location) => location.origin === world.baseUrl && location.pathname !== '/oidc/callback',
    );
    expect(back.status).toBe(303);
    expect(back.location).toBe(`${world.baseUrl}/`);
  });

  it('shows a page, not a code, when the person refuses at the provider', async () => {
    world.provider.account = undefined;
    const browser = openBrowser();
    const page = await world.signIn(browser, '/lists/6B');
    expect(page.status).toBe(403);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain('La connexion n’a pas abouti');
  });

  it('answers a program without a session with a problem document, never a redirect', async () => {
    const browser = openBrowser();
    const answer = await browser.get(`${world.baseUrl}/`, { accept: 'application/json' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'sign_in_required', status: 401 });
  });

  it('ends an idle session, and one that is older than the absolute limit whatever its use', async () => {
    const { browser } = await openSignedInBrowser(world);
    const home = () => browser.get(`${world.baseUrl}/`);
    world.clock.advanceSeconds(1_700);
    expect((await home()).status).toBe(200);
    world.clock.advanceSeconds(1_700);
    expect((await home()).status).toBe(200);
    world.clock.advanceSeconds(1_801);
    expect((await home()).status).toBe(303);
    world.clock.set(new Date());

    const busy = await openSignedInBrowser(world);
    let status = 200;
    let used = 0;
    while (status === 200 && used < 100_000) {
      world.clock.advanceSeconds(1_500);
      used += 1_500;
      status = (await busy.browser.get(`${world.baseUrl}/`)).status;
    }
    expect(status).toBe(303);
    expect(used).toBeGreaterThan(34_000);
    expect(used).toBeLessThanOrEqual(37_500);
    world.clock.set(new Date());
  });

  it('keeps only hashes and a sealed ID token in the database', async () => {
    const { browser } = await openSignedInBrowser(world, 'agathe');
    const cookie = browser.cookies(world.baseUrl).get(`${world.clientId}-session`)!;
    const rows = await world.test
      .openAdmin()
      .query<Record<string, unknown>>(
        "SELECT *, encode(sealed_id_token, 'escape') AS token_text FROM client.sessions WHERE sub = 'agathe'",
      );
    expect(rows).toHaveLength(1);
    const text = JSON.stringify(rows);
    expect(text).not.toContain(cookie);
    expect(text).not.toContain('eyJ');
  });
});

describe('OpenID Connect RP-Initiated Logout 1.0: a person signs out', () => {
  let world: ModuleWorld;
  beforeAll(async () => {
    world = await openModuleWorld();
  });
  afterAll(() => world.close());

  it('ends the session here, then the one of the provider, then says so', async () => {
    const { browser, csrf } = await openSignedInBrowser(world);
    const stolen = browser.cookies(world.baseUrl).get(`${world.clientId}-session`)!;
    const out = await browser.post(`${world.baseUrl}/sign-out`, { _csrf: csrf });
    expect(out.status).toBe(303);
    expect(new URL(out.location!).origin).toBe(world.provider.issuer);
    expect(new URL(out.location!).searchParams.get('id_token_hint')).toMatch(/^eyJ/);
    expect(browser.cookies(world.baseUrl).has(`${world.clientId}-session`)).toBe(false);

    const confirm = await browser.follow(out);
    expect(confirm.status).toBe(200);
    const action = /action="([^"]+)"/.exec(confirm.text)![1]!;
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(confirm.text)![1]!;
    const done = await browser.follow(await browser.post(action, { xsrf, logout: 'yes' }));
    expect(done.url).toBe(`${world.baseUrl}/signed-out`);
    expect(done.text).toContain('Votre session est fermée');

    const thief = openBrowser();
    thief.setCookie(world.baseUrl, `${world.clientId}-session`, stolen);
    expect((await thief.get(`${world.baseUrl}/`)).status).toBe(303);
  });

  it('ends the sessions of a module when the person signs out elsewhere (back-channel)', async () => {
    const { browser } = await openSignedInBrowser(world, 'zoé');
    const before = world.provider.calls.get('/session/end') ?? 0;
    const ask = await browser.get(`${world.provider.issuer}/session/end`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(ask.text)![1]!;
    await browser.post(`${world.provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    expect(world.provider.calls.get('/session/end')).toBe(before + 1);
    expect((await browser.get(`${world.baseUrl}/`)).status).toBe(303);
  });
});
