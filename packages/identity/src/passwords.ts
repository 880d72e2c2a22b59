import argon2 from 'argon2';
import { randomToken } from '@socle/base';
import { openWrapped, parseForeignHash, verifyForeign } from './credentials/foreign-hash.ts';
import { IdentityError } from './errors.ts';
import { LEAST_PASSWORD_COST, costOf, type PasswordParameters } from './password-cost.ts';
import type { PasswordQueue } from './password-queue.ts';

const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 128;

/** Argon2id with a pepper, behind a bounded line. */
export interface Passwords {
  /**
   * A PHC string for a new password.
   * @throws IdentityError `password_refused` below 8 or above 128 characters, `password_queue_full`.
   */
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits the hash. With no hash (unknown login, no password yet) the same work is done on a
   * hash that nothing fits, and the answer is false; a hash of fewer passes than today's costs what is missing besides, so
   * that the time tells nothing about an account's age. Over 128 characters: false, before any hashing.
   */
  verify(hash: string | undefined, password: string): Promise<boolean>;
  /**
   * A hash of another system as it is kept here: salted ones as they are, bare digests inside an argon2id hash. Undefined
   * for one that is not known. The first sign-in that fits replaces it.
   */
  adopt(foreign: string): Promise<string | undefined>;
  /** A new hash of a password that just fitted, whatever its length: what was taken over stays until it is changed. */
  strengthen(password: string): Promise<string>;
  /** True when the hash was made with weaker parameters than today's. */
  needsRehash(hash: string): boolean;
}

/** Opens password hashing; makes one hash, so that a first unknown login costs what any other does. */
export async function openPasswords(options: {
  readonly pepper: Buffer;
  readonly queue: PasswordQueue;
  readonly parameters?: PasswordParameters;
}): Promise<Passwords> {
  const { memoryKib, iterations, parallelism } = options.parameters ?? LEAST_PASSWORD_COST;
  const cost = { memoryCost: memoryKib, timeCost: iterations, parallelism };
  const make = (password: string) =>
    options.queue.run(() =>
      argon2.hash(password, { ...cost, type: argon2.argon2id, hashLength: 32, secret: options.pepper }),
    );
  const nobodysHash = await make(randomToken());

  /** The passes by which a hash is cheaper than today's. */
  async function makeUp(own: string | undefined): Promise<void> {
    const made = own === undefined ? undefined : costOf(own);
    const missing = made === undefined ? 0 : iterations - made.iterations;
    if (missing > 0) await argon2.hash('', { ...cost, timeCost: missing, type: argon2.argon2id });
  }

  return {
    async hash(password) {
      const length = characters(password);
      if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
        throw new IdentityError('password_refused', {
          status: 400,
          publicMessage: `A password has ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters.`,
        });
      }
      return orderParameters(await make(password.normalize('NFC')));
    },
    async verify(hash, password) {
      if (characters(password) > MAX_PASSWORD_LENGTH) return false;
      const text = password.normalize('NFC');
      const wrapped = hash === undefined ? undefined : openWrapped(hash);
      const own = hash?.startsWith('$argon2id$') ? hash : wrapped?.inner;
      const fits = await options.queue.run(async () => {
        const result = await argon2.verify(own ?? nobodysHash, wrapped?.digest(text) ?? text, {
          secret: options.pepper,
        });
        await makeUp(own);
        return result;
      });
      if (own !== undefined || hash === undefined) return fits && own !== undefined;
      // After the same work as for anybody, what the former system asks for.
      return (await options.queue.run(() => verifyForeign(hash, text))) ?? false;
    },
    async adopt(foreign) {
      const parsed = parseForeignHash(foreign);
      if (parsed?.kind !== 'bare') return parsed?.hash;
      return `${parsed.prefix}${orderParameters(await make(parsed.digest))}`;
    },
    strengthen: async (password) => orderParameters(await make(password.normalize('NFC'))),
    needsRehash(hash) {
      const made = costOf(hash);
      // One that is stronger stays: another machine made it.
      return made === undefined || made.memoryKib < memoryKib || made.iterations < iterations;
    },
  };
}

// argon2 0.45 writes m,p,t; the PHC string format and PHP's verifier want m,t,p. Both orders verify here.
function orderParameters(phc: string): string {
  return phc.replace(/\$m=(\d+),p=(\d+),t=(\d+)\$/, '$m=$1,t=$3,p=$2$');
}

// Code points, not UTF-16 units; a text far too long is not even walked.
function characters(text: string): number {
  return text.length > MAX_PASSWORD_LENGTH * 2 ? Number.POSITIVE_INFINITY : Array.from(text).length;
}
