import type { ControllerId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Pass } from './pass.ts';

/** A change of the link between a child and an adult, of people who were known before. */
interface LinkChange {
  readonly child_id: string;
  readonly adult_id: string;
  /** What it is now; undefined when the feed no longer gives it. */
  readonly kind: string | null;
  readonly exercise: string;
  readonly child_new: boolean;
  readonly adult_new: boolean;
  readonly controller_id: ControllerId;
}

export interface LinkChanges {
  readonly opened: number;
  readonly ended: number;
  readonly changes: readonly LinkChange[];
}

/**
 * Brings what the feed says of the children written in this pass in line: what changed is superseded, its past kept as it
 * was until now. Decisions recorded by the school are another layer, which this never touches.
 * Of two values for one pair the lesser right counts; the feed cannot say that one parent exercises alone, so a legal
 * guardian exercises jointly.
 */
export async function applyLinks(tx: Tx, pass: Pass): Promise<LinkChanges> {
  const ended = await tx.query<EndedRow>(
    `WITH desired AS MATERIALIZED (${DESIRED})
     UPDATE directory.guardian_links t SET superseded_at = greatest($2, t.recorded_at)
     WHERE t.child_id = ANY (${KNOWN_PUPILS})
       AND t.source = 'feed' AND t.superseded_at IS NULL AND t.valid_to IS NULL
       AND (t.child_id, t.adult_id, t.kind, t.exercise, coalesce(t.relation_code, '')) NOT IN (
         SELECT d.child_id, d.adult_id, d.kind, d.exercise, coalesce(d.relation_code, '') FROM desired d)
     RETURNING t.id, t.child_id, t.adult_id, t.controller_id`,
    [pass.place, pass.at],
  );
  if (ended.length > 0) {
    await tx.query(
      `INSERT INTO directory.guardian_links (id, child_id, adult_id, controller_id, kind, exercise, relation_code, source,
         valid_from, valid_to, recorded_at)
       SELECT directory.new_id($2), child_id, adult_id, controller_id, kind, exercise, relation_code, source, valid_from, $2, $2
       FROM directory.guardian_links WHERE id = ANY ($1::uuid[]) AND valid_from < $2`,
      [ended.map(({ id }) => id), pass.at],
    );
  }
  const opened = await tx.query<LinkChange & { total: number }>(OPEN, [
    pass.place,
    pass.at,
    pass.controller,
    pass.began,
  ]);
  const total = opened.find((row) => row.child_id === null)!.total;
  const now = opened.filter((row) => row.child_id !== null);
  const reopened = new Set(now.map((row) => `${row.child_id}${row.adult_id}`));
  return {
    opened: total,
    ended: ended.length,
    changes: [
      ...now,
      ...ended
        .filter((row) => !reopened.has(`${row.child_id}${row.adult_id}`))
        .map((row) => ({
          child_id: row.child_id,
          adult_id: row.adult_id,
          kind: null,
          exercise: 'none',
          child_new: false,
          adult_new: false,
          controller_id: row.controller_id,
        })),
    ],
  };
}

interface EndedRow {
  readonly id: string;
  readonly child_id: string;
  readonly adult_id: string;
  readonly controller_id: ControllerId;
}

/** Worked out once and looked up by index: a join may start from all the links there are. */
const KNOWN_PUPILS = `ARRAY(SELECT k.person_id FROM directory.known_people k
  WHERE k.pass = $1 AND k.category = 'pupil' AND NOT k.is_new)`;

const DESIRED = `
  SELECT DISTINCT ON (c.person_id, a.person_id) c.person_id AS child_id, a.person_id AS adult_id, l.kind,
    CASE l.kind WHEN 'legal' THEN 'joint' ELSE 'none' END AS exercise, l.relation_code, c.home
  FROM directory.known_people c
  JOIN directory.staged_links l ON l.child_key = c.key
  JOIN directory.known_people a ON a.key = l.adult_key AND a.category = 'relative' AND a.state <> 'gone'
  WHERE c.pass = $1 AND c.category = 'pupil'
  ORDER BY c.person_id, a.person_id, CASE l.kind WHEN 'contact' THEN 0 WHEN 'in_charge' THEN 1 ELSE 2 END`;

const OPEN = `
  WITH desired AS MATERIALIZED (${DESIRED}),
  opened AS (
    INSERT INTO directory.guardian_links AS t (id, child_id, adult_id, controller_id, kind, exercise, relation_code, source,
      valid_from, recorded_at)
    SELECT directory.next_id($2, $4), d.child_id, d.adult_id, coalesce(s.controller_id, $3), d.kind, d.exercise,
      d.relation_code, 'feed', $2, $2
    FROM desired d LEFT JOIN directory.known_schools s ON s.place = d.home
    WHERE (d.child_id, d.adult_id) NOT IN (SELECT g.child_id, g.adult_id
      FROM directory.guardian_links g WHERE g.child_id = ANY (${KNOWN_PUPILS})
        AND g.source = 'feed' AND g.superseded_at IS NULL AND g.valid_to IS NULL)
    RETURNING t.child_id, t.adult_id, t.kind, t.exercise, t.controller_id
  )
  SELECT NULL::uuid AS child_id, NULL::uuid AS adult_id, NULL AS kind, NULL AS exercise, false AS child_new, false AS adult_new,
    NULL::uuid AS controller_id, count(*)::int AS total FROM opened
  UNION ALL
  SELECT o.child_id, o.adult_id, o.kind, o.exercise, c.is_new, a.is_new, o.controller_id, 0
  FROM opened o JOIN directory.known_people c ON c.person_id = o.child_id
  JOIN directory.known_people a ON a.person_id = o.adult_id
  WHERE NOT (c.is_new AND a.is_new)`;
