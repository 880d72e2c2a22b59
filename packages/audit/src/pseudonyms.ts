import { randomUUID } from 'node:crypto';
import type { Clock } from '@socle/base';
import { invariant } from '@socle/base';
import type { Queryable } from '@socle/db';

/** Finds, or makes, the pseudonyms under which people stand in the log. */
export interface Pseudonyms {
  /** Every id gets its pseudonym; those that had none get a random one, committed at once. */
  resolve(personIds: ReadonlySet<string>): Promise<ReadonlyMap<string, string>>;
}

export interface PseudonymsOptions {
  /**
   * Connections of its own, never the caller's transaction: a new pseudonym is shared by everybody who logs
   * about that person, and must not wait for, or vanish with, one long transaction.
   */
  readonly database: Queryable;
  readonly clock: Clock;
  /** Most pseudonyms kept in memory. Default 20 000. */
  readonly cacheSize?: number;
  /** How long one is believed without asking the database, so that a cut mapping is soon noticed. Default 300 s. */
  readonly cacheTtlSeconds?: number;
}

interface Cached {
  readonly pseudonym: string;
  readonly until: number;
}

/** See Pseudonyms. */
export function openPseudonyms(options: PseudonymsOptions): Pseudonyms {
  const cacheSize = options.cacheSize ?? 20_000;
  const ttlMs = (options.cacheTtlSeconds ?? 300) * 1000;
  const cache = new Map<string, Cached>();

  function remember(personId: string, pseudonym: string, now: number): void {
    cache.delete(personId);
    cache.set(personId, { pseudonym, until: now + ttlMs });
    if (cache.size > cacheSize) cache.delete(cache.keys().next().value!);
  }

  return {
    async resolve(personIds) {
      const now = options.clock.now().getTime();
      const found = new Map<string, string>();
      let missing: string[] = [];
      for (const id of personIds) {
        const cached = cache.get(id);
        if (cached && cached.until > now) found.set(id, cached.pseudonym);
        else missing.push(id);
      }
      // A row that another connection commits between our snapshot and our insert is seen by the next round only.
      for (let round = 0; missing.length > 0; round += 1) {
        invariant(round < 5, 'a pseudonym is neither there nor insertable');
        for (const row of await ensureRows(options.database, missing.sort())) {
          found.set(row.person_id, row.pseudonym);
          remember(row.person_id, row.pseudonym, now);
        }
        missing = missing.filter((id) => !found.has(id));
      }
      return found;
    },
  };
}

async function ensureRows(database: Queryable, personIds: readonly string[]) {
  return database.query<{ person_id: string; pseudonym: string }>(
    `WITH wanted AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS w(person_id, fresh)),
     known AS (SELECT p.person_id, p.pseudonym FROM audit.pseudonyms p JOIN wanted USING (person_id)),
     made AS (
       INSERT INTO audit.pseudonyms (person_id, pseudonym)
       SELECT person_id, fresh FROM wanted WHERE person_id NOT IN (SELECT person_id FROM known)
       ORDER BY person_id
       ON CONFLICT DO NOTHING
       RETURNING person_id, pseudonym)
     SELECT * FROM known UNION ALL SELECT * FROM made`,
    [personIds, personIds.map(() => randomUUID())],
  );
}
