import type { Clock } from '@socle/base';
import type { PreparedStatement, Queryable } from '@socle/db';
import { buildLoginKey } from './account-store.ts';
import { buildAddressBlocks } from './address-blocks.ts';
import { keyedHash } from './derived-secrets.ts';

/** How many attempts a window takes before it closes. */
interface ThrottleLimit {
  readonly attempts: number;
  readonly windowSeconds: number;
}

/** Limits by what is counted. An IPv4 address may be a whole school: it takes many more than one account. */
const THROTTLE_LIMITS = {
  /** A login, from browsers that never signed in to it. */
  stranger: { attempts: 10, windowSeconds: 15 * 60 },
  /** The same, over a day (NIST SP 800-63B-4 §3.2.2: at most 100 in a row). */
  strangerDay: { attempts: 100, windowSeconds: 24 * 3_600 },
  /** A login, from one browser that signed in to it before. */
  device: { attempts: 10, windowSeconds: 15 * 60 },
  /** A one-time code or a badge, whether it exists or not. */
  code: { attempts: 20, windowSeconds: 15 * 60 },
  /** Codes of a second factor on one account, apart from the password's own counters. */
  factor: { attempts: 5, windowSeconds: 15 * 60 },
  factorDay: { attempts: 40, windowSeconds: 24 * 3_600 },
  addressV4: { attempts: 300, windowSeconds: 15 * 60 },
  addressV6: { attempts: 100, windowSeconds: 15 * 60 },
  /** Codes of devices (34 bits, ten minutes) tried from one place; a school has many devices behind one address. */
  userCodeV4: { attempts: 60, windowSeconds: 15 * 60 },
  userCodeV6: { attempts: 30, windowSeconds: 15 * 60 },
  /** Forms sent without a proof of work, after a wait: the price of an attempt for those who have no other way. */
  waitV4: { attempts: 30, windowSeconds: 15 * 60 },
  waitV6: { attempts: 10, windowSeconds: 15 * 60 },
  waitAll: { attempts: 1_800, windowSeconds: 15 * 60 },
} as const satisfies Record<string, ThrottleLimit>;

type Kind = keyof typeof THROTTLE_LIMITS;

/** Who tries. */
interface Attempt {
  readonly login: string;
  readonly address: string;
  /** Set when the browser proved that it had signed in to this login before. */
  readonly deviceId?: string;
}

/** Who tries a code or a badge: nobody has said who they are yet. */
interface CodeAttempt {
  /** The code in the form in which it is looked up. */
  readonly code: string;
  readonly address: string;
}

/** Who tries a second factor: the account was proven by a first one. */
interface FactorAttempt {
  readonly accountId: string;
  readonly address: string;
}

/** The answer to an attempt; `reserved` is given back by `succeed`. */
export type ThrottleDecision =
  | { readonly allowed: true; readonly reserved: readonly Counter[] }
  | {
      readonly allowed: false;
      readonly retryAfterSeconds: number;
      /** The login's counter closed with this very attempt: worth one event, not one for each refusal. */
      readonly justClosed: boolean;
      /** Attempts on the login in the window that closed. */
      readonly attempts: number;
    };

/** One counter: what is counted, and for whom. */
interface Counter {
  readonly kind: Kind;
  readonly key: Buffer;
}

/** Counts attempts before the password is looked at, so that parallel guesses are all counted. */
export interface Throttle {
  /** Counts an attempt against every counter that fits; refused when one of them is closed. */
  reserve(db: Queryable, attempt: Attempt | CodeAttempt | FactorAttempt): Promise<ThrottleDecision>;
  /** After a success: forgets the login's failures and gives the address its attempt back. */
  succeed(db: Queryable, reserved: readonly Counter[]): Promise<void>;
  /** Gives all the counters their attempt back: nothing was tried. */
  release(db: Queryable, reserved: readonly Counter[]): Promise<void>;
  /** Counts one try of a device's code from an address; gives the seconds to wait when there were too many. */
  reserveUserCode(db: Queryable, address: string): Promise<number | undefined>;
  /** Counts one form sent without a proof of work; gives the seconds to wait when there were too many. */
  reserveWait(db: Queryable, address: string): Promise<number | undefined>;
  /** Reads, without counting, what was tried on a login by strangers in a day, and from a block as a part of its limit. */
  weigh(
    db: Queryable,
    attempt: { readonly login?: string; readonly address: string },
  ): Promise<{ readonly ofLogin: number; readonly ofAddress: number }>;
  /** Forgets the failures of strangers on a login. */
  forget(db: Queryable, login: string): Promise<void>;
}

