import type { Tx } from '@socle/db';

/** What a feed holds, refused records left out. */
export interface FeedContents {
  readonly schools: number;
  readonly pupils: number;
  readonly relatives: number;
  readonly staff: number;
  readonly classes: number;
  readonly groups: number;
  /** Links between a pupil and a relative who are both in the feed. */
  readonly links: { readonly legal: number; readonly inCharge: number; readonly contact: number };
}

/** Counts the staged feed, once people are resolved. */
export async function countFeed(tx: Tx): Promise<FeedContents> {
  const [row] = await tx.query<
    Record<'schools' | 'pupils' | 'relatives' | 'staff' | 'classes' | 'groups', number> &
      Record<'legal' | 'in_charge' | 'contact', number>
  >(
    `WITH divisions AS (
       SELECT school_key, kind, code FROM directory.staged_divisions
       UNION SELECT school_key, kind, code FROM directory.staged_members
       UNION SELECT school_key, kind, code FROM directory.staged_teaching
       UNION SELECT school_key, 'class', code FROM directory.staged_heads
     ), of_schools AS (
       SELECT d.kind FROM divisions d JOIN directory.staged_schools s ON s.key = d.school_key
     ), pairs AS (
       SELECT min(CASE l.kind WHEN 'contact' THEN 0 WHEN 'in_charge' THEN 1 ELSE 2 END) AS rank
       FROM directory.staged_links l
       JOIN directory.known_people c ON c.key = l.child_key AND c.category = 'pupil' AND c.state = 'named'
       JOIN directory.known_people a ON a.key = l.adult_key AND a.category = 'relative'
       GROUP BY c.key, a.key
     )
     SELECT (SELECT count(*)::int FROM directory.staged_schools) AS schools,
       (SELECT count(*)::int FROM directory.known_people WHERE category = 'pupil' AND state = 'named') AS pupils,
       (SELECT count(*)::int FROM directory.known_people WHERE category = 'relative' AND state = 'named') AS relatives,
       (SELECT count(*)::int FROM directory.known_people WHERE category = 'staff' AND state = 'named') AS staff,
       (SELECT count(*)::int FROM of_schools WHERE kind = 'class') AS classes,
       (SELECT count(*)::int FROM of_schools WHERE kind = 'group') AS groups,
       (SELECT count(*)::int FROM pairs WHERE rank = 2) AS legal,
       (SELECT count(*)::int FROM pairs WHERE rank = 1) AS in_charge,
       (SELECT count(*)::int FROM pairs WHERE rank = 0) AS contact`,
  );
  const { legal, in_charge: inCharge, contact, ...counts } = row!;
  return { ...counts, links: { legal, inCharge, contact } };
}
