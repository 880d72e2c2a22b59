import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const PURPOSE = { fr: 'Afficher votre prénom dans le manuel', en: 'Show your first name in the book' };

describe('what each service receives', () => {
  let server: IdentityServer;
  let school: RelyingParty;
  let publisher: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    school = await openRelyingParty(server.identity, server.issuer);
    publisher = await openRelyingParty(server.identity, server.issuer, {
      client_id: 'manuel',
      client_name: 'Manuel d’histoire',
      socle_kind: 'publisher',
      socle_purpose: PURPOSE,
      socle_attributes: ['given_name'],
    });
    for (const login of ['zoé.noël', 'hugo.lévy', 'mila.roy', 'tom.brun', 'anna.gil'])
      await server.addPerson(login, PASSWORD, {
        givenName: 'Zoé',
        familyName: 'Noël',
        displayName: 'Zoé Noël',
      });
  });
  afterAll(async () => {
    await school.close();
    await publisher.close();
    await server.close();
  });
  const claimsAt = async (party: RelyingParty, code: string, verifier: string) => {
    const { body } = await party.redeem(code, verifier);
    const response = await fetch(`${server.issuer}/me`, {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    });
    const idToken = JSON.parse(
      Buffer.from(String(body['id_token']).split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as Record<string, unknown>;
    return { userInfo: (await response.json()) as Record<string, unknown>, idToken };
  };
  async function visit(browser: HttpBrowser, login: string, change: Record<string, string> = {}) {
    const { url, verifier } = publisher.request({ scope: 'openid profile', ...change });
    let page = await browser.follow(await browser.get(url), publisher.redirectUri);
    if (page.location === undefined && page.text.includes('name="password"')) {
      page = await browser.follow(
        await browser.submit(page, { username: login, password: PASSWORD }),
        publisher.redirectUri,
      );
    }
    return { page, verifier };
  }
  const codeOf = (location: string | undefined) =>
    new URL(location ?? 'http://nowhere.invalid').searchParams.get('code') ?? '';

  it('shows a person what a publisher will receive, and gives nothing before they agree', async () => {
    const browser = openBrowser();
    const { page, verifier } = await visit(browser, 'zoé.noël');
    expect(page.status).toBe(200);
    expect(page.text).toContain('Ce que ce service reçoit');
    expect(page.text).toContain('Manuel d’histoire');
    expect(page.text).toContain('Zoé');
    expect(page.text).toContain(PURPOSE.fr);
    expect(page.text).not.toContain('Noël</strong>');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");

    const done = await browser.follow(await browser.submit(page, { answer: 'agree' }), publisher.redirectUri);
    const { userInfo, idToken } = await claimsAt(publisher, codeOf(done.location), verifier);
    expect(userInfo['given_name']).toBe('Zoé');
    for (const claim of ['name', 'family_name', 'locale']) {
      expect(userInfo).not.toHaveProperty(claim);
      expect(idToken).not.toHaveProperty(claim);
    }
    // agreed once: the next visit goes straight through
    const again = await visit(browser, 'zoé.noël');
    expect(codeOf(again.page.location)).not.toBe('');
  });

  it('asks for nothing that the claims parameter adds beyond the contract', async () => {
    const browser = openBrowser();
    const claims = JSON.stringify({
      userinfo: { family_name: { essential: true } },
      id_token: { name: null },
    });
    const { page, verifier } = await visit(browser, 'hugo.lévy', { claims });
    const done = await browser.follow(await browser.submit(page, { answer: 'agree' }), publisher.redirectUri);
    const { userInfo, idToken } = await claimsAt(publisher, codeOf(done.location), verifier);
    expect(userInfo).not.toHaveProperty('family_name');
    expect(idToken).not.toHaveProperty('name');
    const own = await school.signIn(openBrowser(), 'hugo.lévy', PASSWORD, { claims });
    const atSchool = await claimsAt(school, own.code, own.verifier);
    expect(atSchool.userInfo['family_name']).toBe('Noël');
    expect(atSchool.idToken['name']).toBe('Zoé Noël');
  });

  it('sends a person who does not agree back with access_denied, and asks again the next time', async () => {
    const browser = openBrowser();
    const { page } = await visit(browser, 'mila.roy');
    const refused = await browser.follow(
      await browser.submit(page, { answer: 'refuse' }),
      publisher.redirectUri,
    );
    expect(new URL(refused.location ?? '').searchParams.get('error')).toBe('access_denied');
    expect((await visit(browser, 'mila.roy')).page.text).toContain('Ce que ce service reçoit');
    const silent = await visit(browser, 'mila.roy', { prompt: 'none' });
    expect(new URL(silent.page.location ?? '').searchParams.get('error')).toBe('consent_required');
  });

  it('refuses an agreement that another site or another browser sends', async () => {
    const browser = openBrowser();
    const { page } = await visit(browser, 'tom.brun');
    const forged = await browser.post(page.url, { answer: 'agree' }, { origin: 'https://evil.example' });
    expect(forged.status).toBe(400);
    expect((await openBrowser().post(page.url, { answer: 'agree' })).status).toBe(400);
    expect((await browser.get(page.url)).status).toBe(200);
  });

  it('asks again when the contract grows, and after the agreement was taken back', async () => {
    const browser = openBrowser();
    const first = await visit(browser, 'anna.gil');
    await browser.follow(await browser.submit(first.page, { answer: 'agree' }), publisher.redirectUri);
    const account = await server.identity.accounts.find({ login: 'anna.gil' });
    const receipts = await server.identity.receipts.list(account?.id ?? '');
    expect(receipts).toEqual([
      expect.objectContaining({
        clientId: 'manuel',
        publisher: true,
        purpose: PURPOSE,
        attributes: [{ attribute: 'given_name', value: 'Zoé' }],
      }),
    ]);
    expect(receipts[0]?.agreedAt).toBeInstanceOf(Date);

    await server.test.app.query(
      `UPDATE identity.clients SET metadata = jsonb_set(metadata, '{socle_attributes}', '["given_name","name"]')
        WHERE id = 'manuel'`,
    );
    const grown = await visit(browser, 'anna.gil');
    expect(grown.page.text).toContain('Votre nom complet');
    await browser.follow(await browser.submit(grown.page, { answer: 'agree' }), publisher.redirectUri);
    expect(codeOf((await visit(browser, 'anna.gil')).page.location)).not.toBe('');

    expect(await server.identity.receipts.withdraw(account?.id ?? '', 'manuel')).toBe(true);
    expect(await server.identity.receipts.withdraw(account?.id ?? '', 'manuel')).toBe(false);
    expect((await visit(browser, 'anna.gil')).page.text).toContain('Ce que ce service reçoit');
  });
});
