import { birthDayOf } from '@socle/authorization';
import type { Tx } from '@socle/db';
import type { CopiedRow } from './read-copy.ts';

/** The instants at which children come of age, numbered. */
export interface Majorities {
  /** The number of a child's, from what the replica packed of the child and the id in `field`; undefined when unknown. */
  find(head: number, row: CopiedRow, field: number): number | undefined;
  /** Milliseconds since 1970. */
  instant(number: number): number;
}

const PARIS = 'Europe/Paris';
/** Birth days are 16 bits: a number is a zone and a day. */
const DAYS = 2 ** 17;
const FIRST_DAY = -(2 ** 16);

/**
 * Asks PostgreSQL when those born on each day come of age in each time zone of a school, as `directory.majority_of` says
 * of one child, and which children are not in that of Paris. `days` are days since 1970.
 */
export async function buildMajorities(tx: Tx, days: ReadonlySet<number>): Promise<Majorities> {
  const found = await tx.query<{ zone: string }>(
    `SELECT DISTINCT time_zone_in_force AS zone FROM directory.schools WHERE time_zone_in_force <> $1`,
    [PARIS],
  );
  const zones = [PARIS, ...found.map(({ zone }) => zone)];
  const elsewhere = zones.length === 1 ? new Map<string, number>() : await loadZones(tx, zones);
  const rows = await tx.query<{ zone: number; day: number; majority: number }>(
    `SELECT z.number::int - 1 AS zone, d.day,
       (extract(epoch FROM (CASE WHEN extract(month FROM b.born) = 2 AND extract(day FROM b.born) = 29
          THEN make_date(extract(year FROM b.born)::int + 18, 3, 1)
          ELSE (b.born + interval '18 years')::date END)::timestamp AT TIME ZONE z.zone) * 1000)::bigint AS majority
     FROM unnest($1::text[]) WITH ORDINALITY AS z (zone, number), unnest($2::int[]) AS d (day),
       LATERAL (SELECT date '1970-01-01' + d.day AS born) b`,
    [zones, [...days]],
  );
  const instants = new Map(rows.map(({ zone, day, majority }) => [zone * DAYS + day - FIRST_DAY, majority]));
  return {
    find(head, row, field) {
      const day = birthDayOf(head);
      if (day === undefined) return undefined;
      const zone =
        elsewhere.size === 0
          ? 0
          : (elsewhere.get(row.bytes.toString('latin1', row.at[field], row.end[field])) ?? 0);
      return zone * DAYS + day - FIRST_DAY;
    },
    instant: (number) => instants.get(number)!,
  };
}

/** The zone of each child whose latest school as a pupil is not in that of Paris, by the bytes of the id. */
async function loadZones(tx: Tx, zones: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ id: Buffer; zone: string }>(
    `SELECT DISTINCT ON (r.person_id) uuid_send(r.person_id) AS id, s.time_zone_in_force AS zone
     FROM directory.roles r JOIN directory.schools s ON s.id = r.school_id
     WHERE r.role = 'pupil' AND r.person_id IN (
       SELECT o.person_id FROM directory.roles o JOIN directory.schools a ON a.id = o.school_id
       WHERE o.role = 'pupil' AND a.time_zone_in_force <> $1)
     ORDER BY r.person_id, r.valid_from DESC`,
    [PARIS],
  );
  return new Map(
    rows.flatMap(({ id, zone }) =>
      zone === PARIS ? [] : [[id.toString('latin1'), zones.indexOf(zone)] as const],
    ),
  );
}
