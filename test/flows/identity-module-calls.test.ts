import { SignJWT, exportJWK, generateKeyPair, calculateJwkThumbprint, type JWK, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomToken, sha256, type PersonId } from '@socle/base';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('what a module holds (RFC 9068, RFC 7662, RFC 7009, RFC 9449, pairwise subjects)', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  let other: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    other = await openRelyingParty(server.identity, server.issuer);
  });
  afterAll(async () => {
    await party.close();
    await other.close();
    await server.close();
  });
  const moduleToken = async (fields: Record<string, string> = {}) =>
    party.token({
      grant_type: 'client_credentials',
      resource: `${server.issuer}/modules`,
      scope: 'socle:module',
      ...fields,
    });

  it('gets a token for its own calls that lives five minutes at most and names it', async () => {
    const { status, body } = await moduleToken();
    expect(status).toBe(200);
    expect(Number(body['expires_in'])).toBeLessThanOrEqual(300);
    const caller = await server.identity.verifyModuleToken(String(body['access_token']));
    expect(caller).toEqual({ clientId: party.clientId, sector: new URL(party.redirectUri).host });
  });

  it('is refused with a token that was altered, self-signed, for another resource, or a person’s', async () => {
    const { body } = await moduleToken();
    const token = String(body['access_token']);
    const [head = '', , signature = ''] = token.split('.');
    const forged = Buffer.from(
      JSON.stringify({ iss: server.issuer, aud: `${server.issuer}/modules`, client_id: 'x', sub: 'x' }),
    ).toString('base64url');
    await server.addPerson('clara.vidal', PASSWORD);
    const signedIn = await party.signIn(openBrowser(), 'clara.vidal', PASSWORD, {
      scope: 'openid socle:module',
      resource: `${server.issuer}/modules`,
    });
    const person = await party.token({
      grant_type: 'authorization_code',
      code: signedIn.code,
      code_verifier: signedIn.verifier,
      redirect_uri: party.redirectUri,
      resource: `${server.issuer}/modules`,
    });
    expect(person.status).toBe(200);
    for (const bad of [
      `${head}.${forged}.${signature}`,
      await party.assertion(),
      '',
      String(person.body['access_token']),
    ]) {
      await expect(server.identity.verifyModuleToken(bad)).rejects.toMatchObject({
        code: 'module_token_refused',
      });
    }
    expect((await moduleToken({ resource: 'https://elsewhere.example/' })).body['error']).toBe(
      'invalid_target',
    );
    await expect(server.identity.verifyModuleToken(token)).resolves.toBeDefined();
  });

  it('knows a person by a subject of its own, which the socle resolves for it alone', async () => {
    const { person } = await server.addPerson('yanis.colin', PASSWORD);
    const [mine, theirs] = await Promise.all(
      [party, other].map(async (each) => {
        const { code, verifier } = await each.signIn(openBrowser(), 'yanis.colin', PASSWORD);
        const { body } = await each.redeem(code, verifier);
        const payload = String(body['id_token']).split('.')[1] ?? '';
        return (JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { sub: string }).sub;
      }),
    );
    expect(mine).not.toBe(theirs);
    const { sector } = (await server.identity.clients.find(party.clientId)) ?? { sector: '' };
    const database = server.test.app;
    const resolve = (subject: string | undefined) =>
      server.identity.resolveSubject(database, sector, subject ?? '');
    expect(await resolve(mine)).toBe(person.id);
    expect(await resolve(theirs)).toBeUndefined();
    const made = await server.identity.pairwiseSubjects(database, sector, [person.id]);
    expect(made.get(person.id as PersonId)).toBe(mine);
  });

  it('learns about and revokes its own tokens only', async () => {
    await server.addPerson('leo.blanc', PASSWORD);
    const { code, verifier } = await party.signIn(openBrowser(), 'leo.blanc', PASSWORD);
    const { body } = await party.redeem(code, verifier);
    const token = String(body['access_token']);
    expect((await party.post('/token/introspection', { token })).body['active']).toBe(true);
    expect((await other.post('/token/introspection', { token })).body['active']).toBe(false);
    await other.post('/token/revocation', { token });
    expect((await party.post('/token/introspection', { token })).body['active']).toBe(true);
    expect((await party.post('/token/revocation', { token })).status).toBe(200);
    expect((await party.post('/token/introspection', { token })).body['active']).toBe(false);
  });

  it('may bind its tokens to a key (DPoP); a proof serves once, and the token alone is worth nothing', async () => {
    await server.addPerson('eva.lopez', PASSWORD);
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    const proof = (method: string, path: string) =>
      dpopProof(privateKey, jwk, method, `${server.issuer}${path}`);
    const { code, verifier } = await party.signIn(openBrowser(), 'eva.lopez', PASSWORD, {
      dpop_jkt: await calculateJwkThumbprint(jwk),
    });
    const redeem = async (headers: Record<string, string>) =>
      fetch(`${server.issuer}/token`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          client_id: party.clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await party.assertion(),
          grant_type: 'authorization_code',
          code,
          code_verifier: verifier,
          redirect_uri: party.redirectUri,
        }),
      });
    const dpop = await proof('POST', '/token');
    const bound = await redeem({ dpop });
    const body = (await bound.json()) as { access_token: string; token_type: string };
    expect(body.token_type).toBe('DPoP');
    const ath = sha256(body.access_token).toString('base64url');
    const once = await dpopProof(privateKey, jwk, 'GET', `${server.issuer}/me`, { ath });
    const show = async (dpopHeader: string) =>
      (
        await fetch(`${server.issuer}/me`, {
          headers: { authorization: `DPoP ${body.access_token}`, dpop: dpopHeader },
        })
      ).status;
    expect(
      await Promise.all([show(once), show(once), show(once)]).then((all) => all.toSorted((a, b) => a - b)),
    ).toEqual([200, 401, 401]);
    const asBearer = await fetch(`${server.issuer}/me`, {
      headers: { authorization: `Bearer ${body.access_token}` },
    });
    expect(asBearer.status).toBe(401);
  });
});

async function dpopProof(
  key: CryptoKey,
  jwk: JWK,
  htm: string,
  htu: string,
  more: Record<string, string> = {},
): Promise<string> {
  return new SignJWT({ ...more, jti: randomToken(), htm, htu, iat: Math.floor(Date.now() / 1000) })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .sign(key);
}
