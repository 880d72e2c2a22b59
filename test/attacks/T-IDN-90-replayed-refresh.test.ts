import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock, randomToken } from '@socle/base';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty, type TokenAnswer } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const RIVALS = 12;

describe('T-IDN-90 a used refresh token is sent again', () => {
  const clock = buildManualClock(new Date());
  let server: IdentityServer;
  /** Authenticates by a key. */
  let party: RelyingParty;
  let stranger: RelyingParty;
  /** An application on a device: it authenticates by nothing. */
  let open: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer({ clock });
    party = await openRelyingParty(server.identity, server.issuer);
    stranger = await openRelyingParty(server.identity, server.issuer);
    open = await openRelyingParty(server.identity, server.issuer, {
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      jwks: undefined,
    });
    await server.addPerson('nolan.prigent', PASSWORD);
  });
  afterAll(async () => {
    for (const each of [party, stranger, open]) await each.close();
    await server.close();
  });

  type Send = (fields: Record<string, string>) => Promise<TokenAnswer>;
  const byKey: Send = (fields) => party.token(fields);
  const sendOpen =
    (proof?: () => Promise<string>): Send =>
    async (fields) => {
      const headers: Record<string, string> = proof ? { dpop: await proof() } : {};
      const body = new URLSearchParams({ client_id: open.clientId, ...fields });
      const response = await fetch(`${server.issuer}/token`, { method: 'POST', headers, body });
      return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
    };
  async function makeProver(): Promise<() => Promise<string>> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    return () =>
      new SignJWT({ jti: randomToken(), htm: 'POST', htu: `${server.issuer}/token` })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey);
  }

  const obtain = async (from: RelyingParty, send: Send): Promise<string> => {
    const { code, verifier } = await from.signIn(openBrowser(), 'nolan.prigent', PASSWORD);
    const answer = await send({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: from.redirectUri,
    });
    expect(answer.status).toBe(200);
    return String(answer.body['refresh_token']);
  };
  const refresh = (send: Send, token: string) => send({ grant_type: 'refresh_token', refresh_token: token });
  const expectBurnt = async (send: Send, successor: TokenAnswer) => {
    const after = await refresh(send, String(successor.body['refresh_token']));
    expect([after.status, after.body['error']]).toEqual([400, 'invalid_grant']);
  };

  it('gives the lost answer again, the same for twelve at once, and the successor works', async () => {
    const token = await obtain(party, byKey);
    const first = await refresh(byKey, token);
    expect(first.status).toBe(200);
    const again = await Promise.all(Array.from({ length: RIVALS }, () => refresh(byKey, token)));
    for (const answer of again) expect(answer).toEqual(first);
    const [row] = await server.test.app.query<{ unused: number }>(
      `SELECT count(*)::int AS unused FROM identity.provider_rows AS r
        WHERE model = 'RefreshToken' AND consumed_at IS NULL AND grant_key =
          (SELECT grant_key FROM identity.refresh_answers ORDER BY given_at DESC LIMIT 1)`,
    );
    expect(row?.unused).toBe(1);
    expect((await refresh(byKey, String(first.body['refresh_token']))).status).toBe(200);
  });

  it('burns the family when the answer had arrived: its successor was used', async () => {
    const token = await obtain(party, byKey);
    const second = await refresh(byKey, token);
    const third = await refresh(byKey, String(second.body['refresh_token']));
    expect((await refresh(byKey, token)).status).toBe(400);
    await expectBurnt(byKey, third);
  });

  it('burns the family after ten seconds, and not after nine', async () => {
    const token = await obtain(party, byKey);
    const second = await refresh(byKey, token);
    clock.advanceSeconds(9);
    expect(await refresh(byKey, token)).toEqual(second);
    clock.advanceSeconds(2);
    expect((await refresh(byKey, token)).status).toBe(400);
    await expectBurnt(byKey, second);
  });

  it('burns the family when another client brings the token', async () => {
    const token = await obtain(party, byKey);
    const second = await refresh(byKey, token);
    expect((await refresh((fields) => stranger.token(fields), token)).status).toBe(400);
    await expectBurnt(byKey, second);
  });

  it('burns the family of a client that proves nothing', async () => {
    const send = sendOpen();
    const token = await obtain(open, send);
    const second = await refresh(send, token);
    expect(second.status).toBe(200);
    expect((await refresh(send, token)).status).toBe(400);
    await expectBurnt(send, second);
  });

  it('gives the answer again to the holder of the key that the token is bound to', async () => {
    const send = sendOpen(await makeProver());
    const token = await obtain(open, send);
    const second = await refresh(send, token);
    expect(await refresh(send, token)).toEqual(second);
    expect((await refresh(send, String(second.body['refresh_token']))).status).toBe(200);
  });

  it('burns the family when another key signs the proof, or none', async () => {
    const send = sendOpen(await makeProver());
    for (const thief of [sendOpen(await makeProver()), sendOpen()]) {
      const token = await obtain(open, send);
      const second = await refresh(send, token);
      expect((await refresh(thief, token)).status).toBe(400);
      await expectBurnt(send, second);
    }
  });

  it('keeps the answer sealed, and sweeps it away after a minute', async () => {
    const token = await obtain(party, byKey);
    const { body } = await refresh(byKey, token);
    const rows = await server.test.app.query<{ text: string }>(
      'SELECT a::text AS text FROM identity.refresh_answers AS a',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const name of ['refresh_token', 'access_token', 'id_token']) {
      const secret = String(body[name]);
      const hex = Buffer.from(secret).toString('hex');
      for (const { text } of rows) expect(text.includes(secret) || text.includes(hex)).toBe(false);
    }
    clock.advanceSeconds(61);
    await server.identity.sweepExpired();
    expect(await server.test.app.query('SELECT FROM identity.refresh_answers')).toHaveLength(0);
  });
});
