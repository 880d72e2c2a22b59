import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openModuleUnderTest, type ModuleUnderTest } from '../support/module-under-test.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('a module and the socle’s own provider', () => {
  let socle: IdentityServer;
  let module: ModuleUnderTest;
  const tokens: string[] = [];
  beforeAll(async () => {
    socle = await startIdentityServer();
    module = await openModuleUnderTest({
      async register(metadata) {
        await socle.identity.clients.register(metadata, BY);
        return socle.issuer;
      },
      client: {
        fetch: async (input, init) => {
          const { authorization } = (init?.headers ?? {}) as Record<string, string>;
          if (authorization) tokens.push(authorization.replace('Bearer ', ''));
          return fetch(input, init);
        },
      },
    });
    await socle.addPerson('m.legoff', PASSWORD);
  });
  afterAll(async () => {
    await module.close();
    await socle.close();
  });

  async function signIn(browser: HttpBrowser, path = '/'): Promise<Page> {
    const form = await browser.follow(await browser.get(`${module.baseUrl}${path}`));
    expect(form.url).toContain(`${socle.issuer}/sign-in/`);
    return browser.follow(await browser.submit(form, { username: 'm.legoff', password: PASSWORD }));
  }
  const read = (page: Page) =>
    JSON.parse(page.text) as { sub: string; sid: string; acr: string; csrf: string };

  it('signs a person in by password and brings them back to their page, with a pairwise subject, sid and acr', async () => {
    const browser = openBrowser();
    const page = await signIn(browser, '/lists/6B?sort=name');
    expect(page.status).toBe(200);
    expect(page.url).toBe(`${module.baseUrl}/lists/6B?sort=name`);
    const me = read(await browser.get(`${module.baseUrl}/`));
    expect(me).toMatchObject({ sub: expect.any(String), sid: expect.any(String), acr: 'password' });
    const [person] = socle.people.keys();
    expect(me.sub).not.toBe(person);
    const resolved = await socle.identity.resolveSubject(
      socle.test.app,
      new URL(module.baseUrl).host,
      me.sub,
    );
    expect(resolved).toBe(person);
  });

  it('signs out here and there, and says so on the module’s page', async () => {
    const browser = openBrowser();
    const { csrf } = read(await signIn(browser));
    const out = await browser.post(
      `${module.baseUrl}/sign-out`,
      { _csrf: csrf },
      { origin: module.baseUrl, 'sec-fetch-site': 'same-origin' },
    );
    expect(out.location).toContain(`${socle.issuer}/session/end`);
    const confirm = await browser.follow(out);
    expect(confirm.status).toBe(200);
    const done = await browser.follow(await browser.submit(confirm, { logout: 'yes' }));
    expect(done.url).toBe(`${module.baseUrl}/signed-out`);
    expect(done.text).toContain('Votre session est fermée');
    const again = await browser.follow(await browser.get(`${module.baseUrl}/`));
    expect(again.url).toContain(`${socle.issuer}/sign-in/`);
  });

  it('ends the module’s session when the person signs out at the socle', async () => {
    const browser = openBrowser();
    await signIn(browser);
    const confirm = await browser.get(`${socle.issuer}/session/end`);
    await browser.submit(confirm, { logout: 'yes' });
    const page = await browser.get(`${module.baseUrl}/`, { accept: 'application/json' });
    expect(page.status).toBe(401);
  });

  it('calls the socle with a token that the socle takes for this module', async () => {
    const browser = openBrowser();
    await signIn(browser);
    // This server has no decision point: that it answers 404 shows that the call arrived.
    const session = { sub: 'x', acr: 'password' } as Parameters<typeof module.client.may>[0];
    await expect(
      module.client.may(session, 'absences.list.read', { type: 'absences.list', id: '6B' }),
    ).rejects.toMatchObject({ code: 'socle_refused', details: { status: 404 } });
    expect(tokens).toHaveLength(1);
    expect(decodeJwt(tokens[0]!)).toMatchObject({ aud: `${socle.issuer}/modules`, scope: 'socle:module' });
    expect(await socle.identity.verifyModuleToken(tokens[0]!)).toEqual({
      clientId: module.clientId,
      sector: new URL(module.baseUrl).host,
    });
  });
});
