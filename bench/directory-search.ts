import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadPolicies, type PersonFacts, type Policies } from '@socle/authorization';
import type { PersonId, SchoolId } from '@socle/base';
import type { Database } from '@socle/db';
import { loadPersonFacts, searchDirectory, type DirectorySearch } from '@socle/directory';
import { withDirectoryDatabase } from './directory/with-database.ts';
import type { BenchResult } from './result.ts';

const PEOPLE = 300_000;
/** A third of the people are in 17 lycées of 6 000, the others in schools of 1 500: pupils, their families, staff. */
const SCHOOLS = 149;
const LARGE = 17;
const TURNS = 300;
const NOW = new Date('2026-11-23T10:00:00Z');
const BEGINNINGS = ['z', 'ma', 'dup', 'dupont z', 'z dupont', 'lefe zo', 'nunez', 'marie l', '', 'œuv'];

/** Searches by a CPE, a head and a teacher among 300 000 people, through the policies' filter and row-level security. */
export async function run(): Promise<BenchResult[]> {
  const policies = await loadPolicies(fileURLToPath(new URL('../policies', import.meta.url)));
  return withDirectoryDatabase(async (admin, database) => {
    await fill(admin);
    return measure(policies, admin, database);
  });
}

async function measure(policies: Policies, admin: Database, database: Database): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const role of ['cpe', 'head', 'teacher']) {
    const askers = await admin.query<{
      person: PersonId;
      school: SchoolId;
      controller: string;
      size: number;
    }>(
      `SELECT r.person_id AS person, r.school_id AS school, r.controller_id AS controller
       FROM directory.roles r WHERE r.role = $1 ORDER BY md5(r.id::text) LIMIT 100`,
      [role],
    );
    const facts = await Promise.all(
      askers.map(({ person }) =>
        database.transaction((tx) => loadPersonFacts(tx, person, NOW), { scope: 'all' }),
      ),
    );
    const times: number[] = [];
    let found = 0;
    for (let turn = -30; turn < TURNS; turn += 1) {
      const index = Math.abs(turn) % askers.length;
      const text = BEGINNINGS[Math.abs(turn * 7) % BEGINNINGS.length]!;
      const startAt = performance.now();
      found += await search(database, policies, facts[index]!, askers[index]!.controller, { text });
      if (turn >= 0) times.push(performance.now() - startAt);
    }
    assert.ok(found > TURNS, 'searches find people');
    times.sort((left, right) => left - right);
    const at = (share: number) => times[Math.floor(times.length * share)]!;
    results.push(
      { name: `search by a ${role}, p50`, value: at(0.5), unit: 'ms' },
      { name: `search by a ${role}, p99`, value: at(0.99), unit: 'ms', target: '≤ 20' },
    );
  }
  const [{ n } = { n: 0 }] = await admin.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM directory.people',
  );
  assert.ok(n >= PEOPLE);
  return [{ name: 'people in the directory', value: n, unit: 'people' }, ...results];
}

async function search(
  database: Database,
  policies: Policies,
  facts: PersonFacts,
  controller: string,
  wanted: DirectorySearch,
): Promise<number> {
  const asker = { policies, facts, environment: { now: NOW } };
  const { people } = await database.transaction((tx) => searchDirectory(tx, asker, wanted), {
    scope: [controller],
    readOnly: true,
  });
  return people.length;
}

/** Rows as an import leaves them: school after school, families of a pupil beside the pupil. */
async function fill(admin: Database): Promise<void> {
  const statements = [
    `INSERT INTO directory.regions VALUES (gen_random_uuid(), 'est', 'Est')`,
    `INSERT INTO directory.controllers SELECT gen_random_uuid(), 'school:' || s, 'Collège ' || s, 'head_of_school', '2026-09-01'
     FROM generate_series(0, ${SCHOOLS - 1}) s`,
    `INSERT INTO directory.academies SELECT gen_random_uuid(), '99', 'Académie', r.id, c.id
     FROM directory.regions r, directory.controllers c WHERE c.code = 'school:0'`,
    `INSERT INTO directory.schools (id, academy_id, controller_id, uai, join_key, degree, kind, name, created_at)
     SELECT gen_random_uuid(), a.id, c.id, lpad(split_part(c.code, ':', 2), 7, '0') || 'A', split_part(c.code, ':', 2), '2D',
       'college', c.name, '2026-09-01' FROM directory.academies a, directory.controllers c`,
    `CREATE TEMP TABLE raw AS
     SELECT i, gen_random_uuid() AS id, s.id AS school_id, s.controller_id,
       (ARRAY['Zoé','Zacharie','Marie','Maël','Léa','Inès','Jean-Éloi','Anaïs','Gaël','Noé','Éloïse','Lucas','Hugo','Chloé',
         'Raphaël','Adèle','Louise','Arthur','Jules','Emma'])[1 + (i::bigint * 7919) % 20] AS given,
       (ARRAY['Dupont','Lefèvre','Nuñez','Œuvrard','Martin','Bernard','Dubois','Thomas','Robert','Richard','Petit','Durand',
         'Leroy','Moreau','Simon','Laurent','Michel','Garcia','David','Bertrand'])[1 + (i::bigint * 104729) % 20]
         || CASE WHEN i % 3 = 0 THEN '-' || chr(65 + i % 26) || lower(substr(md5(i::text), 1, 5)) ELSE '' END AS family,
       CASE WHEN i % 100 < 33 THEN 'pupil' WHEN i % 100 < 92 THEN 'guardian' WHEN i % 100 = 99 THEN 'head'
         WHEN i % 100 = 98 THEN 'cpe' ELSE 'teacher' END AS role
     FROM generate_series(0, ${PEOPLE - 1}) i
     JOIN (SELECT s.*, row_number() OVER (ORDER BY uai) - 1 AS n FROM directory.schools s) s ON s.n =
       CASE WHEN i < ${LARGE * 6000} THEN i / 6000 ELSE ${LARGE} + (i - ${LARGE * 6000}) / 1500 END`,
    `INSERT INTO directory.people (id, controller_id, given_name, family_name, created_at, updated_at)
     SELECT id, controller_id, given, family, '2026-09-01', '2026-09-01' FROM raw ORDER BY i`,
    `INSERT INTO directory.roles (id, person_id, role, scope, school_id, controller_id, source, valid_from)
     SELECT gen_random_uuid(), id, role, 'school', school_id, controller_id, 'feed', '2026-09-01' FROM raw ORDER BY i`,
    `INSERT INTO directory.divisions (id, school_id, controller_id, kind, code, name, created_at)
     SELECT gen_random_uuid(), s.id, s.controller_id, 'class', n::text, 'Classe ' || n, '2026-09-01'
     FROM directory.schools s, generate_series(0, 19) n`,
    `INSERT INTO directory.division_members (division_id, person_id, controller_id, valid_from)
     SELECT d.id, r.id, r.controller_id, '2026-09-01' FROM raw r
     JOIN directory.divisions d ON d.school_id = r.school_id AND d.code = (r.i / 100 % 20)::text WHERE r.role = 'pupil'`,
    `INSERT INTO directory.teaching_assignments (person_id, division_id, controller_id, valid_from)
     SELECT r.id, d.id, r.controller_id, '2026-09-01' FROM raw r
     JOIN directory.divisions d ON d.school_id = r.school_id AND d.code::int % 5 = r.i % 5 WHERE r.role = 'teacher'`,
    `ANALYZE`,
  ];
  await admin.transaction(async (tx) => {
    for (const statement of statements) await tx.query(statement);
  });
}
