import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { AdapterOptions } from './adapter-options.ts';
import { findAnswer } from './provider-store.ts';

/** How long a sender that lost the answer to a refresh may ask for it again. */
const REPLAY_SECONDS = 10;
/** How long answers are kept: a sweep deletes them after it. */
export const ANSWER_KEPT_SECONDS = 60;

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The answer to the first use of a refresh token, for the sender that it was given to: the same key or the same
 * authenticated client, a few seconds later, while nobody used the successor. Undefined for anyone else.
 */
export async function findReplayableAnswer(
  options: Pick<AdapterOptions, 'database' | 'clock' | 'isSameSender' | 'answersKey'>,
  usedToken: string,
  payload: { clientId?: string | undefined; jkt?: string | undefined },
): Promise<string | undefined> {
  if (!(await options.isSameSender(payload))) return undefined;
  const since = new Date(options.clock.now().getTime() - REPLAY_SECONDS * 1000);
  const sealed = await findAnswer(options.database, usedToken, since);
  return sealed && openAnswer(options.answersKey, usedToken, sealed);
}

/**
 * Seals an answer so that only who holds the used token, asking the service that holds the master key, gets it back: the
 * key is an HMAC of the token, which the database does not hold.
 */
export function sealAnswer(answersKey: Buffer, usedToken: string, answer: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(answersKey, usedToken), iv);
  return Buffer.concat([iv, cipher.update(answer, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function openAnswer(answersKey: Buffer, usedToken: string, sealed: Buffer): string {
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyOf(answersKey, usedToken),
    sealed.subarray(0, IV_BYTES),
    { authTagLength: TAG_BYTES },
  );
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
}

function keyOf(answersKey: Buffer, usedToken: string): Buffer {
  return createHmac('sha256', answersKey).update(usedToken).digest();
}
