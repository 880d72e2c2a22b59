import { sha256, type Clock } from '@socle/base';
import type { Queryable } from '@socle/db';
import { addPressure, FADING_SECONDS, type PressureLevels } from './pressure-store.ts';

/** How much of the service's sign-ins is refused, over all of its instances. */
export interface Pressure {
  /** Counts a password that was refused, or an attempt that was turned away before. */
  refused(): void;
  /** Counts a sign-in; each login once an hour, so that nobody makes an attack look usual by signing in again and again. */
  succeeded(login: string): void;
  /** The levels now, as far as this instance knows: at most a second old, its own counts included. */
  levels(): Promise<PressureLevels>;
}

const SETTLE_EVERY_MS = 1_000;
const SETTLE_AT_COUNTS = 50;
const SEEN_BITS = 1 << 20;
const HOUR_MS = 3_600_000;

/** Counts in memory and adds up in the database once a second, so that an attempt costs no statement of its own. */
export function openPressure(options: { readonly database: Queryable; readonly clock: Clock }): Pressure {
  const { database, clock } = options;
  let known: PressureLevels & { readonly at: number } = { refused: 0, succeeded: 0, at: 0 };
  let counted = { refused: 0, succeeded: 0 };
  let settling: Promise<void> | undefined;
  let seen = new Uint8Array(SEEN_BITS / 8);
  let seenHour = 0;

  const settle = async (now: Date): Promise<void> => {
    const added = counted;
    counted = { refused: 0, succeeded: 0 };
    try {
      known = { ...(await addPressure(database, added, now)), at: now.getTime() };
    } catch (error) {
      counted = {
        refused: counted.refused + added.refused,
        succeeded: counted.succeeded + added.succeeded,
      };
      throw error;
    }
  };

  return {
    refused() {
      counted.refused += 1;
    },
    succeeded(login) {
      const hour = Math.floor(clock.now().getTime() / HOUR_MS);
      if (hour !== seenHour) {
        seen = new Uint8Array(SEEN_BITS / 8);
        seenHour = hour;
      }
      const bit = sha256(login).readUInt32BE(0) % SEEN_BITS;
      const mask = 1 << (bit & 7);
      if (((seen[bit >> 3] ?? 0) & mask) !== 0) return;
      seen[bit >> 3] = (seen[bit >> 3] ?? 0) | mask;
      counted.succeeded += 1;
    },
    async levels() {
      const now = clock.now();
      const isDue =
        Math.abs(now.getTime() - known.at) >= SETTLE_EVERY_MS ||
        counted.refused + counted.succeeded >= SETTLE_AT_COUNTS;
      if (isDue) {
        settling ??= settle(now).finally(() => {
          settling = undefined;
        });
        await settling;
      }
      const faded = Math.exp(-Math.max(0, now.getTime() - known.at) / (FADING_SECONDS * 1000));
      return {
        refused: known.refused * faded + counted.refused,
        succeeded: known.succeeded * faded + counted.succeeded,
      };
    },
  };
}
