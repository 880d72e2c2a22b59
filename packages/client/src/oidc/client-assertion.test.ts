import { buildManualClock, Secret } from '@socle/base';
import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { openClientAssertions } from './client-assertion.ts';

const clock = buildManualClock(new Date('2026-09-01T08:00:00Z'));
const options = { issuer: 'https://ent.example', clientId: 'notes', clock };

describe('RFC 7523 §3 client assertion', () => {
  it('names the client twice, the issuer as audience, lives a minute and never repeats', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: 'k1' };
    const assertions = await openClientAssertions({
      ...options,
      privateKeyJwk: new Secret(JSON.stringify(jwk)),
    });
    const seen = new Set<unknown>();
    for (let index = 0; index < 20; index += 1) {
      const { payload, protectedHeader } = await jwtVerify(await assertions.make(), publicKey, {
        currentDate: clock.now(),
      });
      expect(protectedHeader).toEqual({ alg: 'ES256', kid: 'k1', typ: 'JWT' });
      expect(payload).toMatchObject({ iss: 'notes', sub: 'notes', aud: 'https://ent.example' });
      expect(payload.exp! - payload.iat!).toBe(60);
      seen.add(payload.jti);
    }
    expect(seen.size).toBe(20);
  });

  it('signs with RSA as PS256 unless the key says RS256', async () => {
    const { privateKey, publicKey } = await generateKeyPair('PS256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    for (const [alg, expected] of [
      [undefined, 'PS256'],
      ['RS256', 'RS256'],
    ] as const) {
      const assertions = await openClientAssertions({
        ...options,
        privateKeyJwk: alg ? { ...jwk, alg } : jwk,
      });
      const [header] = (await assertions.make()).split('.');
      expect(JSON.parse(Buffer.from(header!, 'base64url').toString()).alg).toBe(expected);
    }
    expect(publicKey).toBeDefined();
  });

  it('refuses what is no private key, without quoting it', async () => {
    const { publicKey } = await generateKeyPair('ES256');
    const bad = [
      '',
      'secret-text',
      '{"kty":"oct","k":"c2VjcmV0LXRleHQ"}',
      JSON.stringify(await exportJWK(publicKey)),
    ];
    for (const text of bad) {
      const attempt = openClientAssertions({ ...options, privateKeyJwk: new Secret(text) });
      await expect(attempt).rejects.toMatchObject({ code: 'module_config_invalid', cause: undefined });
      await expect(attempt).rejects.not.toThrow('secret-text');
    }
  });
});
