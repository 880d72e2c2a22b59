import type { PersonId } from '@socle/base';
import type { Queryable } from '@socle/db';

/** What became of people's facts since a revision. */
export interface AuthorizationChanges {
  /** The revision that this tells of, to ask from next time. */
  readonly revision: number;
  /** Whose facts to read again; `everybody` when there are too many to name, or when a revision is missing. */
  readonly people: ReadonlySet<PersonId> | 'everybody';
}

/** The authorization revision in force: it moves in the transaction of each change of a role or relation. */
export async function loadAuthorizationRevision(db: Queryable): Promise<number> {
  const [row] = await db.query<{ revision: number }>(
    'SELECT revision FROM directory.authorization_revisions',
  );
  return row!.revision;
}

/**
 * Whose facts changed after revision `since`: those whose rows did, and the guardians of a child whose did. A gap in
 * the revisions (an old `since`, one of another database) means everybody.
 */
export async function loadAuthorizationChanges(db: Queryable, since: number): Promise<AuthorizationChanges> {
  const [row] = await db.query<{ revision: number; moves: number; everybody: boolean; people: PersonId[] }>(
    `WITH now AS (
       SELECT revision FROM directory.authorization_revisions
     ), moves AS (
       SELECT m.transaction_id FROM directory.authorization_moves m, now
       WHERE m.revision > $1 AND m.revision <= now.revision
     ), named AS (
       SELECT DISTINCT p.person_id FROM directory.authorization_changed_people p
       WHERE p.transaction_id IN (SELECT transaction_id FROM moves)
     )
     SELECT now.revision, (SELECT count(*) FROM moves) AS moves,
       EXISTS (SELECT FROM named WHERE person_id IS NULL) AS everybody,
       ARRAY(SELECT person_id FROM named WHERE person_id IS NOT NULL
         UNION SELECT g.adult_id FROM directory.guardian_links g
           WHERE g.child_id IN (SELECT person_id FROM named) AND g.superseded_at IS NULL) AS people
     FROM now`,
    [since],
  );
  const { revision, moves, everybody, people } = row!;
  const isWhole = !everybody && since <= revision && moves === revision - since;
  return { revision, people: isWhole ? new Set(people) : 'everybody' };
}

/**
 * The first instant after `at` from which a person's facts may differ although no row changes: a link that begins, a
 * child who changes school or class. Undefined when none is known. The person's own windows are in the facts.
 */
export async function loadFactsBoundary(
  db: Queryable,
  person: PersonId,
  at: Date,
): Promise<Date | undefined> {
  const [row] = await db.query<{ boundary: Date | null }>(
    'SELECT directory.facts_change_at($1, $2) AS boundary',
    [person, at],
  );
  return row?.boundary ?? undefined;
}
