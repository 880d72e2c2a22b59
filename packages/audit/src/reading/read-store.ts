import type { Tx } from '@socle/db';

/** A stored event that still has its content. */
export interface StoredEvent {
  readonly id: string;
  readonly at: Date;
  readonly class: string;
  readonly payload: Buffer;
  readonly leaf_index: number | null;
}

/** Which events; all that the transaction's scope covers when nothing is set. */
export interface EventFilter {
  /** First part of the action's name. */
  readonly module?: string;
  readonly action?: string;
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

/** Where somebody is named. */
export interface NamedPerson {
  readonly pseudonym: string;
  readonly as: 'actor' | 'subject' | 'either';
}

/** The next `most` events before `before`, newest first. */
export async function searchRows(
  tx: Tx,
  filter: EventFilter & { readonly named?: NamedPerson },
  page: { readonly before?: string; readonly most: number },
): Promise<readonly StoredEvent[]> {
  const { named, module = null, action = null, from = null, to = null } = filter;
  const rest = [module, action, from, to, page.before ?? null, page.most];
  if (named) {
    return tx.query('SELECT * FROM audit.search_naming($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      named.pseudonym,
      named.as !== 'subject',
      named.as !== 'actor',
      ...rest,
    ]);
  }
  return tx.query(
    `SELECT id, at, class, payload, leaf_index FROM audit.event_view
     WHERE payload IS NOT NULL AND ($1::text IS NULL OR split_part(action, '.', 1) = $1)
       AND ($2::text IS NULL OR action = $2) AND ($3::timestamptz IS NULL OR at >= $3)
       AND ($4::timestamptz IS NULL OR at < $4) AND ($5::uuid IS NULL OR id < $5)
     ORDER BY id DESC LIMIT $6`,
    rest,
  );
}

/** What an event is called: its place in the tree, or its id. */
export type EventNumber = { readonly leaf: number } | { readonly id: string };

/** One event that still has its content. */
export async function findRow(tx: Tx, number: EventNumber): Promise<StoredEvent | undefined> {
  const [where, value] =
    'leaf' in number ? ['leaf_index = $1::bigint', number.leaf] : ['id = $1::uuid', number.id];
  const rows = await tx.query<StoredEvent>(
    `SELECT id, at, class, payload, leaf_index FROM audit.event_view WHERE payload IS NOT NULL AND ${where}`,
    [value],
  );
  return rows[0];
}

/** How often something happened. */
export interface Count {
  readonly key: string;
  readonly events: number;
}

const GROUPS = {
  /** `00` to `23`, in the zone of the schools. */
  hour: "to_char(at AT TIME ZONE 'Europe/Paris', 'HH24')",
  /** `YYYY-MM-DD`, likewise. */
  day: "to_char(at AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD')",
  module: "split_part(action, '.', 1)",
  action: 'action',
  outcome: 'outcome',
  /** `person:<pseudonym>`, `client:…`, `system:…`. */
  actor: 'actor',
} as const;

/** What accesses can be counted by. */
export type Grouping = keyof typeof GROUPS;

/** Counts the events of a period, by one of the groupings. */
export async function countBy(
  tx: Tx,
  grouping: Grouping,
  filter: EventFilter,
  most: number,
): Promise<readonly Count[]> {
  const { module = null, action = null, from = null, to = null } = filter;
  return tx.query<Count>(
    `SELECT ${GROUPS[grouping]} AS key, count(*)::int AS events FROM audit.event_view
     WHERE ($1::text IS NULL OR split_part(action, '.', 1) = $1) AND ($2::text IS NULL OR action = $2)
       AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)
     GROUP BY 1 ORDER BY ${grouping === 'hour' || grouping === 'day' ? '1' : '2 DESC, 1'} LIMIT $5`,
    [module, action, from, to, most],
  );
}

/** Somebody who looked at more people in a period than they, or others, are used to. */
export interface ReaderRow {
  readonly actor: string;
  /** Different people whom they acted on or looked at in the period. */
  readonly people: number;
  /** The same a day on average, over the days on which they did so in the four weeks before. */
  readonly usual: number;
  /** Events between 22 h and 6 h, in the zone of the schools. */
  readonly night_events: number;
  readonly events: number;
}

/** People who acted on others in [from, to), with what they did before; those who looked at most people first. */
export async function loadReaders(
  tx: Tx,
  period: { readonly from: Date; readonly to: Date },
  most: number,
): Promise<readonly ReaderRow[]> {
  return tx.query<ReaderRow>(
    `WITH looked AS (
       SELECT actor, target, at, at >= $1 AS now,
              extract(hour FROM at AT TIME ZONE 'Europe/Paris') AS hour, (at AT TIME ZONE 'Europe/Paris')::date AS day
       FROM audit.event_view
       WHERE at >= $1::timestamptz - interval '28 days' AND at < $2 AND actor LIKE 'person:%' AND target ~ '(^|[.])person:'
         AND substring(target FROM '[^:]*$') <> substring(actor FROM 8)
     ), before AS (
       SELECT actor, avg(people) AS usual
       FROM (SELECT actor, day, count(DISTINCT target) AS people FROM looked WHERE NOT now GROUP BY actor, day) AS days
       GROUP BY actor
     )
     SELECT l.actor, count(DISTINCT l.target)::int AS people, coalesce(max(b.usual), 0)::float8 AS usual,
            (count(*) FILTER (WHERE hour >= 22 OR hour < 6))::int AS night_events, count(*)::int AS events
     FROM looked l LEFT JOIN before b ON b.actor = l.actor
     WHERE l.now GROUP BY l.actor ORDER BY 2 DESC, 1 LIMIT $3`,
    [period.from, period.to, most],
  );
}

/** Whom pseudonyms stand for, as far as their mapping was not cut. */
export async function loadPeople(
  tx: Tx,
  pseudonyms: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (pseudonyms.length === 0) return new Map();
  const rows = await tx.query<{ person_id: string; pseudonym: string }>(
    'SELECT person_id, pseudonym FROM audit.pseudonyms WHERE pseudonym = ANY ($1::uuid[])',
    [pseudonyms],
  );
  return new Map(rows.map((row) => [row.pseudonym, row.person_id]));
}
