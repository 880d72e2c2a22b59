import type { Tx } from '@socle/db';
import type { AcademyId } from '../ids.ts';

/** Subjects and MEF of the academy; a subject that only a teacher's record names is made with its code as name. */
export async function applyCodes(tx: Tx, academy: AcademyId, at: Date): Promise<void> {
  await tx.query(
    `INSERT INTO directory.subjects AS t (id, academy_id, code, name)
     SELECT directory.new_id($2), $1, s.code, max(s.name) FROM directory.staged_subjects s GROUP BY s.code
     ON CONFLICT (academy_id, code) DO UPDATE SET name = EXCLUDED.name WHERE t.name <> EXCLUDED.name`,
    [academy, at],
  );
  await tx.query(
    `INSERT INTO directory.subjects (id, academy_id, code, name)
     SELECT directory.new_id($2), $1, t.code, t.code
     FROM (SELECT DISTINCT subject_code AS code FROM directory.staged_teaching WHERE subject_code IS NOT NULL) t
     ON CONFLICT (academy_id, code) DO NOTHING`,
    [academy, at],
  );
  await tx.query(
    `INSERT INTO directory.mefs AS t (academy_id, code, name)
     SELECT $1, s.code, max(s.name) FROM directory.staged_mefs s GROUP BY s.code
     ON CONFLICT (academy_id, code) DO UPDATE SET name = EXCLUDED.name WHERE t.name <> EXCLUDED.name`,
    [academy],
  );
}
