import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import type { Secret } from '@socle/base';

/** The key with which this installation signs the policies of its folder. */
export interface BundleKey {
  /** Ed25519, PKCS #8, PEM. */
  readonly privatePem: string;
  /** Ed25519, SPKI, PEM. */
  readonly publicPem: string;
}

/** Header of an Ed25519 private key in PKCS #8 (RFC 8410 §7): the 32 bytes of the seed follow. */
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Derives the key from the master key (HKDF-SHA-256, RFC 5869): every instance of an installation has the same. */
export function deriveBundleKey(masterKey: Secret): BundleKey {
  const seed = Buffer.from(hkdfSync('sha256', masterKey.revealBytes(), '', 'socle/policy-bundle/1', 32));
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, seed]), format: 'der', type: 'pkcs8' });
  return {
    privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}
