import { randomToken, Secret, type Clock } from '@socle/base';
import { calculateJwkThumbprint, importJWK, SignJWT, type CryptoKey, type JWK } from 'jose';
import { ClientError } from '../errors.ts';

/** Makes the proof that this module is itself (RFC 7523 §3, `private_key_jwt`). */
export interface ClientAssertions {
  /** A new assertion: audience the issuer, valid for 60 s, never the same twice. */
  make(): Promise<string>;
}

const LIFETIME_SECONDS = 60;

/**
 * Opens the signer over the module's private key.
 *
 * @throws ClientError `module_config_invalid` when the key is not a private EC P-256 or RSA key.
 */
export async function openClientAssertions(options: {
  readonly issuer: string;
  readonly clientId: string;
  readonly privateKeyJwk: Secret | JWK;
  readonly clock: Clock;
}): Promise<ClientAssertions> {
  const { alg, kid, key } = await importPrivateKey(options.privateKeyJwk);
  return {
    make() {
      const issuedAt = Math.floor(options.clock.now().getTime() / 1000);
      return new SignJWT({})
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(options.clientId)
        .setSubject(options.clientId)
        .setAudience(options.issuer)
        .setJti(randomToken(16))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + LIFETIME_SECONDS)
        .sign(key);
    },
  };
}

async function importPrivateKey(source: Secret | JWK): Promise<{ alg: string; kid: string; key: CryptoKey }> {
  try {
    const jwk: JWK = source instanceof Secret ? JSON.parse(source.revealText()) : source;
    if (typeof jwk.d !== 'string') throw new TypeError('not a private key');
    const alg = jwk.alg ?? (jwk.kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : 'PS256');
    if (!['ES256', 'PS256', 'RS256'].includes(alg)) throw new TypeError('not an accepted algorithm');
    const key = await importJWK(jwk, alg);
    if (key instanceof Uint8Array) throw new TypeError('not an asymmetric key');
    return { alg, kid: jwk.kid ?? (await calculateJwkThumbprint(jwk)), key };
  } catch {
    // The cause is left out on purpose: a parser's message may quote the key.
    throw new ClientError('module_config_invalid', {
      status: 503,
      publicMessage:
        "The module's private key must be a private JWK: EC P-256 (ES256) or RSA (PS256, RS256).",
    });
  }
}