/** Opens the throttle; `secret` keys the rows, so that logins and addresses cannot be read from the table. */
export function openThrottle(options: { readonly secret: Buffer; readonly clock: Clock }): Throttle {
  const counter = (kind: Kind, text: string): Counter => ({
    kind,
    key: keyedHash(options.secret, kind, text),
  });

  const countersOfLogin = (attempt: Attempt): Counter[] => {
    const loginKey = buildLoginKey(attempt.login);
    return attempt.deviceId === undefined
      ? [counter('stranger', loginKey), counter('strangerDay', loginKey)]
      : [counter('device', `${loginKey} ${attempt.deviceId}`)];
  };

  const countersOf = (attempt: Attempt | CodeAttempt | FactorAttempt): Counter[] => {
    if ('code' in attempt) return [counter('code', attempt.code)];
    if ('accountId' in attempt) {
      return [counter('factor', attempt.accountId), counter('factorDay', attempt.accountId)];
    }
    return countersOfLogin(attempt);
  };

  const addressCounters = (address: string): Counter[] =>
    buildAddressBlocks(address).map((block) =>
      counter(block.includes('.') ? 'addressV4' : 'addressV6', block),
    );

  const reserveBlocks = async (db: Queryable, counters: readonly Counter[]): Promise<number | undefined> => {
    const now = options.clock.now();
    const closed = (await count(db, counters, now)).filter(
      (row) => row.attempts > THROTTLE_LIMITS[row.kind].attempts,
    );
    if (closed.length === 0) return undefined;
    const latest = Math.max(...closed.map((row) => row.window_ends_at.getTime()));
    return Math.max(1, Math.ceil((latest - now.getTime()) / 1000));
  };

  return {
    async reserve(db, attempt) {
      const now = options.clock.now();
      const counters = [...countersOf(attempt), ...addressCounters(attempt.address)];
      const rows = await count(db, counters, now);
      const closed = rows.filter((row) => row.attempts > THROTTLE_LIMITS[row.kind].attempts);
      if (closed.length === 0) return { allowed: true, reserved: counters };
      const latest = Math.max(...closed.map((row) => row.window_ends_at.getTime()));
      return {
        allowed: false,
        retryAfterSeconds: Math.max(1, Math.ceil((latest - now.getTime()) / 1000)),
        justClosed: closed.some(
          (row) => !row.kind.startsWith('address') && row.attempts === THROTTLE_LIMITS[row.kind].attempts + 1,
        ),
        attempts: Math.max(...closed.map((row) => row.attempts)),
      };
    },
    async release(db, reserved) {
      await db.prepared(GIVE_BACK, columns(inOrder(reserved)));
    },
    async succeed(db, reserved) {
      await db.prepared(SUCCEED, columns(inOrder(reserved)));
    },
    reserveUserCode: (db, address) =>
      reserveBlocks(
        db,
        buildAddressBlocks(address).map((block) =>
          counter(block.includes('.') ? 'userCodeV4' : 'userCodeV6', block),
        ),
      ),
    reserveWait: (db, address) =>
      reserveBlocks(db, [
        counter('waitAll', ''),
        ...buildAddressBlocks(address).map((block) =>
          counter(block.includes('.') ? 'waitV4' : 'waitV6', block),
        ),
      ]),
    async weigh(db, { login, address }) {
      const counters = [
        ...(login === undefined ? [] : [counter('strangerDay', buildLoginKey(login))]),
        ...addressCounters(address),
      ];
      const rows = await db.query<Pick<CountedRow, 'kind' | 'attempts'>>(
        `SELECT t.kind, t.attempts FROM identity.throttles t
           JOIN unnest($1::text[], $2::bytea[]) AS c (kind, key) ON t.kind = c.kind AND t.key = c.key
          WHERE t.window_ends_at > $3`,
        [...columns(counters), options.clock.now()],
      );
      const parts = rows.map(({ kind, attempts }) => attempts / THROTTLE_LIMITS[kind].attempts);
      const ofLogin = rows.find(({ kind }) => kind === 'strangerDay')?.attempts ?? 0;
      return {
        ofLogin,
        ofAddress: Math.max(0, ...parts.filter((_, place) => rows[place]?.kind !== 'strangerDay')),
      };
    },
    async forget(db, login) {
      const loginKey = buildLoginKey(login);
      await db.query(
        `DELETE FROM identity.throttles AS t
          USING unnest($1::text[], $2::bytea[]) AS c (kind, key) WHERE t.kind = c.kind AND t.key = c.key`,
        columns([counter('stranger', loginKey), counter('strangerDay', loginKey)]),
      );
    },
  };
}

