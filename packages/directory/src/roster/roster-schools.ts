import type { AuditAppender } from '@socle/audit';
import { newId, type ControllerId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { AcademyId } from '../ids.ts';
import type { Pass } from '../import/pass.ts';
import type { BoundRoster } from './roster-plan.ts';

/** Keys of the schools that this source brought before, and no longer names. */
export async function loadGoneSchools(
  tx: Tx,
  roster: BoundRoster,
  staged: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.query<{ feed_key: string }>(
    `SELECT feed_key FROM directory.schools WHERE feed_source = $1 AND feed_key <> ALL ($2::text[]) ORDER BY feed_key`,
    [roster.source.name, staged],
  );
  return rows.map((row) => row.feed_key);
}

/** Codes of subjects are an academy's: a source of one controller adds to them and renames none. */
export async function keepKnownSubjects(tx: Tx, academy: AcademyId): Promise<void> {
  await tx.query(
    `DELETE FROM directory.staged_subjects s WHERE EXISTS (
       SELECT FROM directory.subjects k WHERE k.academy_id = $1 AND k.code = s.code)`,
    [academy],
  );
}

/** Gives the school of a source's key as it stands now, made or brought up to date; its pass may then run. */
export async function applyRosterSchool(
  tx: Tx,
  pass: Omit<Pass, 'school' | 'controller'>,
  key: string,
  { source, schools }: BoundRoster,
  audit: AuditAppender,
): Promise<Pass | undefined> {
  const { controller } = source;
  const school = schools.get(key);
  if (!school) {
    const [left] = await tx.query<{ id: SchoolId; controller_id: ControllerId }>(
      `UPDATE directory.schools SET leaving_since = coalesce(leaving_since, $3)
       WHERE feed_source = $1 AND feed_key = $2 RETURNING id, controller_id`,
      [source.name, key, pass.at],
    );
    return left && { ...pass, controller: left.controller_id, school: { id: left.id, key } };
  }
  const [known] = await tx.query<{ id: SchoolId }>('SELECT id FROM directory.schools WHERE uai = $1', [
    school.uai,
  ]);
  if (known) {
    await tx.query(
      `UPDATE directory.schools SET feed_source = $2, feed_key = $3, name = coalesce($4, name), kind = coalesce($5, kind),
         leaving_since = NULL
       WHERE id = $1 AND (feed_source, feed_key, name, kind, leaving_since) IS DISTINCT FROM
         ($2, $3, coalesce($4, name), coalesce($5, kind), NULL::timestamptz)`,
      [known.id, source.name, key, school.name ?? null, school.kind ?? null],
    );
    return { ...pass, controller, school: { id: known.id, key } };
  }
  const id = newId<SchoolId>(pass.at);
  await tx.query(
    `INSERT INTO directory.schools (id, academy_id, controller_id, uai, degree, kind, name, language, time_zone,
       feed_source, feed_key, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      id,
      pass.academy,
      controller,
      school.uai,
      school.degree ?? '2D',
      school.kind ?? 'other',
      school.name ?? school.uai,
      school.language ?? 'fr',
      school.timeZone ?? 'Europe/Paris',
      source.name,
      key,
      pass.at,
    ],
  );
  await audit.append(tx, {
    at: pass.at,
    controller,
    actor: { kind: 'system', id: 'import' },
    action: 'directory.school.opened',
    target: { kind: 'school', id },
    outcome: 'success',
    detail: { uai: school.uai },
  });
  return { ...pass, controller, school: { id, key } };
}
