import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '@socle/db';
import { followFacts, loadFactsReplicaFrom, loadManyPersonFacts, loadPersonFacts } from '@socle/directory';
import type { PersonId } from '@socle/base';
import { withDirectoryDatabase } from './directory/with-database.ts';
import type { BenchResult } from './result.ts';

/** One in so many of a region of 3.2 million people and 8.8 million facts. */
const SHARE = Number(process.env['SOCLE_BENCH_SHARE'] ?? 16);
const SCHOOLS = Math.ceil(4000 / SHARE);
const PEOPLE = SCHOOLS * (300 + 475 + 25);
const CHANGES = 200;
const CLOCK = { now: () => new Date() };

/** Everybody's facts read from PostgreSQL into memory: how long, how much, what a change costs; and one person's, by query and not. */
export async function run(): Promise<BenchResult[]> {
  return withDirectoryDatabase(async (admin, database) => {
    await fillRegion(admin);
    return measure(admin, database);
  });
}

async function measure(admin: Database, database: Database): Promise<BenchResult[]> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = performance.now();
  const replica = await loadFactsReplicaFrom(database, CLOCK);
  const loadSeconds = (performance.now() - start) / 1000;
  // What the reading left is freed in turns.
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
  const after = process.memoryUsage();
  const taken = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.equal(replica.people, PEOPLE);
  const people = (
    await admin.query<{ id: PersonId }>(
      `SELECT id FROM directory.people TABLESAMPLE system (1) ORDER BY md5(id::text) LIMIT ${CHANGES}`,
    )
  ).map(({ id }) => id);
  const times: number[] = [];
  for (const id of people) {
    await admin.query(`UPDATE directory.people SET status = 'suspended' WHERE id = $1`, [id]);
    const changed = performance.now();
    assert.equal(await followFacts(database, replica, CLOCK), 'moved');
    times.push(performance.now() - changed);
    assert.equal(replica.readFacts(id, CLOCK.now())?.suspended, true);
  }
  const queried = performance.now();
  for (const id of people)
    await database.transaction((tx) => loadPersonFacts(tx, id, CLOCK.now()), {
      scope: 'all',
      readOnly: true,
    });
  const queriedMs = (performance.now() - queried) / people.length;
  const read = performance.now();
  for (const id of people) assert.ok(replica.readFacts(id, CLOCK.now()));
  const readMs = (performance.now() - read) / people.length;
  const all = await database.transaction((tx) => loadManyPersonFacts(tx, people, CLOCK.now()), {
    scope: 'all',
    readOnly: true,
  });
  for (const [id, facts] of all)
    assert.deepEqual(replica.readFacts(id, CLOCK.now())!.children.length, facts.children.length);
  times.sort((one, other) => one - other);
  return [
    { name: 'people in PostgreSQL', value: PEOPLE, unit: '1', target: '3 200 000 with SOCLE_BENCH_SHARE=1' },
    { name: 'cold load', value: loadSeconds, unit: 's', target: '≤ 20' },
    { name: 'arrays', value: replica.bytes / 1e6, unit: 'MB' },
    { name: 'all memory taken', value: taken / 1e6, unit: 'MB', target: '≤ 200' },
    { name: 'peak of the process while loading', value: process.resourceUsage().maxRSS / 1e3, unit: 'MB' },
    { name: 'a change of one person followed, p50', value: times[times.length >> 1]!, unit: 'ms' },
    { name: 'the same, p99', value: times[Math.floor(times.length * 0.99)]!, unit: 'ms' },
    { name: 'facts of one person by query', value: queriedMs, unit: 'ms' },
    { name: 'the same from memory', value: readMs, unit: 'ms' },
  ];
}

/** Fills the tables as an import of the region would, school by school, without the triggers of single changes. */
async function fillRegion(admin: Database): Promise<void> {
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
