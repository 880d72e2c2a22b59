import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { Degree } from '../aaf/file-name.ts';
import type { FindingKind, Findings } from './findings.ts';

export interface Resolution {
  readonly academyCode: string;
  readonly degree: Degree;
  readonly at: Date;
  readonly findings: Findings;
}

/**
 * Settles what each key of the staged feed means: a known person or a new one, and the first school (in the order of
 * keys; 0 for none) that they touch, which is the one that writes them. Counts what does not fit together.
 *
 * @returns the keys of the feed's schools, in order.
 * @throws DirectoryError `feed_of_another_academy` when a school belongs to another academy here.
 */
export async function resolvePeople(tx: Tx, resolution: Resolution): Promise<readonly string[]> {
  const { findings, academyCode } = resolution;
  await tx.query('SELECT directory.analyze_staging()');
  await refuseForeignSchools(tx, resolution);
  await dropDuplicates(tx, findings);
  await refuseChangedCategories(tx, resolution);
  const schools = (
    await tx.query<{ key: string }>('SELECT key FROM directory.staged_schools ORDER BY key')
  ).map(({ key }) => key);
  // The planner cannot know how many rows the first two parts give, and would loop over them for each person.
  await tx.query('SET LOCAL enable_nestloop = off');
  await tx.query(RESOLVE, [academyCode, resolution.degree, resolution.at, schools]);
  await tx.query('SET LOCAL enable_nestloop = on');
  await tx.query('SELECT directory.analyze_staging()');
  for (const [kind, sql] of CHECKS) {
    const rows = await tx.query<{ key: string; count: number }>(
      `SELECT key, (count(*) OVER ())::int AS count FROM (${sql}) found ORDER BY key LIMIT 10`,
    );
    for (const { key } of rows) findings.add(kind, key, 0);
    if (rows[0]) findings.add(kind, rows[0].key, rows[0].count);
  }
  // A mailbox that two people claim leads to nobody.
  await tx.query(
    `UPDATE directory.staged_people SET mail = NULL WHERE mail IN (
       SELECT mail FROM directory.staged_people WHERE mail IS NOT NULL GROUP BY mail HAVING count(*) > 1)`,
  );
  return schools;
}

async function refuseForeignSchools(tx: Tx, resolution: Resolution): Promise<void> {
  const foreign = await tx.query<{ uai: string }>(
    `SELECT s.uai FROM directory.staged_schools f JOIN directory.schools s ON s.uai = f.uai
     JOIN directory.academies a ON a.id = s.academy_id WHERE a.code <> $1 ORDER BY s.uai LIMIT 8`,
    [resolution.academyCode],
  );
  if (foreign.length > 0) {
    throw refuse(
      'feed_of_another_academy',
      422,
      'The feed holds schools that belong to another academy here. Check the folder and the academy’s code.',
      { schools: foreign.map(({ uai }) => uai) },
    );
  }
}

/** A key given twice: the first record is kept; under two categories, none is. */
async function dropDuplicates(tx: Tx, findings: Findings): Promise<void> {
  const twice = await tx.query<{ key: string; extra: number; categories: number }>(
    `SELECT key, (count(*) - 1)::int AS extra, count(DISTINCT category)::int AS categories
     FROM directory.staged_people GROUP BY key HAVING count(*) > 1 ORDER BY key`,
  );
  for (const { key, extra, categories } of twice) {
    findings.refuse('key_duplicate', key, categories > 1 ? extra + 1 : extra);
  }
  if (twice.length > 0) {
    await tx.query(
      `DELETE FROM directory.staged_people a USING directory.staged_people b
       WHERE a.key = b.key AND a.category = b.category AND a.number > b.number`,
    );
  }
  const schools = await tx.query<{ key: string }>(
    `SELECT min(key) AS key FROM directory.staged_schools GROUP BY uai HAVING count(*) > 1
     UNION SELECT key FROM directory.staged_schools GROUP BY key HAVING count(*) > 1 ORDER BY 1 LIMIT 8`,
  );
  if (schools.length > 0) {
    throw refuse('feed_file_invalid', 422, 'The feed holds a school twice. Ask for it again.', {
      schools: schools.map(({ key }) => key),
    });
  }
}

/** A key that belonged to another kind of person is not trusted: a pupil does not become a teacher. */
async function refuseChangedCategories(tx: Tx, resolution: Resolution): Promise<void> {
  const changed = await tx.query<{ key: string }>(
    `SELECT DISTINCT p.key FROM directory.staged_people p
     JOIN directory.join_keys j ON j.kind = 'aaf' AND j.value = $1 || '-' || p.key AND j.category <> p.category
     ORDER BY p.key`,
    [resolution.academyCode],
  );
  for (const { key } of changed) resolution.findings.refuse('category_changed', key);
}

const RESOLVE = `
  WITH schools AS (
    SELECT s.key, s.place::int AS place FROM unnest($4::text[]) WITH ORDINALITY AS s(key, place)
  ), own AS (
    SELECT t.key, min(s.place) AS place FROM (
      SELECT key, school_key FROM directory.staged_people WHERE school_key IS NOT NULL
      UNION ALL SELECT key, school_key FROM directory.staged_roles
      UNION ALL SELECT key, school_key FROM directory.staged_members
    ) t JOIN schools s ON s.key = t.school_key GROUP BY t.key
  ), through_children AS (
    SELECT l.adult_key AS key, min(o.place) AS place
    FROM directory.staged_links l JOIN own o ON o.key = l.child_key GROUP BY l.adult_key
  )
  INSERT INTO directory.resolved_people (key, person_id, is_new, category, home)
  SELECT DISTINCT ON (p.key) p.key, coalesce(j.person_id, directory.new_id($3)), j.person_id IS NULL, p.category,
    coalesce(least(own.place, c.place), 0)
  FROM directory.staged_people p
  LEFT JOIN own ON own.key = p.key
  LEFT JOIN through_children c ON c.key = p.key AND p.category = 'relative'
  LEFT JOIN directory.join_keys j ON j.kind = 'aaf' AND j.value = $1 || '-' || p.key
  WHERE (j.category IS NULL OR j.category = p.category)
    AND NOT EXISTS (SELECT FROM directory.staged_people q WHERE q.key = p.key AND q.category <> p.category)
  ORDER BY p.key, (j.degree = $2) DESC`;

const CHECKS: readonly (readonly [FindingKind, string])[] = [
  [
    'school_unknown',
    `SELECT DISTINCT t.key FROM (
       SELECT key, school_key FROM directory.staged_people WHERE school_key IS NOT NULL
       UNION ALL SELECT key, school_key FROM directory.staged_roles
       UNION ALL SELECT key, school_key FROM directory.staged_members
     ) t WHERE NOT EXISTS (SELECT FROM directory.staged_schools s WHERE s.key = t.school_key)`,
  ],
  [
    'link_to_missing_relative',
    `SELECT l.child_key AS key FROM directory.staged_links l WHERE NOT EXISTS (
       SELECT FROM directory.staged_people p WHERE p.key = l.adult_key AND p.category = 'relative')`,
  ],
  [
    'subject_unknown',
    `SELECT DISTINCT t.subject_code AS key FROM directory.staged_teaching t WHERE t.subject_code IS NOT NULL
       AND NOT EXISTS (SELECT FROM directory.staged_subjects s WHERE s.code = t.subject_code)`,
  ],
  [
    'mailbox_shared',
    `SELECT p.key FROM (SELECT key, count(*) OVER (PARTITION BY mail) AS holders
       FROM directory.staged_people WHERE mail IS NOT NULL) p WHERE p.holders > 1`,
  ],
];
