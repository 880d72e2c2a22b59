import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { MAX_SHA_CRYPT_ROUNDS, SHA_CRYPT, shaCrypt } from './sha-crypt.ts';

const BCRYPT = /^\$2[aby]\$(\d{2})\$[./0-9A-Za-z]{53}$/;
/** PHC (`$pbkdf2-sha256$i=…$salt$hash`, also passlib's) and Django (`pbkdf2_sha256$…$salt$hash`). */
const PBKDF2 = /^\$pbkdf2-(sha1|sha256|sha512)\$(?:i=)?(\d{1,7})(?:,l=\d+)?\$([\w./+-]+)\$([\w./+-]+)$/;
const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,7})\$([^$]+)\$([\w/+=]+)$/;
/** Bare digests in hexadecimal: kept only inside an argon2id hash. */
const BARE = { md5: /^[0-9a-f]{32}$/i, sha256: /^[0-9a-f]{64}$/i } as const;
const WRAPPED = /^(md5|sha256)-in:(\$argon2id\$.+)$/;
const MOST_BCRYPT_COST = 14;
const MOST_PBKDF2_ITERATIONS = 2_000_000;

const derive = promisify(pbkdf2);

/** What a hash from another system becomes here. */
export type ForeignHash =
  | { readonly kind: 'salted'; readonly hash: string }
  /** To be wrapped: `digest` is hashed as a password is, under `prefix`. */
  | { readonly kind: 'bare'; readonly digest: string; readonly prefix: string };

/** Reads a hash of another system; undefined for one that is not known, or costs too much to verify. */
export function parseForeignHash(text: string): ForeignHash | undefined {
  for (const [name, form] of Object.entries(BARE)) {
    if (form.test(text)) return { kind: 'bare', digest: text.toLowerCase(), prefix: `${name}-in:` };
  }
  const cost = Number(BCRYPT.exec(text)?.[1]);
  if (cost >= 4 && cost <= MOST_BCRYPT_COST) return { kind: 'salted', hash: text };
  const iterations = Number((PBKDF2.exec(text) ?? DJANGO.exec(text))?.[2]);
  if (iterations >= 1 && iterations <= MOST_PBKDF2_ITERATIONS) return { kind: 'salted', hash: text };
  const rounds = Number(SHA_CRYPT.exec(text)?.[2] ?? 5_000);
  return SHA_CRYPT.test(text) && rounds <= MAX_SHA_CRYPT_ROUNDS ? { kind: 'salted', hash: text } : undefined;
}

/** The argon2id hash inside a wrapped one, and what of the password it was made from. */
export function openWrapped(
  hash: string,
): { readonly inner: string; digest(password: string): string } | undefined {
  const [, name, inner] = WRAPPED.exec(hash) ?? [];
  if (name === undefined || inner === undefined) return undefined;
  return { inner, digest: (password) => createHash(name).update(password, 'utf8').digest('hex') };
}

/** Verifies a salted hash of another system; undefined when it is none. */
export async function verifyForeign(hash: string, password: string): Promise<boolean | undefined> {
  if (BCRYPT.test(hash)) {
    // Loaded with the first such hash: most installations import none.
    const { compare } = await import('bcryptjs');
    return compare(password, hash);
  }
  if (SHA_CRYPT.test(hash)) return isSame(shaCrypt(password, hash) ?? '', hash);
  const phc = PBKDF2.exec(hash);
  const [, digest = '', iterations = '', salt = '', wanted = ''] = phc ?? DJANGO.exec(hash) ?? [];
  if (digest === '') return undefined;
  // passlib writes "." for "+"
  const expected = Buffer.from(wanted.replaceAll('.', '+'), 'base64');
  const saltBytes = phc ? Buffer.from(salt.replaceAll('.', '+'), 'base64') : Buffer.from(salt, 'utf8');
  const derived = await derive(password, saltBytes, Number(iterations), expected.length, digest);
  return expected.length >= 16 && timingSafeEqual(derived, expected);
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
