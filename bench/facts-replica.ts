import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrations as auditMigrations } from '@socle/audit';
import {
  databaseUrl,
  migrate,
  openDatabase,
  provisionDatabase,
  startEmbeddedServer,
  type Database,
} from '@socle/db';
import { migrations } from '@socle/directory';

/** One in so many of a region of 3.2 million people and 8.8 million facts. */
const SHARE = Number(process.env['SOCLE_BENCH_SHARE'] ?? 16);
const SCHOOLS = Math.ceil(4000 / SHARE);
const PUPILS = SCHOOLS * 300;
const PARENTS = SCHOOLS * 475;
const TEACHERS = SCHOOLS * 25;

/** Fills the tables as an import of the region would, school by school, without the triggers of single changes. */
export async function fillRegion(admin: Database): Promise<void> {
  const statements = [
    `INSERT INTO directory.controllers (id, code, name, kind, created_at)
     VALUES (pg_temp.numbered('c', 0), 'bench', 'Région', 'academy', now())`,
    `INSERT INTO directory.regions (id, code, name) VALUES (pg_temp.numbered('g', 0), 'bench', 'Région')`,
    `INSERT INTO directory.academies (id, code, name, region_id, controller_id)
     SELECT pg_temp.numbered('a', n), 'A' || n, 'Académie ' || n, pg_temp.numbered('g', 0), pg_temp.numbered('c', 0)
     FROM generate_series(0, 2) n`,
    `INSERT INTO directory.schools (id, academy_id, controller_id, uai, degree, kind, name, created_at)
     SELECT pg_temp.numbered('s', n), pg_temp.numbered('a', n % 3), pg_temp.numbered('c', 0),
       lpad(n::text, 7, '0') || 'A', '2D', 'college', 'Collège ' || n, now()
     FROM generate_series(0, ${SCHOOLS - 1}) n`,
    `INSERT INTO directory.divisions (id, school_id, controller_id, kind, code, name, created_at)
     SELECT pg_temp.numbered('d', s * 17 + n), pg_temp.numbered('s', s), pg_temp.numbered('c', 0),
       CASE WHEN n < 12 THEN 'class' ELSE 'group' END, n::text, n::text, now()
     FROM generate_series(0, ${SCHOOLS - 1}) s, generate_series(0, 16) n`,
    `INSERT INTO directory.subjects (id, academy_id, code, name)
     SELECT pg_temp.numbered('m', n), pg_temp.numbered('a', n % 3), n::text, n::text FROM generate_series(0, 59) n`,
    // Families stand together, as a feed of a school brings them.
    `INSERT INTO directory.people (id, controller_id, given_name, family_name, birth_date, created_at, updated_at)
     SELECT pg_temp.numbered(k.kind, s * k.each + n), pg_temp.numbered('c', 0), 'Zoé', 'N' || n,
       CASE k.kind WHEN 'p' THEN date '2009-01-01' + (n * 7 + s) % 2500 ELSE date '1980-01-01' + n END, now(), now()
     FROM generate_series(0, ${SCHOOLS - 1}) s,
       (VALUES ('p', 300), ('r', 475), ('t', 25)) AS k (kind, each), generate_series(0, k.each - 1) n`,
    `INSERT INTO directory.roles (id, person_id, role, scope, school_id, controller_id, source, valid_from)
     SELECT gen_random_uuid(), pg_temp.numbered(k.kind, s * k.each + n), k.role, 'school', pg_temp.numbered('s', s),
       pg_temp.numbered('c', 0), 'feed', timestamptz '2026-09-01 05:00Z'
     FROM generate_series(0, ${SCHOOLS - 1}) s,
       (VALUES ('p', 300, 'pupil'), ('r', 475, 'guardian'), ('t', 25, 'teacher')) AS k (kind, each, role),
       generate_series(0, k.each - 1) n`,
    `INSERT INTO directory.division_members (division_id, person_id, controller_id, valid_from)
     SELECT pg_temp.numbered('d', s * 17 + CASE g WHEN 0 THEN n % 12 ELSE 12 + n % 5 END), pg_temp.numbered('p', s * 300 + n),
       pg_temp.numbered('c', 0), timestamptz '2026-09-01 05:00Z'
     FROM generate_series(0, ${SCHOOLS - 1}) s, generate_series(0, 299) n, generate_series(0, 1) g`,
    `INSERT INTO directory.teaching_assignments (person_id, division_id, subject_id, controller_id, valid_from)
     SELECT pg_temp.numbered('t', s * 25 + n), pg_temp.numbered('d', s * 17 + (n + d) % 12), pg_temp.numbered('m', n % 20),
       pg_temp.numbered('c', 0), timestamptz '2026-09-01 05:00Z'
     FROM generate_series(0, ${SCHOOLS - 1}) s, generate_series(0, 24) n, generate_series(0, 7) d`,
    `INSERT INTO directory.guardian_links (id, child_id, adult_id, controller_id, kind, exercise, source, valid_from, recorded_at)
     SELECT gen_random_uuid(), pg_temp.numbered('p', s * 300 + (n + l * 7) % 300), pg_temp.numbered('r', s * 475 + n),
       pg_temp.numbered('c', 0), 'legal', 'joint', 'feed', timestamptz '2026-09-01 05:00Z', timestamptz '2026-09-01 05:00Z'
     FROM generate_series(0, ${SCHOOLS - 1}) s, generate_series(0, 474) n, generate_series(0, CASE WHEN n < 125 THEN 1 ELSE 0 END) l`,
    'ANALYZE directory.people, directory.roles, directory.division_members, directory.teaching_assignments, directory.guardian_links, directory.schools',
  ];
  await admin.transaction(async (tx) => {
    await tx.query(`SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0`);
    await tx.query(`CREATE FUNCTION pg_temp.numbered(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
      SELECT ('0192' || substr(md5(kind || n), 1, 4) || '-' || substr(md5(kind || n), 5, 4) || '-7000-8000-'
        || lpad(to_hex(ascii(kind)), 2, '0') || lpad(to_hex(n), 10, '0'))::uuid $$`);
    for (const statement of statements) await tx.query(statement);
  });
}
