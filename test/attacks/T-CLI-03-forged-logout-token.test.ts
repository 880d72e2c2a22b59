import { randomToken } from '@socle/base';
import { decodeJwt, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { openModuleWorld, openSignedInBrowser, type ModuleWorld } from '../support/module-world.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

describe('T-CLI-03 forged or replayed logout token', () => {
  let world: ModuleWorld;
  let signedIn: Awaited<ReturnType<typeof openSignedInBrowser>>;
  /** Runs between the provider's answer with the ID token and its arrival at the module. */
  let beforeAnswer: ((idToken: string) => Promise<void>) | undefined;
  beforeAll(async () => {
    world = await openModuleWorld({
      client: {
        fetch: async (input, init) => {
          const response = await fetch(input, init);
          if (!beforeAnswer || !String(input).endsWith('/token')) return response;
          const body = (await response.json()) as { id_token: string };
          await beforeAnswer(body.id_token);
          return Response.json(body);
        },
      },
    });
  });
  beforeEach(async () => {
    signedIn = await openSignedInBrowser(world);
  });
  afterAll(() => world.close());

  const seconds = () => Math.floor(Date.now() / 1000);
  function claims(changes: Record<string, unknown> = {}): JWTPayload {
    const base = {
      iss: world.provider.issuer,
      aud: world.clientId,
      sub: 'camille',
      sid: signedIn.sid,
      iat: seconds(),
      exp: seconds() + 120,
      jti: randomToken(),
      events: { [EVENT]: {} },
    };
    const merged: Record<string, unknown> = { ...base, ...changes };
    for (const name of Object.keys(merged)) if (merged[name] === undefined) delete merged[name];
    return merged;
  }
  async function sign(
    payload: JWTPayload,
    header: { typ?: string } = { typ: 'logout+jwt' },
  ): Promise<string> {
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: 'reference', ...header })
      .sign(await importJWK(world.provider.signingKey, 'ES256'));
  }
  async function deliver(token: string): Promise<number> {
    const answer = await fetch(`${world.baseUrl}/oidc/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    return answer.status;
  }
  const isSignedIn = async (browser = signedIn.browser) =>
    (await browser.get(`${world.baseUrl}/`, { accept: 'application/json' })).status === 200;

  it('obeys a token by sid, and ends that session only (positive twin)', async () => {
    const other = await openSignedInBrowser(world);
    expect(await isSignedIn()).toBe(true);
    expect(await deliver(await sign(claims()))).toBe(200);
    expect(await isSignedIn()).toBe(false);
    expect(await isSignedIn(other.browser)).toBe(true);
  });

  it('obeys a token by sub, and ends all sessions of that person and of no one else', async () => {
    const second = await openSignedInBrowser(world);
    const stranger = await openSignedInBrowser(world, 'malo');
    expect(await deliver(await sign(claims({ sid: undefined })))).toBe(200);
    expect(await isSignedIn()).toBe(false);
    expect(await isSignedIn(second.browser)).toBe(false);
    expect(await isSignedIn(stranger.browser)).toBe(true);
  });

  const attacks: [string, () => Promise<string>][] = [
    ['that is not signed', async () => new UnsecuredJWT(claims()).encode()],
    [
      'signed by another key',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(claims())
          .setProtectedHeader({ alg: 'ES256', kid: 'reference', typ: 'logout+jwt' })
          .sign(privateKey);
      },
    ],
    ['of type JWT', () => sign(claims(), { typ: 'JWT' })],
    ['without a type (an ID token)', () => sign(claims(), {})],
    ['for another client', () => sign(claims({ aud: 'mail' }))],
    ['of another issuer', () => sign(claims({ iss: 'https://evil.example' }))],
    ['without the event', () => sign(claims({ events: undefined }))],
    ['with another event', () => sign(claims({ events: { 'http://schemas.openid.net/event/other': {} } }))],
    ['with a nonce', () => sign(claims({ nonce: 'n' }))],
    ['with an empty nonce', () => sign(claims({ nonce: null }))],
    ['without sub and sid', () => sign(claims({ sub: undefined, sid: undefined }))],
    ['without jti', () => sign(claims({ jti: undefined }))],
    ['without exp', () => sign(claims({ exp: undefined }))],
    ['without iat', () => sign(claims({ iat: undefined }))],
    ['of more than two minutes', () => sign(claims({ iat: seconds() - 130 }))],
    ['from the future', () => sign(claims({ iat: seconds() + 90 }))],
    ['that has expired', () => sign(claims({ exp: seconds() - 31 }))],
    ['that is no token', async () => 'logout'],
  ];
  it.each(attacks)('refuses a token %s', async (_title, build) => {
    expect(await deliver(await build())).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });

  it('refuses a token of another person’s name for this session (sub and sid must both hold)', async () => {
    expect(await deliver(await sign(claims({ sub: 'malo' })))).toBe(200);
    expect(await isSignedIn()).toBe(true);
  });

  it('refuses a token that was obeyed before, also sixteen times at once', async () => {
    const token = await sign(claims({ sid: undefined }));
    const statuses = await Promise.all(Array.from({ length: 16 }, () => deliver(token)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(15);
    const again = await openSignedInBrowser(world);
    expect(await deliver(token)).toBe(400);
    expect(await isSignedIn(again.browser)).toBe(true);
  });

  it('refuses a body that is not a form, or too large', async () => {
    const url = `${world.baseUrl}/oidc/backchannel-logout`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(400);
    const large = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: 'x'.repeat(20_000) }),
    });
    expect(large.status).toBe(413);
  });

  it('does so for a token that names the person only, too; and lets them sign in again right after', async () => {
    const browser = openBrowser();
    beforeAnswer = async () => {
      world.clock.advanceSeconds(1);
      expect(await deliver(await sign(claims({ sid: undefined })))).toBe(200);
    };
    const page = await world.signIn(browser);
    beforeAnswer = undefined;
    expect(page.status).toBe(400);
    expect((await world.signIn(browser)).status).toBe(200);
  });

  it('does not let a sign-in come to life that was on its way when its session ended', async () => {
    const browser = openBrowser();
    let delivered = 0;
    beforeAnswer = async (idToken) => {
      const { sub, sid } = decodeJwt(idToken);
      delivered = await deliver(await sign(claims({ sub, sid })));
    };
    const page = await world.signIn(browser);
    beforeAnswer = undefined;
    expect(delivered).toBe(200);
    expect(page.status).toBe(400);
    expect(await isSignedIn(browser)).toBe(false);
    expect((await openSignedInBrowser(world)).sid).toBeDefined(); // positive twin
  });
});
