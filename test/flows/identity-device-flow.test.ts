import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

describe('connecting a device (RFC 8628)', () => {
  let server: IdentityServer;
  let screen: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    screen = await openRelyingParty(server.identity, server.issuer, {
      client_name: 'Écran du CDI',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
    });
    await server.addPerson('noé.petit', PASSWORD);
  });
  afterAll(async () => {
    await screen.close();
    await server.close();
  });

  const start = async () => {
    const { status, body } = await screen.post('/device/auth', { scope: 'openid profile' });
    expect(status).toBe(200);
    return { deviceCode: String(body['device_code']), userCode: String(body['user_code']), body };
  };
  const poll = (deviceCode: string) => screen.token({ grant_type: DEVICE_GRANT, device_code: deviceCode });
  async function enter(browser: HttpBrowser, userCode: string): Promise<Page> {
    return browser.submit(await browser.get(`${server.issuer}/device`), { user_code: userCode });
  }
  async function agree(browser: HttpBrowser, confirmation: Page): Promise<Page> {
    const asked = await browser.follow(await browser.submit(confirmation, {}));
    if (!asked.text.includes('name="password"')) return asked;
    return browser.follow(await browser.submit(asked, { username: 'noé.petit', password: PASSWORD }));
  }

  it('gives a code of eight letters, an address and an end', async () => {
    const { body } = await start();
    expect(body['user_code']).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(body['verification_uri']).toBe(`${server.issuer}/device`);
    expect(Number(body['expires_in'])).toBeLessThanOrEqual(600);
    const discovery = (await (
      await fetch(`${server.issuer}/.well-known/openid-configuration`)
    ).json()) as Record<string, unknown>;
    expect(discovery['device_authorization_endpoint']).toBe(`${server.issuer}/device/auth`);
  });

  it('makes the device wait, names it with a warning, signs the person in, and answers once', async () => {
    const { deviceCode, userCode } = await start();
    expect((await poll(deviceCode)).body['error']).toBe('authorization_pending');
    const browser = openBrowser();
    const confirmation = await enter(browser, userCode.toLowerCase().replace('-', ' '));
    expect(confirmation.status).toBe(200);
    expect(confirmation.text).toContain('Connecter Écran du CDI');
    expect(confirmation.text).toContain(userCode);
    expect(confirmation.text).toContain('N’acceptez pas');
    expect((await poll(deviceCode)).body['error']).toBe('authorization_pending');
    const done = await agree(browser, confirmation);
    expect(done.text).toContain('L’appareil est connecté');

    const { status, body } = await poll(deviceCode);
    expect(status).toBe(200);
    expect(body['id_token']).toBeTypeOf('string');
    const again = await poll(deviceCode);
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    // the second use burnt what the first one gave
    const me = await fetch(`${server.issuer}/me`, {
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    });
    expect(me.status).toBe(401);
  });

  it('lets one of several polls at once have the token', async () => {
    const { deviceCode, userCode } = await start();
    const browser = openBrowser();
    await agree(browser, await enter(browser, userCode));
    const answers = await Promise.all(Array.from({ length: 6 }, () => poll(deviceCode)));
    expect(answers.filter((each) => each.status === 200).length).toBe(1);
  });

  it('works in English, and with the code in the address only fills the field: the person still confirms', async () => {
    const { userCode, body } = await start();
    const browser = openBrowser({ language: 'en' });
    const input = await browser.get(String(body['verification_uri_complete']));
    expect(input.text).toContain('Connect a device');
    expect(input.text).toContain(`value="${userCode}"`);
    expect(input.text).not.toMatch(/<script(?![^>]* src=)/);
    expect(input.text).not.toMatch(/\son[a-z]+=/);
    const confirmation = await browser.submit(input, { user_code: userCode });
    expect(confirmation.text).toContain('Do not accept');
    expect(confirmation.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('tells the device when its person refuses', async () => {
    const { deviceCode, userCode } = await start();
    const browser = openBrowser();
    const confirmation = await enter(browser, userCode);
    const fields = [...confirmation.text.matchAll(/name="(xsrf|user_code)" value="([^"]*)"/g)];
    const refused = await browser.post(`${server.issuer}/device`, {
      ...Object.fromEntries(fields.map(([, name, value]) => [name, value])),
      abort: 'yes',
    });
    expect(refused.text).toContain('n’a pas été connecté');
    expect((await poll(deviceCode)).body['error']).toBe('access_denied');
  });

  it('refuses an unknown code, a used one, and a form that another site sent', async () => {
    const { userCode } = await start();
    const browser = openBrowser();
    expect((await enter(browser, 'BBBB-BBBB')).text).toContain('Ce code n’existe pas');
    expect((await enter(browser, '')).text).toContain('Écrivez le code');
    const forged = await browser.post(`${server.issuer}/device`, {
      xsrf: 'inventé',
      user_code: userCode,
      confirm: 'yes',
    });
    expect(forged.text).not.toContain('est connecté');
    await agree(browser, await enter(browser, userCode));
    expect((await enter(browser, userCode)).text).toContain('Ce code n’existe pas');
  });

  it('keeps no code that a reader of the database could use', async () => {
    const { deviceCode, userCode } = await start();
    const browser = openBrowser();
    const waiting = await browser.follow(await browser.submit(await enter(browser, userCode), {}));
    expect(waiting.text).toContain('name="password"');
    const rows = await server.test.app.query<{ text: string }>(
      'SELECT provider_rows::text AS text FROM identity.provider_rows',
    );
    const everything = rows.map((row) => row.text).join('\n');
    expect(everything).not.toContain(deviceCode);
    expect(everything).not.toContain(userCode.replace('-', ''));
    // the name by which the pages know the row is no device code
    const [interaction] = await server.test.app.query<{ name: string }>(
      "SELECT payload ->> 'deviceCode' AS name FROM identity.provider_rows WHERE payload ->> 'deviceCode' LIKE '#%'",
    );
    expect(interaction?.name).toBeTypeOf('string');
    expect((await poll(interaction?.name ?? '')).body['error']).toBe('invalid_grant');
  });

  it('refuses the device flow to a client that cannot prove itself', async () => {
    const metadata = { grant_types: [DEVICE_GRANT], redirect_uris: ['https://tele.example/r'] };
    await expect(
      openRelyingParty(server.identity, server.issuer, { ...metadata, token_endpoint_auth_method: 'none' }),
    ).rejects.toMatchObject({ code: 'client_metadata_refused' });
  });

  it('stops those who try many codes from one place', async () => {
    const { userCode } = await start();
    const browser = openBrowser();
    let answer = await enter(browser, 'BBBB-BBBC');
    for (let tries = 0; tries < 80 && answer.status !== 429; tries += 1) {
      answer = await browser.post(`${server.issuer}/device`, { user_code: 'BBBB-BBBD', xsrf: 'x' });
    }
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).toContain('Trop de codes');
    expect((await enter(openBrowser(), userCode)).status).toBe(429);
    expect((await browser.get(`${server.issuer}/device`)).status).toBe(200);
  });
});
