import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock } from '@socle/base';
import type { Signer } from '@socle/identity';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const DAY = 86_400;

describe('signing keys by the calendar', () => {
  const clock = buildManualClock(new Date());
  let server: IdentityServer;
  beforeAll(async () => {
    server = await startIdentityServer({ clock });
  });
  afterAll(() => server.close());
  const states = async () =>
    (await server.identity.keys.list()).filter((key) => key.alg === 'ES256').map((key) => key.status);

  it('publishes after 90 days, signs once services could learn the key, and retires after the longest life', async () => {
    expect(await states()).toEqual(['signing']);
    clock.advanceSeconds(89 * DAY);
    expect((await server.identity.runDueWork()).keysMoved).toBe(0);
    clock.advanceSeconds(2 * DAY);
    expect((await server.identity.runDueWork()).keysMoved).toBe(3);
    expect(await states()).toEqual(['signing', 'published']);
    // running it again too early changes nothing
    expect((await server.identity.runDueWork()).keysMoved).toBe(0);
    clock.advanceSeconds(601);
    expect((await server.identity.runDueWork()).keysMoved).toBe(3);
    expect(await states()).toEqual(['retiring', 'signing']);
    clock.advanceSeconds(3_600);
    expect((await server.identity.runDueWork()).keysRetired).toBe(0);
    clock.advanceSeconds(120);
    expect((await server.identity.runDueWork()).keysRetired).toBe(3);
    expect(await states()).toEqual(['signing']);
  });

  it('keeps one successor when several instances look at the calendar at once', async () => {
    clock.advanceSeconds(91 * DAY);
    await Promise.all(Array.from({ length: 4 }, () => server.identity.keys.keepSchedule()));
    expect((await states()).filter((each) => each === 'published')).toHaveLength(1);
  });
});

/** A signer that keeps its private keys to itself, as an HSM does: what is stored is a label. */
function buildMemorySigner(): Signer & { readonly signatures: () => number } {
  const keys = new Map<string, KeyObject>();
  let signatures = 0;
  return {
    signatures: () => signatures,
    async createKey(alg) {
      const { privateKey, publicKey } =
        alg === 'ES256'
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
          : generateKeyPairSync('rsa', { modulusLength: 2_048 });
      const kid = randomUUID();
      keys.set(kid, privateKey);
      const publicJwk = {
        ...(publicKey.export({ format: 'jwk' }) as Record<string, string>),
        kid,
        alg,
        use: 'sig',
      };
      return { kid, publicJwk, handle: Buffer.from(`slot ${kid}`) };
    },
    openKey({ alg, handle }) {
      const key = keys.get(handle.toString('utf8').replace('slot ', ''));
      if (!key) throw new Error('no such slot');
      return {
        async sign(data) {
          signatures += 1;
          if (alg === 'ES256') return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
          if (alg === 'RS256') return sign('sha256', data, key);
          return sign('sha256', data, { key, padding: 6, saltLength: 32 });
        },
      };
    },
  };
}

describe('the signer port', () => {
  const signer = buildMemorySigner();
  let server: IdentityServer;
  beforeAll(async () => {
    server = await startIdentityServer({ signer });
    await server.addPerson('aya.diallo', PASSWORD);
  });
  afterAll(() => server.close());

  for (const alg of ['ES256', 'RS256', 'PS256'] as const) {
    it(`has ID tokens signed elsewhere with ${alg}, and the database holds a label only`, async () => {
      const party: RelyingParty = await openRelyingParty(server.identity, server.issuer, {
        id_token_signed_response_alg: alg,
      });
      const before = signer.signatures();
      const { code, verifier } = await party.signIn(openBrowser(), 'aya.diallo', PASSWORD);
      const { body } = await party.redeem(code, verifier);
      const token = String(body['id_token']);
      expect(decodeProtectedHeader(token).alg).toBe(alg);
      const keys = createRemoteJWKSet(new URL(`${server.issuer}/jwks`));
      await jwtVerify(token, keys, { issuer: server.issuer, audience: party.clientId });
      expect(signer.signatures()).toBeGreaterThan(before);
      const rows = await server.test.app.query<{ sealed: Buffer }>(
        'SELECT sealed_private AS sealed FROM identity.signing_keys',
      );
      expect(rows.every((row) => row.sealed.toString('utf8').startsWith('slot '))).toBe(true);
      await party.close();
    });
  }

  it('signs module tokens too', async () => {
    const party = await openRelyingParty(server.identity, server.issuer);
    const { body } = await party.token({
      grant_type: 'client_credentials',
      resource: `${server.issuer}/modules`,
      scope: 'socle:module',
    });
    const caller = await server.identity.verifyModuleToken(String(body['access_token']));
    expect(caller.clientId).toBe(party.clientId);
    const altered = `${String(body['access_token']).slice(0, -4)}AAAA`;
    await expect(server.identity.verifyModuleToken(altered)).rejects.toMatchObject({
      code: 'module_token_refused',
    });
    await party.close();
  });
});
