import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@socle/base';
import type { Queryable } from '@socle/db';
import { keyedHash } from '../derived-secrets.ts';
import { noteSeenId } from '../provider-store.ts';

/** Challenges of passkeys: made without storing anything, good for one place and one use. */
export interface PasskeyChallenges {
  /** A challenge for `place`: a sign-in's or a session's id. */
  make(place: string): string;
  /** Uses a challenge; false when it is another place's, too old, forged, or was used before. */
  use(place: string, challenge: string): Promise<boolean>;
}

const RANDOM_BYTES = 16;
const STAMP_BYTES = 6;
const LIFE_SECONDS = 3_600;
const ISSUER = 'passkey';

export function openPasskeyChallenges(options: {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly key: Buffer;
}): PasskeyChallenges {
  const sign = (place: string, head: Buffer) =>
    keyedHash(options.key, 'passkey-challenge', place, head.toString('base64url'));
  return {
    make(place) {
      const stamp = Buffer.alloc(STAMP_BYTES);
      stamp.writeUIntBE(options.clock.now().getTime() + LIFE_SECONDS * 1000, 0, STAMP_BYTES);
      const head = Buffer.concat([randomBytes(RANDOM_BYTES), stamp]);
      return Buffer.concat([head, sign(place, head)]).toString('base64url');
    },
    async use(place, challenge) {
      const bytes = Buffer.from(challenge, 'base64url');
      const head = bytes.subarray(0, RANDOM_BYTES + STAMP_BYTES);
      const mac = sign(place, head);
      if (bytes.length !== head.length + mac.length) return false;
      if (!timingSafeEqual(bytes.subarray(head.length), mac)) return false;
      const endsAt = new Date(head.readUIntBE(RANDOM_BYTES, STAMP_BYTES));
      if (endsAt <= options.clock.now()) return false;
      return noteSeenId(options.database, ISSUER, bytes.toString('base64url'), endsAt);
    },
  };
}
