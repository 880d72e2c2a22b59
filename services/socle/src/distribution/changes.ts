import type { Log } from '@socle/base';
import type { Database } from '@socle/db';
import { loadAuthorizationRevision } from '@socle/directory';
import { SESSIONS_ENDED_CHANNEL, type Identity } from '@socle/identity';
import type { HeldFacts } from '../facts/held-facts.ts';
import type { PoliciesInForce } from './policies-in-force.ts';
import { POLICIES_CHANNEL } from './store.ts';

/** Tells those who wait that facts, policies or sessions changed. */
export interface Changes {
  /** Moves at each change of a fact, of the policies, or at the end of a session, as seen from this instance. */
  readonly state: { readonly revision: number; readonly policies: number; readonly sessions: string };
  /** Resolves when the state is another than `known`, or after so long. */
  wait(isKnown: (state: Changes['state']) => boolean, milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** How often the truth is read. NOTIFY, where it comes through, makes it at once. */
const POLL_MS = 300;
/** Channel of the directory: a role or relation changed. */
const FACTS_CHANNEL = 'socle_authorization';

/** Follows the database: NOTIFY is a hint, polling the truth. A database that does not answer is tried again. */
export async function openChanges(options: {
  readonly database: Database;
  readonly identity: Pick<Identity, 'sessionsEndedSince'>;
  readonly policies: PoliciesInForce;
  /** Is told of each revision that is read. */
  readonly heldFacts: Pick<HeldFacts, 'follow'>;
  readonly log: Log;
}): Promise<Changes> {
  const { database, identity, policies, heldFacts, log } = options;
  const waiting = new Set<{ readonly wake: () => void; readonly end: () => void }>();
  const read = async (): Promise<Changes['state']> => {
    await policies.follow();
    return {
      revision: await loadAuthorizationRevision(database),
      policies: policies.number,
      sessions: (await identity.sessionsEndedSince(database)).cursor,
    };
  };
  let state = await read();
  void heldFacts.follow(state.revision);
  let reading: Promise<void> | undefined;
  let again = false;
  const poll = (): Promise<void> => {
    // A hint that comes during a reading may be of a change after it: read once more.
    if (reading) again = true;
    reading ??= (async () => {
      do {
        again = false;
        const next = await read();
        const moved =
          next.revision !== state.revision ||
          next.policies !== state.policies ||
          next.sessions !== state.sessions;
        state = next;
        void heldFacts.follow(state.revision);
        if (moved) for (const { wake } of [...waiting]) wake();
      } while (again);
    })()
      .catch(() => log.warn({}, 'changes of facts could not be read; tried again'))
      .finally(() => (reading = undefined));
    return reading;
  };
  const timer = setInterval(() => void poll(), POLL_MS);
  timer.unref();
  const listeners = await Promise.all(
    [FACTS_CHANNEL, POLICIES_CHANNEL, SESSIONS_ENDED_CHANNEL].map((channel) =>
      database.listen(channel, () => void poll()),
    ),
  );

  return {
    get state() {
      return state;
    },
    async wait(isKnown, milliseconds) {
      if (!isKnown(state)) return;
      await new Promise<void>((resolve) => {
        const waiter = {
          wake: () => {
            if (!isKnown(state)) waiter.end();
          },
          end: () => {
            clearTimeout(limit);
            waiting.delete(waiter);
            resolve();
          },
        };
        const limit = setTimeout(waiter.end, milliseconds);
        waiting.add(waiter);
      });
    },
    async close() {
      clearInterval(timer);
      await Promise.all(listeners.map((listener) => listener.close()));
      for (const { end } of [...waiting]) end();
      await reading;
    },
  };
}
