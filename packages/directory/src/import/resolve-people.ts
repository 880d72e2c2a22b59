import type { Tx } from '@socle/db';
import type { Findings } from './findings.ts';
import type { FeedLane } from './pass.ts';

export interface Resolution {
  readonly keySpace: string;
  readonly degree: FeedLane;
  readonly at: Date;
  /** See Pass. */
  readonly began: Date;
  readonly findings: Findings;
}

/**
 * Settles what each key of the staged feed means: a known person or a new one; the first school (in the order of
 * keys; 0 for none) that they touch, which processes their data; and the pass that writes them, which is that school's
 * when it is the only one, else 0. Records whose key is of another kind of person are refused.
 *
 * @returns the keys of the staged schools, in order.
 */
export async function resolvePeople(tx: Tx, resolution: Resolution): Promise<readonly string[]> {
  const { keySpace, degree, at, began } = resolution;
  await refuseChangedCategories(tx, resolution);
  const schools = (
    await tx.query<{ key: string }>('SELECT key FROM directory.staged_schools ORDER BY key')
  ).map(({ key }) => key);
  // The planner cannot know how many rows the first two parts give, and would loop over them for each person.
  await tx.query('SET LOCAL enable_nestloop = off');
  await tx.query(RESOLVE, [keySpace, degree, at, schools, began]);
  await tx.query(DEPARTED, [keySpace, degree]);
  await tx.query(GATHER_MERGED);
  await tx.query('SET LOCAL enable_nestloop = on');
  await tx.query('SELECT directory.analyze_resolved()');
  return schools;
}

/** A key that belonged to another kind of person is not trusted: a pupil does not become a teacher. */
async function refuseChangedCategories(tx: Tx, resolution: Resolution): Promise<void> {
  const changed = await tx.query<{ key: string }>(
    `SELECT DISTINCT p.key FROM directory.staged_people p
     JOIN directory.join_keys j ON j.kind = directory.import_keys() AND j.value = $1 || '-' || p.key AND j.category <> p.category
     ORDER BY p.key`,
    [resolution.keySpace],
  );
  for (const { key } of changed) resolution.findings.refuse('category_changed', key);
}

const RESOLVE = `
  WITH schools AS (
    SELECT s.key, s.place::int AS place FROM unnest($4::text[]) WITH ORDINALITY AS s(key, place)
  ), own AS (
    SELECT t.key, min(s.place) AS place, max(s.place) AS last_place FROM (
      SELECT key, school_key FROM directory.staged_people WHERE school_key IS NOT NULL
      UNION ALL SELECT key, school_key FROM directory.staged_roles
      UNION ALL SELECT key, school_key FROM directory.staged_members
    ) t JOIN schools s ON s.key = t.school_key GROUP BY t.key
  ), through_children AS (
    -- a child of no school counts as place 0, so that its family is written before it is linked to
    SELECT l.adult_key AS key, min(o.place) AS place, max(coalesce(o.last_place, 0)) AS last_place,
      min(coalesce(o.place, 0)) AS first_place
    FROM directory.staged_links l LEFT JOIN own o ON o.key = l.child_key GROUP BY l.adult_key
  )
  INSERT INTO directory.resolved_people (key, person_id, is_new, category, home, pass, state, given_name, family_name,
    birth_date, mail, school_key, teaches, directs)
  -- numbered in the order of the passes, so that what a pass writes lies side by side in every index of people
  SELECT r.key, coalesce(r.person_id, directory.next_id($3, $5)), r.person_id IS NULL, r.category, r.home, r.pass, r.state,
    r.given_name, r.family_name, r.birth_date, r.mail, r.school_key, r.teaches, r.directs
  FROM (SELECT * FROM (
  SELECT DISTINCT ON (p.key) p.key, j.person_id, p.category,
    coalesce(least(own.place, c.place), 0) AS home,
    CASE WHEN coalesce(least(own.place, c.first_place), 0) = coalesce(greatest(own.last_place, c.last_place), 0)
      THEN coalesce(own.place, c.place, 0) ELSE 0 END AS pass,
    CASE WHEN p.number > 0 THEN 'named' WHEN p.number > -1000000000 THEN 'near' ELSE 'context' END AS state,
    p.given_name, p.family_name, p.birth_date, p.mail, p.school_key, p.teaches, p.directs
  FROM directory.staged_people p
  LEFT JOIN own ON own.key = p.key
  LEFT JOIN through_children c ON c.key = p.key AND p.category = 'relative'
  LEFT JOIN directory.join_keys j ON j.kind = directory.import_keys() AND j.value = $1 || '-' || p.key
  WHERE (j.category IS NULL OR j.category = p.category)
    AND NOT EXISTS (SELECT FROM directory.staged_people q WHERE q.key = p.key AND q.category <> p.category)
  ORDER BY p.key, (j.degree = $2) DESC
  ) named ORDER BY pass, key) r`;

const DEPARTED = `
  INSERT INTO directory.resolved_people (key, person_id, is_new, category, home, pass, state)
  SELECT DISTINCT ON (g.key) g.key, j.person_id, false, j.category, -1, -1, 'gone'
  FROM directory.staged_departures g
  JOIN directory.join_keys j ON j.kind = directory.import_keys() AND j.value = $1 || '-' || g.key AND j.degree = $2 AND j.category = g.category
  WHERE NOT EXISTS (SELECT FROM directory.staged_people p WHERE p.key = g.key)
  ORDER BY g.key`;

/** People who were joined come under several keys: they are written in one pass, and one record gives their name. */
const GATHER_MERGED = `
  UPDATE directory.known_people t
  SET pass = 0, home = m.home, names_person = (t.key, t.category) = (m.keys[1], m.categories[1])
  FROM (
    SELECT k.person_id, coalesce(min(nullif(k.home, 0)), 0) AS home,
      array_agg(k.key ORDER BY k.category = 'relative', k.key) AS keys,
      array_agg(k.category ORDER BY k.category = 'relative', k.key) AS categories
    FROM directory.known_people k
    WHERE k.state <> 'gone' AND k.person_id IN (SELECT survivor_id FROM directory.person_merges WHERE undone_at IS NULL)
    GROUP BY k.person_id HAVING count(*) > 1
  ) m
  WHERE t.person_id = m.person_id AND t.state <> 'gone'`;
