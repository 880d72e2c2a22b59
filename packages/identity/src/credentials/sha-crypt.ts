import { createHash } from 'node:crypto';

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DEFAULT_ROUNDS = 5_000;
export const MAX_SHA_CRYPT_ROUNDS = 1_000_000;

/** `$5$` and `$6$`: prefix, rounds, salt, digest. */
export const SHA_CRYPT =
  /^\$([56])\$(?:rounds=(\d{4,7})\$)?([^$\s]{1,16})\$([./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})$/;

/** The hash of a password with the settings of `crypt` (Unix crypt using SHA-256 and SHA-512, U. Drepper, 0.6). */
export function shaCrypt(password: string, crypt: string): string | undefined {
  const [, kind, rounds, salt] = SHA_CRYPT.exec(crypt) ?? [];
  if (kind === undefined || salt === undefined) return undefined;
  const name = kind === '5' ? 'sha256' : 'sha512';
  const key = Buffer.from(password, 'utf8');
  const count = rounds === undefined ? DEFAULT_ROUNDS : Number(rounds);
  const digest = stretch(name, key, Buffer.from(salt, 'utf8'), count);
  const settings = rounds === undefined ? '' : `rounds=${rounds}$`;
  return `$${kind}$${settings}${salt}$${encode(name, digest)}`;
}

function stretch(name: string, key: Buffer, salt: Buffer, rounds: number): Buffer {
  const hash = (...parts: Buffer[]) => {
    const digest = createHash(name);
    for (const part of parts) digest.update(part);
    return digest.digest();
  };
  const b = hash(key, salt, key);
  const mixed: Buffer[] = [];
  for (let bits = key.length; bits > 0; bits >>>= 1) mixed.push((bits & 1) === 1 ? b : key);
  let digest = hash(key, salt, repeat(b, key.length), ...mixed);
  const p = repeat(hash(...Array.from({ length: key.length }, () => key)), key.length);
  const s = repeat(hash(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => salt)), salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    digest = hash(
      isOdd ? p : digest,
      ...(round % 3 === 0 ? [] : [s]),
      ...(round % 7 === 0 ? [] : [p]),
      isOdd ? digest : p,
    );
  }
  return digest;
}

function repeat(block: Buffer, length: number): Buffer {
  const whole = Array.from({ length: Math.ceil(length / block.length) }, () => block);
  return Buffer.concat(whole).subarray(0, length);
}

/** Three octets a group, the order of which turns (specification, step 22). */
function encode(name: string, digest: Buffer): string {
  const isShort = name === 'sha256';
  const [groups, size, step] = isShort ? [10, 30, 21] : [21, 63, 22];
  const third = size / 3;
  const octet = (place: number) => digest[place % size] ?? 0;
  let text = '';
  for (let group = 0; group < groups; group += 1) {
    const first = group * step;
    text += write((octet(first) << 16) | (octet(first + third) << 8) | octet(first + 2 * third), 4);
  }
  return isShort
    ? text + write(((digest[31] ?? 0) << 8) | (digest[30] ?? 0), 3)
    : text + write(digest[63] ?? 0, 2);
}

function write(value: number, characters: number): string {
  let left = value;
  let text = '';
  for (let n = 0; n < characters; n += 1) {
    text += ALPHABET[left & 63] ?? '';
    left >>>= 6;
  }
  return text;
}
