import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { FindingKind, Findings } from './findings.ts';

export interface StagedCheck {
  readonly academyCode: string;
  readonly findings: Findings;
  /** The source that may name its own schools; none for AAF. */
  readonly source?: string;
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
  // A mailbox that two people claim leads to nobody.
  await tx.query(
    `UPDATE directory.staged_people SET mail = NULL WHERE mail IN (
       SELECT mail FROM directory.staged_people WHERE mail IS NOT NULL GROUP BY mail HAVING count(*) > 1)`,
  );
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
