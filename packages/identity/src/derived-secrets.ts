import { createHmac, hkdfSync } from 'node:crypto';
import type { Secret } from '@socle/base';
import { IdentityError } from './errors.ts';

/** Keys for one use each, derived from the master key (HKDF-SHA-256, RFC 5869), so that none stands for another. */
export interface DerivedSecrets {
  /** Seals signing keys at rest (AES-256-GCM). */
  readonly keyWrapping: Buffer;
  /** Argon2's secret parameter. */
  readonly passwordPepper: Buffer;
  /** Signs cookies (HMAC). */
  readonly cookies: Buffer;
  /** Makes DPoP nonces. */
  readonly dpopNonce: Buffer;
  /** Seals secrets of second factors at rest (AES-256-GCM). */
  readonly factors: Buffer;
  /** Seals answers to refreshes that may have been lost, together with the token that was used. */
  readonly answers: Buffer;
  /** HMAC key of throttle rows and device cookies. */
  readonly throttle: Buffer;
  /** HMAC key of one-time codes, badges and picture codes. */
  readonly codes: Buffer;
}

const MASTER_KEY_BYTES = 32;

/** @throws IdentityError `master_key_refused` unless the master key is 32 bytes. */
export function deriveSecrets(masterKey: Secret): DerivedSecrets {
  const master = masterKey.revealBytes();
  if (master.length !== MASTER_KEY_BYTES) {
    throw new IdentityError('master_key_refused', {
      status: 503,
      publicMessage: `The master key must be ${MASTER_KEY_BYTES} bytes. Give the file that was made for this installation.`,
    });
  }
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', master, 'socle/identity', `socle/identity/${use}/1`, 32));
  return {
    keyWrapping: derive('key-wrapping'),
    passwordPepper: derive('password-pepper'),
    cookies: derive('cookies'),
    dpopNonce: derive('dpop-nonce'),
    factors: derive('factors'),
    answers: derive('answers'),
    throttle: derive('throttle'),
    codes: derive('codes'),
  };
}

/** HMAC-SHA-256 of the parts, unambiguous (each part is preceded by its length). */
export function keyedHash(key: Uint8Array, ...parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:${part}`);
  return mac.digest();
}
