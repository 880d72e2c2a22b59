import { sha256 } from '@socle/base';
import { generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { openModuleWorld, type ModuleWorld } from '../support/module-world.ts';

type Forge = (claims: JWTPayload, sign: Sign) => Promise<string>;
type Sign = (claims: JWTPayload, header?: { alg?: string; kid?: string; typ?: string }) => Promise<string>;

describe('T-CLI-02 forged ID token from a token endpoint in the attacker’s hands', () => {
  let world: ModuleWorld;
  let forge: Forge | undefined;
  beforeAll(async () => {
    world = await openModuleWorld({ client: { fetch: tamperedFetch } });
  });
  afterAll(() => world.close());

  /** The platform's fetch, but for the ID token, which `forge` replaces. */
  async function tamperedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const response = await fetch(input, init);
    if (!forge || !String(input).endsWith('/token')) return response;
    const body = (await response.json()) as { id_token: string };
    const claims = JSON.parse(
      Buffer.from(body.id_token.split('.')[1]!, 'base64url').toString(),
    ) as JWTPayload;
    const sign: Sign = async (payload, header = {}) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', kid: 'reference', ...header })
        .sign(await importJWK(world.provider.signingKey, 'ES256'));
    return Response.json({ ...body, id_token: await forge(claims, sign) });
  }

  async function trySignIn(): Promise<number> {
    const browser = openBrowser();
    world.provider.account = 'camille';
    await world.signIn(browser);
    return (await browser.get(`${world.baseUrl}/`, { accept: 'application/json' })).status;
  }
  const seconds = () => Math.floor(Date.now() / 1000);

  it('accepts the same claims signed anew by the provider’s key (positive twin)', async () => {
    forge = (claims, sign) => sign(claims);
    expect(await trySignIn()).toBe(200);
  });

  const attacks: [string, Forge][] = [
    ['not signed (alg none)', async (claims) => new UnsecuredJWT(claims).encode()],
    [
      'signed by another key',
      async (claims) => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'reference' }).sign(privateKey);
      },
    ],
    [
      'authenticated by HS256 with the public key as secret',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'reference' })
          .sign(sha256(JSON.stringify(world.provider.signingKey.x))),
    ],
    ['of an unknown key', (claims, sign) => sign(claims, { kid: 'other' })],
    ['for another client', (claims, sign) => sign({ ...claims, aud: 'mail' })],
    ['for two clients', (claims, sign) => sign({ ...claims, aud: [world.clientId, 'mail'] })],
    ['authorized for another party', (claims, sign) => sign({ ...claims, azp: 'mail' })],
    ['of another issuer', (claims, sign) => sign({ ...claims, iss: 'https://evil.example' })],
    ['without a nonce', ({ nonce: _nonce, ...claims }, sign) => sign(claims)],
    ['with the nonce of another sign-in', (claims, sign) => sign({ ...claims, nonce: 'x'.repeat(43) })],
    ['that has expired', (claims, sign) => sign({ ...claims, exp: seconds() - 31 })],
    ['that never expires', ({ exp: _exp, ...claims }, sign) => sign(claims)],
    ['without a date', ({ iat: _iat, ...claims }, sign) => sign(claims)],
    ['from the future', (claims, sign) => sign({ ...claims, iat: seconds() + 120 })],
    ['of eleven minutes ago', (claims, sign) => sign({ ...claims, iat: seconds() - 660 })],
    ['without a subject', ({ sub: _sub, ...claims }, sign) => sign(claims)],
    ['with an empty subject', (claims, sign) => sign({ ...claims, sub: '' })],
  ];
  it.each(attacks)('refuses an ID token %s', async (_title, attack) => {
    forge = attack;
    expect(await trySignIn()).toBe(401);
  });

  it('refuses a sign-in that is older than the module asked for (max_age)', async () => {
    const signInWithin = async (authTime: number) => {
      forge = (claims, sign) => sign({ ...claims, auth_time: authTime });
      const browser = openBrowser();
      await browser.follow(await browser.get(`${world.baseUrl}/sign-in?max_age=60`));
      return (await browser.get(`${world.baseUrl}/`, { accept: 'application/json' })).status;
    };
    expect(await signInWithin(seconds() - 120)).toBe(401);
    expect(await signInWithin(seconds() - 10)).toBe(200);
  });
});