// Rows are locked in the order in which attempts count them, so that nobody waits for one who waits for them.
const LOCKED = `
  WITH locked AS MATERIALIZED (
    SELECT t.kind, t.key FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS c (kind, key, place)
      JOIN identity.throttles AS t USING (kind, key) ORDER BY c.place FOR UPDATE OF t)`;
const ATTEMPT_BACK = `
    UPDATE identity.throttles AS t SET attempts = greatest(t.attempts - 1, 0)
      FROM locked WHERE t.kind = locked.kind AND t.key = locked.key`;

const GIVE_BACK: PreparedStatement = { name: 'identity.throttle_release', text: LOCKED + ATTEMPT_BACK };

const SUCCEED: PreparedStatement = {
  name: 'identity.throttle_succeed',
  text: `${LOCKED}, given_back AS (${ATTEMPT_BACK} AND locked.kind LIKE 'address%')
    DELETE FROM identity.throttles AS t
     USING locked WHERE t.kind = locked.kind AND t.key = locked.key AND locked.kind NOT LIKE 'address%'`,
};

const COUNT: PreparedStatement = {
  name: 'identity.throttle_count',
  text: `
    INSERT INTO identity.throttles AS t (kind, key, attempts, window_ends_at)
    SELECT kind, key, 1, ends FROM unnest($1::text[], $2::bytea[], $3::timestamptz[]) AS c (kind, key, ends)
    ON CONFLICT (kind, key) DO UPDATE SET
      attempts = CASE WHEN t.window_ends_at <= $4 THEN 1 ELSE t.attempts + 1 END,
      window_ends_at = CASE WHEN t.window_ends_at <= $4 THEN excluded.window_ends_at ELSE t.window_ends_at END
    RETURNING kind, attempts, window_ends_at`,
};

interface CountedRow {
  kind: Kind;
  attempts: number;
  window_ends_at: Date;
}

async function count(db: Queryable, counters: readonly Counter[], now: Date): Promise<CountedRow[]> {
  const sorted = inOrder(counters);
  const ends = sorted.map(
    (item) => new Date(now.getTime() + THROTTLE_LIMITS[item.kind].windowSeconds * 1000),
  );
  return db.prepared<CountedRow>(COUNT, [...columns(sorted), ends, now]);
}

/** One order for all, so that two attempts never wait for each other. */
function inOrder(counters: readonly Counter[]): Counter[] {
  return [...counters].sort((a, b) => a.kind.localeCompare(b.kind) || a.key.compare(b.key));
}

function columns(counters: readonly Counter[]): [string[], Buffer[]] {
  return [counters.map((item) => item.kind), counters.map((item) => item.key)];
}
