import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeJwt } from 'jose';
import { buildManualClock, type ManualClock } from '@socle/base';
import { newTotpSecret } from '@socle/identity';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { codeAt } from '../support/one-time-codes.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const SHORT = 'noix verte 4';

describe('the second factor', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  let party: RelyingParty;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
    party = await openRelyingParty(server.identity, server.issuer);
  });
  // The provider stamps its rows with the machine's time.
  beforeEach(() => clock.set(new Date()));
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  async function addWithCodes(login: string): Promise<string> {
    const { account } = await server.addPerson(login, PASSWORD);
    const secret = newTotpSecret();
    await server.identity.factors.assignTotp(account.id, secret, BY);
    return secret;
  }
  const start = async (browser: HttpBrowser, username: string, password = PASSWORD) => {
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/private`));
    return browser.follow(await browser.submit(page, { username, password }), `${server.issuer}/private`);
  };
  const arrives = (page: Page) => page.location === `${server.issuer}/private`;
  const acr = async (browser: HttpBrowser) =>
    (JSON.parse((await browser.get(`${server.issuer}/`)).text) as { session?: { acr: string } }).session?.acr;

  it('leaves people of a long password and no second factor alone', async () => {
    await server.addPerson('paul.rieux', PASSWORD);
    server.factorDemands.set('paul.rieux', 'short-password');
    const browser = openBrowser();
    expect(arrives(await start(browser, 'paul.rieux'))).toBe(true);
    expect(await acr(browser)).toBe('password');
  });

  it('asks whoever has a generator for its code, on a page with the field `code`', async () => {
    const secret = await addWithCodes('anne.colin');
    const browser = openBrowser();
    const page = await start(browser, 'anne.colin');
    expect(page.url).toMatch(/\/sign-in\/[^/]+\/code$/);
    expect(page.text).toContain('name="code"');
    expect(await acr(browser)).toBeUndefined();
    const wrong = await browser.submit(page, { code: '000000' });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('pas le bon');
    const missing = await browser.submit(page, { code: '' });
    expect(missing.status).toBe(422);
    const done = await browser.submit(page, { code: codeAt(secret, clock.now()) });
    expect(arrives(done)).toBe(true);
    expect(await acr(browser)).toBe('factor');
  });

  it('sets a generator up for staff with a short password, and asks for it the next time', async () => {
    await server.addPerson('remi.faure', SHORT);
    server.factorDemands.set('remi.faure', 'short-password');
    const browser = openBrowser();
    const page = await start(browser, 'remi.faure', SHORT);
    expect(page.url).toMatch(/\/set-up$/);
    const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? '';
    expect(secret.replaceAll(' ', '')).toHaveLength(32);
    const refused = await browser.submit(page, { code: '000000' });
    expect(refused.status).toBe(422);
    const code = codeAt(secret, clock.now());
    expect(arrives(await browser.submit(page, { code }))).toBe(true);
    expect(await acr(browser)).toBe('factor');
    const next = openBrowser();
    const asked = await start(next, 'remi.faure', SHORT);
    expect(asked.url).toMatch(/\/code$/);
    expect((await next.submit(asked, { code })).status).toBe(422);
    clock.advanceSeconds(30);
    expect(arrives(await next.submit(asked, { code: codeAt(secret, clock.now()) }))).toBe(true);
  });

  it('always sets one up for those who administer, however long their password is', async () => {
    await server.addPerson('ines.caron', PASSWORD);
    server.factorDemands.set('ines.caron', 'always');
    expect((await start(openBrowser(), 'ines.caron')).url).toMatch(/\/set-up$/);
  });

  it('gives the code’s strength to services in acr and amr', async () => {
    const secret = await addWithCodes('lea.brun');
    const browser = openBrowser();
    const { url, verifier } = party.request({ acr_values: 'factor' });
    const first = await browser.follow(await browser.get(url));
    const page = await browser.follow(
      await browser.submit(first, { username: 'lea.brun', password: PASSWORD }),
      party.redirectUri,
    );
    const done = await browser.follow(
      await browser.submit(page, { code: codeAt(secret, clock.now()) }),
      party.redirectUri,
    );
    const code = new URL(done.location ?? '').searchParams.get('code') ?? '';
    const { body } = await party.redeem(code, verifier);
    const claims = decodeJwt(String(body['id_token']));
    expect(claims['acr']).toBe('factor');
    expect(claims['amr']).toEqual(['pwd', 'otp', 'mfa']);
  });

  it('asks again for a service that wants more than the session has, once', async () => {
    await server.addPerson('sami.ould', PASSWORD);
    const browser = openBrowser();
    await party.signIn(browser, 'sami.ould', PASSWORD);
    const plain = await browser.follow(await browser.get(party.request().url), party.redirectUri);
    expect(plain.location).toContain('code=');
    const wish = await browser.follow(
      await browser.get(party.request({ acr_values: 'factor' }).url),
      party.redirectUri,
    );
    expect(wish.url).toContain('/sign-in/');
    // A wish that this person cannot fulfil is not a wall.
    const answer = await browser.follow(
      await browser.submit(wish, { username: 'sami.ould', password: PASSWORD }),
      party.redirectUri,
    );
    expect(answer.location).toContain('code=');
  });

  it('lets an essential acr be met by a stronger sign-in', async () => {
    const secret = await addWithCodes('zoe.marin');
    const browser = openBrowser();
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'password' } } });
    const first = await browser.follow(await browser.get(party.request({ claims }).url));
    const page = await browser.follow(
      await browser.submit(first, { username: 'zoe.marin', password: PASSWORD }),
      party.redirectUri,
    );
    const done = await browser.follow(
      await browser.submit(page, { code: codeAt(secret, clock.now()) }),
      party.redirectUri,
    );
    expect(done.location).toContain('code=');
  });

  it('steps a session up: stronger, or proven again', async () => {
    const secret = await addWithCodes('tom.girard');
    const browser = openBrowser();
    const page = await start(browser, 'tom.girard');
    await browser.submit(page, { code: codeAt(secret, clock.now()) });
    const { identity } = server;
    const strong = identity.stepUpAddress('/private?x=1', 'factor', 300);
    expect((await browser.get(`${server.issuer}${strong}`)).location).toBe(`${server.issuer}/private?x=1`);
    clock.advanceSeconds(301);
    const again = await browser.follow(await browser.get(`${server.issuer}${strong}`));
    expect(again.text).toContain('value="tom.girard"');
    const asked = await browser.follow(
      await browser.submit(again, { username: 'tom.girard', password: PASSWORD }),
      `${server.issuer}/private`,
    );
    const done = await browser.submit(asked, { code: codeAt(secret, clock.now()) });
    expect(done.location).toBe(`${server.issuer}/private?x=1`);
  });

  it('refuses a session that is too weak or too old, and says where to prove more', async () => {
    const session = { acr: 'password', authenticatedAt: clock.now() } as const;
    const { identity } = server;
    const demand = (acr: 'password' | 'factor', maxAgeSeconds?: number) => () =>
      identity.requireAcr(session as never, {
        acr,
        returnTo: '/account',
        ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
      });
    expect(demand('password', 60)).not.toThrow();
    expect(demand('factor')).toThrow(
      expect.objectContaining({
        code: 'step_up_required',
        details: { signIn: '/sign-in?return-to=%2Faccount&acr=factor' },
      }),
    );
    clock.advanceSeconds(61);
    expect(demand('password', 60)).toThrow(expect.objectContaining({ code: 'step_up_required' }));
  });

  it('ends the other sessions when a factor changes, and writes who changed it', async () => {
    const { account } = await server.addPerson('yann.meyer', PASSWORD);
    const browser = openBrowser();
    await start(browser, 'yann.meyer');
    expect(await acr(browser)).toBe('password');
    await server.identity.factors.assignTotp(account.id, newTotpSecret(), BY);
    expect(await acr(browser)).toBeUndefined();
    expect(await server.identity.factors.removeTotp(account.id, BY)).toBe(true);
    expect(await server.identity.factors.removeTotp(account.id, BY)).toBe(false);
    const rows = await server.test
      .openAdmin()
      .query<{ action: string }>(
        `SELECT action FROM audit.events WHERE action LIKE 'identity.factor.%' ORDER BY at DESC, id DESC LIMIT 2`,
      );
    expect(rows.map((row) => row.action).sort()).toEqual([
      'identity.factor.added',
      'identity.factor.removed',
    ]);
  });
});
