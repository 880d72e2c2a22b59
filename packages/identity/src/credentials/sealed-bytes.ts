import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { IdentityError } from '../errors.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals bytes with AES-256-GCM; `name` says what they are and whose, and is authenticated with them, so that what was
 * sealed for one account opens for no other. Layout: nonce (12), ciphertext, tag (16).
 */
export function sealBytes(key: Uint8Array, name: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(name, 'utf8'));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `sealBytes` made under the same name; undefined when it was touched or sealed for something else. */
export function openSealed(key: Uint8Array, name: string, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
      decipher.final(),
    ]);
  } catch {
    return undefined;
  }
}

/**
 * As `openSealed`, for what is stored.
 * @throws IdentityError `factor_unreadable` (503) when the master key is another one.
 */
export function requireSealed(key: Uint8Array, name: string, sealed: Uint8Array): Buffer {
  const bytes = openSealed(key, name, sealed);
  if (bytes) return bytes;
  throw new IdentityError('factor_unreadable', {
    status: 503,
    publicMessage:
      'A second factor does not open with this master key. Put back the master key that sealed it, or remove the factor.',
  });
}
