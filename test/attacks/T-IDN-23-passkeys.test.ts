import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { makeAuthenticator, type Lies, type SoftAuthenticator } from '../support/soft-authenticator.ts';

const PASSWORD = 'châtaigne bleue 7';
const PLACE = 'session-of-the-page';

describe('T-IDN-23 passkeys: other sites, other people, answers used twice', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
  });
  // The provider stamps its rows with the machine's time.
  beforeEach(() => clock.set(new Date()));
  afterAll(() => server.close());

  const offer = (account: { id: string; login: string }, place = PLACE) =>
    server.identity.passkeys.offer({ ...account, displayName: 'Maëlle Le Goff' }, place);
  async function addWithPasskey(login: string) {
    const { account, person } = await server.addPerson(login, PASSWORD);
    const authenticator = makeAuthenticator(server.issuer);
    const response = authenticator.create(await offer(account));
    await server.identity.passkeys.register(account.id, { response, name: 'Téléphone', place: PLACE }, BY);
    return { account, person, authenticator };
  }
  const open = async (browser: HttpBrowser) =>
    browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/private`));
  const optionsOf = (page: Page) => {
    const [, text = ''] = /data-passkey="get" data-options="([^"]*)"/.exec(page.text) ?? [];
    return text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&');
  };
  const send = (browser: HttpBrowser, page: Page, response: string) =>
    browser.post(`${page.url}/passkey`, { response }, { origin: server.issuer });
  async function signIn(authenticator: SoftAuthenticator, lies?: Lies) {
    const browser = openBrowser();
    const page = await open(browser);
    const answer = await send(browser, page, authenticator.get(optionsOf(page), lies));
    const home = JSON.parse((await browser.get(`${server.issuer}/`)).text) as { session?: { acr: string } };
    return { status: answer.status, acr: home.session?.acr };
  }

  it('signs its person in without a name, as the strongest way', async () => {
    const { authenticator, account } = await addWithPasskey('alma.cle');
    expect(await signIn(authenticator)).toEqual({ status: 303, acr: 'passkey' });
    expect(await signIn(authenticator)).toEqual({ status: 303, acr: 'passkey' });
    const [entry] = await server.identity.passkeys.list(account.id);
    expect(entry).toMatchObject({ name: 'Téléphone', backedUp: false });
    expect(entry?.lastUsedAt).toBeInstanceOf(Date);
  });

  it('refuses an answer made for another site, another kind of question, or by nobody', async () => {
    const { authenticator } = await addWithPasskey('boris.cle');
    const lies: Lies[] = [
      { origin: 'https://evil.example' },
      { origin: `${server.issuer}.evil.example` },
      { origin: server.issuer.replace('localhost', '127.0.0.1') },
      { rpId: 'evil.example' },
      { type: 'webauthn.create' },
      { spoilSignature: true },
      { userVerified: false },
      { userHandle: Buffer.alloc(32).toString('base64url') },
    ];
    for (const lie of lies) {
      expect(await signIn(authenticator, lie), JSON.stringify(lie)).toEqual({ status: 422 });
    }
    for (const text of ['', '{}', '[]', 'null', '"x"', `{"id":"${'a'.repeat(4000)}"}`]) {
      const browser = openBrowser();
      expect((await send(browser, await open(browser), text)).status).toBe(422);
    }
    expect(await signIn(authenticator)).toEqual({ status: 303, acr: 'passkey' });
  });

  it('takes each challenge once, in the sign-in that it was made for, and not too late', async () => {
    const { authenticator } = await addWithPasskey('clara.cle');
    const browser = openBrowser();
    const page = await open(browser);
    const response = authenticator.get(optionsOf(page));
    // In another sign-in, by whoever saw the answer.
    const thief = openBrowser();
    expect((await send(thief, await open(thief), response)).status).toBe(422);
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(browser, page, response)));
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    const late = openBrowser();
    const old = await open(late);
    const asked = optionsOf(old);
    clock.advanceSeconds(3_590);
    expect((await send(late, old, authenticator.get(asked))).status).not.toBe(422);
    const forged = Buffer.alloc(54).toString('base64url');
    clock.set(new Date());
    expect(await signIn(authenticator, { challenge: forged })).toEqual({ status: 422 });
  });

  it('refuses a key that was never registered, was removed, or is shown under another’s id', async () => {
    const { authenticator, account } = await addWithPasskey('diane.cle');
    const { authenticator: other } = await addWithPasskey('emile.cle');
    expect((await signIn(makeAuthenticator(server.issuer))).status).toBe(422);
    expect((await signIn(other, { credentialId: authenticator.credentialId })).status).toBe(422);
    const [entry] = await server.identity.passkeys.list(account.id);
    const someoneElse = await server.addPerson('farid.cle', PASSWORD);
    const { passkeys } = server.identity;
    expect(await passkeys.remove(someoneElse.account.id, entry?.id ?? '', BY)).toBe(false);
    expect((await signIn(authenticator)).status).toBe(303);
    expect(await passkeys.remove(account.id, entry?.id ?? '', BY)).toBe(true);
    expect((await signIn(authenticator)).status).toBe(422);
  });

  it('refuses a counter that went back: the key was copied', async () => {
    const { authenticator } = await addWithPasskey('gaia.cle');
    expect((await signIn(authenticator, { counter: 100 })).status).toBe(303);
    expect((await signIn(authenticator, { counter: 100 })).status).toBe(422);
    expect((await signIn(authenticator, { counter: 7 })).status).toBe(422);
    expect((await signIn(authenticator, { counter: 101 })).status).toBe(303);
  });

  it('refuses suspended people like a key that nobody knows', async () => {
    const { authenticator, account } = await addWithPasskey('hanna.cle');
    await server.identity.accounts.suspend(account.id, { ...BY, reason: 'test' });
    expect(await signIn(authenticator)).toEqual({ status: 422 });
    await server.identity.accounts.resume(account.id, BY);
    expect((await signIn(authenticator)).status).toBe(303);
  });

  it('registers only what answers its own offer: place, origin, user verification, and no credential twice', async () => {
    const { account } = await server.addPerson('igor.cle', PASSWORD);
    const { passkeys } = server.identity;
    const register = (response: string, place = PLACE, id = account.id) =>
      passkeys.register(id, { response, name: 'x', place }, BY);
    const refused = { code: 'passkey_refused' };
    for (const lies of [
      { origin: 'https://evil.example' },
      { rpId: 'evil.example' },
      { userVerified: false },
    ]) {
      const response = makeAuthenticator(server.issuer).create(await offer(account), lies);
      await expect(register(response)).rejects.toMatchObject(refused);
    }
    const authenticator = makeAuthenticator(server.issuer);
    const response = authenticator.create(await offer(account));
    await expect(register(response, 'another-session')).rejects.toMatchObject(refused);
    await register(response);
    await expect(register(response)).rejects.toMatchObject(refused);
    const again = authenticator.create(await offer(account));
    const { account: thief } = await server.addPerson('jules.cle', PASSWORD);
    await expect(register(again, PLACE, thief.id)).rejects.toMatchObject(refused);
    expect(await passkeys.list(account.id)).toHaveLength(1);
    expect(await passkeys.list(thief.id)).toHaveLength(0);
  });

  it('answers where a second factor is wanted, for its own person only', async () => {
    const { authenticator } = await addWithPasskey('karim.cle');
    const { authenticator: other } = await addWithPasskey('lola.cle');
    server.factorDemands.set('karim.cle', 'always');
    const start = async (browser: HttpBrowser) =>
      browser.follow(
        await browser.submit(await open(browser), { username: 'karim.cle', password: PASSWORD }),
      );
    const browser = openBrowser();
    const page = await start(browser);
    expect(page.url).toMatch(/\/code$/);
    const wrong = await browser.post(page.url, { response: other.get(optionsOf(page)) });
    expect(wrong.status).toBe(422);
    const touch = authenticator.get(optionsOf(wrong), { userVerified: false });
    expect((await browser.post(page.url, { response: touch })).location).toBe(`${server.issuer}/private`);
    expect((await browser.get(`${server.issuer}/`)).text).toContain('"acr":"factor"');
    // A passkey that may be on another device is not asked for by itself.
    const free = openBrowser();
    const done = await free.submit(await open(free), { username: 'lola.cle', password: PASSWORD });
    expect(done.location).toBe(`${server.issuer}/private`);
  });
});
