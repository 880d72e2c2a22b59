import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A value that must not reach a log, an error or a JSON document: every way of printing it gives `[redacted]`. */
export class Secret {
  readonly #bytes: Buffer;

  constructor(value: string | Uint8Array) {
    this.#bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
  }

  /** A secret of `length` random bytes from the operating system's generator. */
  static random(length: number): Secret {
    return new Secret(randomBytes(length));
  }

  /** The bytes themselves, a fresh copy. The name is long so that a reader stops at it. */
  revealBytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** The secret as UTF-8 text. */
  revealText(): string {
    return this.#bytes.toString('utf8');
  }

  /** Compares in time that does not depend on where the values differ, whatever their lengths. */
  equals(other: Secret | string | Uint8Array): boolean {
    const candidate = other instanceof Secret ? other.#bytes : Buffer.from(other as Uint8Array);
    return timingSafeEqual(sha256(this.#bytes), sha256(candidate));
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** SHA-256 of the bytes, or of the UTF-8 form of a text. 32 bytes. */
export function sha256(value: string | Uint8Array): Buffer {
  return createHash('sha256').update(value).digest();
}

/** A random token of `byteLength` bytes (default 32, i.e. 256 bits), base64url without padding. */
export function randomToken(byteLength = 32): string {
  return randomBytes(byteLength).toString('base64url');
}
