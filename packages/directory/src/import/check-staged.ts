import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { FindingKind, Findings } from './findings.ts';

export interface StagedCheck {
  readonly academyCode: string;
  readonly findings: Findings;
  /** The source that may name its own schools; none for AAF. */
  readonly source?: string;
  readonly at: Date;
}

/**
 * Looks at the staged feed as a whole, before anything changes: refuses what cannot be, counts what does not fit
 * together, and leaves out what is given twice.
 *
 * @throws DirectoryError `feed_of_another_academy` when a school belongs to another academy here; `feed_file_invalid` when
 *   one is given twice; `feed_school_of_another_source`.
 */
export async function checkStaged(tx: Tx, check: StagedCheck): Promise<void> {
  const { findings } = check;
  await tx.query('SELECT directory.analyze_staging()');
  await refuseForeignSchools(tx, check);
  await dropDuplicates(tx, findings);
  for (const [kind, sql] of CHECKS) {
    const rows = await tx.query<{ key: string; count: number }>(
      `SELECT key, (count(*) OVER ())::int AS count FROM (${sql}) found ORDER BY key LIMIT 10`,
    );
    for (const { key } of rows) findings.add(kind, key, 0);
    if (rows[0]) findings.add(kind, rows[0].key, rows[0].count);
  }
  await findContradictions(tx, check);
  // A mailbox that two people claim leads to nobody.
  await tx.query(
    `UPDATE directory.staged_people SET mail = NULL WHERE mail IN (
       SELECT mail FROM directory.staged_people WHERE mail IS NOT NULL GROUP BY mail HAVING count(*) > 1)`,
  );
}

/**
 * What a school decided over its feed, and the feed says otherwise: a pupil who was taken out of a class and is still in it,
 * or was put into one and is named without it. The decision holds until its end; the school is told.
 */
async function findContradictions(tx: Tx, { academyCode, source, findings, at }: StagedCheck): Promise<void> {
  const rows = await tx.query<{ key: string; count: number }>(
    `SELECT key, (count(*) OVER ())::int AS count FROM (
       SELECT DISTINCT c.id, substr(j.value, length($1) + 2) AS key
       FROM directory.local_changes c
       JOIN directory.schools s ON s.id = c.school_id
       JOIN directory.staged_schools f ON f.key = coalesce(s.join_key, s.feed_key)
       JOIN directory.join_keys j ON j.person_id = c.person_id AND j.kind = directory.import_keys()
         AND starts_with(j.value, $1 || '-')
       JOIN directory.staged_people p ON p.key = substr(j.value, length($1) + 2) AND p.category = 'pupil'
       LEFT JOIN directory.divisions d ON d.id = c.division_id
       LEFT JOIN directory.divisions l ON l.id = coalesce(c.left_division_id, CASE WHEN c.kind = 'leave' THEN c.division_id END)
       WHERE c.kind IN ('join', 'leave', 'move') AND c.undone_at IS NULL AND c.valid_from <= $2 AND c.valid_to > $2
         AND (
           (c.kind <> 'leave' AND NOT EXISTS (SELECT FROM directory.staged_members m WHERE m.key = p.key
             AND m.school_key = f.key AND m.kind = d.kind AND m.code = d.code))
           OR (c.kind <> 'join' AND EXISTS (SELECT FROM directory.staged_members m WHERE m.key = p.key
             AND m.school_key = f.key AND m.kind = l.kind AND m.code = l.code)))
     ) found ORDER BY key LIMIT 10`,
    [source ?? academyCode, at],
  );
  for (const { key } of rows) findings.add('local_change_contradicted', key, 0);
  if (rows[0]) findings.add('local_change_contradicted', rows[0].key, rows[0].count);
}

async function refuseForeignSchools(tx: Tx, check: StagedCheck): Promise<void> {
  const foreign = await tx.query<{ uai: string }>(
    `SELECT s.uai FROM directory.staged_schools f JOIN directory.schools s ON s.uai = f.uai
     JOIN directory.academies a ON a.id = s.academy_id WHERE a.code <> $1 ORDER BY s.uai LIMIT 8`,
    [check.academyCode],
  );
  if (foreign.length > 0) {
    throw refuse(
      'feed_of_another_academy',
      422,
      'The feed holds schools that belong to another academy here. Check the folder and the academy’s code.',
      { schools: foreign.map(({ uai }) => uai) },
    );
  }
  const fed = await tx.query<{ uai: string }>(
    `SELECT s.uai FROM directory.staged_schools f JOIN directory.schools s ON s.uai = f.uai
     WHERE s.feed_source <> coalesce($1::text, '') OR ($1::text IS NOT NULL AND s.join_key IS NOT NULL) ORDER BY s.uai LIMIT 8`,
    [check.source ?? null],
  );
  if (fed.length > 0) {
    throw refuse(
      'feed_school_of_another_source',
      409,
      `Another feed brings the school ${fed[0]!.uai} already, and a school has one feed. Take it out of one of them.`,
      { schools: fed.map(({ uai }) => uai) },
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
