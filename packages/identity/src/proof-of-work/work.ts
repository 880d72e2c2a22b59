import type { Clock } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import type { Database } from '@socle/db';
import { findDevice } from '../device-cookie.ts';
import { keyedHash } from '../derived-secrets.ts';
import type { Throttle } from '../throttle.ts';
import {
  buildChallenge,
  CHALLENGE_SECONDS,
  isSolved,
  secondsToWait,
  verifyChallenge,
  type WorkChallenge,
} from './challenge.ts';
import { deduceBits, waitSecondsOf, type WorkBits } from './difficulty.ts';
import { openPressure } from './pressure.ts';
import { changeToldBits, spendChallenge } from './pressure-store.ts';

/** A browser that wants to try a password in one sign-in. */
interface WorkAsker {
  readonly uid: string;
  readonly address: string;
  /** The device cookie as it came. */
  readonly deviceCookie: string;
  /** What was typed, once it was. */
  readonly login?: string;
}

/** What came with the form. */
export interface SentWork {
  readonly challenge: string;
  readonly solution: string;
}

/** Why a form was turned away: nothing came, what came was not worth it, it was used, or it did not wait long enough. */
export type WorkProblem = 'missing' | 'refused' | 'spent' | 'early' | 'crowded';

/** An attempt that may go on, or the challenge to show instead. */
type WorkVerdict =
  | { readonly admitted: true }
  | {
      readonly admitted: false;
      readonly problem: WorkProblem;
      readonly challenge: WorkChallenge;
      readonly retryAfterSeconds: number;
    };

/** How the service is doing, for those who watch. */
export interface WorkStatus {
  /** What a stranger is asked for now because of the whole service; 0: nothing. */
  readonly bits: WorkBits;
  readonly waitSeconds: number;
  /** Levels over all instances: sign-ins of about the last ten minutes. */
  readonly refused: number;
  readonly succeeded: number;
  /** Of this instance, since it started. */
  readonly counts: Readonly<Record<'solved' | 'waited' | WorkProblem, number>>;
}

/**
 * Proof of work in front of the password, asked for while counters see an attack and never of a browser that signed in to
 * the login before. A solution, or a wait that the service enforces, lets one form through.
 */
export interface Work {
  /** The challenge for a form that is about to be shown, or undefined when nothing is asked. */
  ask(asker: WorkAsker): Promise<WorkChallenge | undefined>;
  /** Judges a form before its password is looked at, and before the attempt is counted against anyone. */
  judge(asker: WorkAsker & { readonly login: string }, sent: SentWork | undefined): Promise<WorkVerdict>;
  /** Tells how the password fared. */
  note(outcome: 'refused' | 'succeeded', login: string): void;
  status(): Promise<WorkStatus>;
}

export function openWork(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly throttle: Throttle;
  readonly audit: AuditAppender;
  readonly platformController: string;
  /** Keys challenges and device cookies. */
  readonly secret: Buffer;
}): Work {
  const { database, clock, throttle } = options;
  const secret = keyedHash(options.secret, 'proof of work');
  const pressure = openPressure({ database, clock });
  const counts = { solved: 0, waited: 0, missing: 0, refused: 0, spent: 0, early: 0, crowded: 0 };
  let told: WorkBits | undefined;

  const bitsOfService = async (): Promise<WorkBits> => {
    const bits = deduceBits({ ...(await pressure.levels()), ofLogin: 0, ofAddress: 0 });
    if (bits !== told) await tell(bits);
    return bits;
  };

  // Of all instances that see the change, one writes it: the row keeps what was told last.
  const tell = async (bits: WorkBits): Promise<void> => {
    await database.transaction(
      async (tx) => {
        if (!(await changeToldBits(tx, bits))) return;
        await options.audit.append(tx, {
          controller: options.platformController,
          actor: { kind: 'system', id: 'sign-in' },
          action: 'identity.work.asked',
          outcome: 'success',
          detail: { bits },
        });
      },
      { scope: 'all' },
    );
    told = bits;
  };

  const isKnown = ({ deviceCookie, login }: WorkAsker): boolean =>
    deviceCookie !== '' &&
    // Before a login is typed nobody can say whose cookie it is: the form is shown bare, and judged when it is sent.
    (login === undefined || findDevice(options.secret, deviceCookie, login, clock.now()) !== undefined);

  const wantedBits = async ({ login, address }: WorkAsker): Promise<WorkBits> => {
    const [ofService, weight] = await Promise.all([
      bitsOfService(),
      throttle.weigh(database, { address, ...(login !== undefined && { login }) }),
    ]);
    const ofOthers = deduceBits({ refused: 0, succeeded: 0, ...weight });
    return ofOthers > ofService ? ofOthers : ofService;
  };

  const challengeOf = (uid: string, bits: WorkBits) => buildChallenge(secret, { uid, bits, at: clock.now() });

  const turnAway = (problem: WorkProblem, challenge: WorkChallenge, seconds?: number): WorkVerdict => {
    counts[problem] += 1;
    const retryAfterSeconds = Math.max(1, seconds ?? secondsToWait(challenge, clock.now()));
    return { admitted: false, problem, challenge, retryAfterSeconds };
  };

  return {
    async ask(asker) {
      if (isKnown(asker)) return undefined;
      const bits = await wantedBits(asker);
      return bits === 0 ? undefined : challengeOf(asker.uid, bits);
    },
    async judge(asker, sent) {
      if (isKnown(asker)) return { admitted: true };
      const bits = await wantedBits(asker);
      if (bits === 0) return { admitted: true };
      const fresh = () => challengeOf(asker.uid, bits);
      const now = clock.now();
      if (sent === undefined || sent.challenge === '') return turnAway('missing', fresh());
      const challenge = verifyChallenge(secret, { uid: asker.uid, text: sent.challenge, at: now });
      if (challenge === undefined || challenge.bits < bits) return turnAway('refused', fresh());
      if (sent.solution === '') {
        const seconds = secondsToWait(challenge, now);
        // The same challenge goes back into the page: the wait goes on from where it was.
        if (seconds > 0) return turnAway('early', challenge, seconds);
      } else if (!isSolved(challenge, sent.solution)) {
        return turnAway('refused', fresh());
      }
      const expiresAt = new Date(challenge.issuedAt.getTime() + CHALLENGE_SECONDS * 1000);
      if (!(await spendChallenge(database, challenge.nonce, expiresAt))) return turnAway('spent', fresh());
      if (sent.solution === '') {
        const crowded = await throttle.reserveWait(database, asker.address);
        if (crowded !== undefined) return turnAway('crowded', fresh(), crowded);
      }
      counts[sent.solution === '' ? 'waited' : 'solved'] += 1;
      return { admitted: true };
    },
    note(outcome, login) {
      if (outcome === 'refused') pressure.refused();
      else pressure.succeeded(login);
    },
    async status() {
      const bits = await bitsOfService();
      return { bits, waitSeconds: waitSecondsOf(bits), ...(await pressure.levels()), counts: { ...counts } };
    },
  };
}
