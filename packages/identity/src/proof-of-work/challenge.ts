import { timingSafeEqual } from 'node:crypto';
import { randomToken, sha256 } from '@socle/base';
import { keyedHash } from '../derived-secrets.ts';
import { WORK_PARTS, isWorkBits, waitSecondsOf, type WorkBits } from './difficulty.ts';

/** What a form asks for before its password is looked at. */
export interface WorkChallenge {
  /** Travels in the form. */
  readonly text: string;
  readonly bits: WorkBits;
  readonly issuedAt: Date;
  /** Used once. */
  readonly nonce: string;
}

/** Seconds for which a challenge counts. */
export const CHALLENGE_SECONDS = 20 * 60;

const CHALLENGE = /^(\d{2})\.(\d{13})\.([\w-]{22})\.([\w-]{43})$/;
const SOLUTION_BYTES = WORK_PARTS * 4;
const SOLUTION = /^[\w-]{86}$/;
const PARTS_BITS = Math.log2(WORK_PARTS);

/** Makes a challenge for one sign-in (`uid`): its MAC holds all of it, so that nothing is stored before it is used. */
export function buildChallenge(
  secret: Buffer,
  asked: { readonly uid: string; readonly bits: WorkBits; readonly at: Date },
): WorkChallenge {
  const nonce = randomToken(16);
  const issued = String(asked.at.getTime());
  const mac = sign(secret, asked.uid, String(asked.bits), issued, nonce).toString('base64url');
  return {
    text: `${asked.bits}.${issued}.${nonce}.${mac}`,
    bits: asked.bits,
    issuedAt: asked.at,
    nonce,
  };
}

/** The challenge that this service made for this sign-in and that has not expired; undefined for anything else. */
export function verifyChallenge(
  secret: Buffer,
  sent: { readonly uid: string; readonly text: string; readonly at: Date },
): WorkChallenge | undefined {
  const [, bits = '', issued = '', nonce = '', mac = ''] = CHALLENGE.exec(sent.text) ?? [];
  const expected = sign(secret, sent.uid, bits, issued, nonce);
  const given = Buffer.from(mac, 'base64url');
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  const age = sent.at.getTime() - Number(issued);
  const asked = Number(bits);
  if (!isOurs || !isWorkBits(asked) || age < 0 || age > CHALLENGE_SECONDS * 1000) return undefined;
  return { text: sent.text, bits: asked, issuedAt: new Date(Number(issued)), nonce };
}

/** What every part of a solution is hashed with: the challenge brought down to 32 bytes. */
export function seedOf(challenge: WorkChallenge): Buffer {
  return sha256(challenge.text);
}

/**
 * Whether these are the answers to a challenge: for each part, a number such that SHA-256 of seed, part and number begins
 * with enough zero bits. Every part is hashed whatever the others are: a wrong solution costs what a right one does.
 */
export function isSolved(challenge: WorkChallenge, solution: string): boolean {
  const numbers = SOLUTION.test(solution) ? Buffer.from(solution, 'base64url') : Buffer.alloc(0);
  if (numbers.length !== SOLUTION_BYTES) return false;
  const shift = 32 - (challenge.bits - PARTS_BITS);
  const message = Buffer.concat([seedOf(challenge), Buffer.alloc(8)]);
  let isRight = true;
  for (let part = 0; part < WORK_PARTS; part += 1) {
    message.writeUInt32BE(part, 32);
    numbers.copy(message, 36, part * 4, part * 4 + 4);
    isRight = sha256(message).readUInt32BE(0) >>> shift === 0 && isRight;
  }
  return isRight;
}

/** Seconds until this challenge lets its form through without a solution; 0 once it does. */
export function secondsToWait(challenge: WorkChallenge, now: Date): number {
  const age = now.getTime() - challenge.issuedAt.getTime();
  return Math.max(0, Math.ceil((waitSecondsOf(challenge.bits) * 1000 - age) / 1000));
}

function sign(secret: Buffer, uid: string, bits: string, issued: string, nonce: string): Buffer {
  return keyedHash(secret, 'work', uid, bits, issued, nonce);
}
