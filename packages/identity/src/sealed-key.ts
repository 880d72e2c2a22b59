import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { IdentityError } from './errors.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a private key with AES-256-GCM. `name` (the key's id) is authenticated with it, so that a sealed key
 * copied under another name does not open. Layout: nonce (12), ciphertext, tag (16).
 */
export function sealPrivateKey(wrappingKey: Uint8Array, name: string, jwk: object): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce);
  cipher.setAAD(Buffer.from(name, 'utf8'));
  return Buffer.concat([
    nonce,
    cipher.update(JSON.stringify(jwk), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/**
 * Opens what `sealPrivateKey` made.
 * @throws IdentityError `signing_key_unreadable` when the master key is another one or the bytes were touched.
 */
export function openPrivateKey(
  wrappingKey: Uint8Array,
  name: string,
  sealed: Buffer,
): Record<string, string> {
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ]);
    return JSON.parse(plain.toString('utf8')) as Record<string, string>;
  } catch (cause) {
    throw new IdentityError('signing_key_unreadable', {
      status: 503,
      publicMessage:
        'A signing key does not open with this master key. Put back the master key that sealed it, or retire the key.',
      details: { kid: name },
      cause,
    });
  }
}
