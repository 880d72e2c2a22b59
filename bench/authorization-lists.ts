import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildListFilter,
  loadPolicies,
  matchesPredicate,
  printWhere,
  type PersonFacts,
  type Policies,
} from '@socle/authorization';
import { openDatabase, startEmbeddedServer, type Database } from '@socle/db';
import type { BenchResult } from './result.ts';

const PUPILS = 1_200_000;
const SCHOOLS = 4000;
const CLASSES = 12;
/** Rows lie school by school, as an import writes them. */
const SCHOOL_SIZE = PUPILS / SCHOOLS;
const TURNS = 400;
const NOW = new Date('2026-11-23T10:00:00Z');

/** A page of the entries that a person may read, out of 1.2 million pupils, by the filter of the policies. */
export async function run(): Promise<BenchResult[]> {
  const policies = await loadPolicies(fileURLToPath(new URL('../policies', import.meta.url)));
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-'));
  const server = await startEmbeddedServer({ folder: path.join(folder, 'postgres') });
  const database = openDatabase({ url: server.adminUrl, maxConnections: 2 });
  try {
    await database.query(
      `CREATE TABLE pupils AS SELECT 'p' || i AS id, 's' || i / ${SCHOOL_SIZE} AS school,
        's' || i / ${SCHOOL_SIZE} || '-c' || i % ${CLASSES} AS division FROM generate_series(0, ${PUPILS - 1}) i`,
    );
    await database.query('CREATE INDEX ON pupils (id)');
    await database.query('CREATE INDEX ON pupils (school, division, id)');
    await database.query('ANALYZE pupils');
    const results: BenchResult[] = [];
    for (const [who, facts] of buildPeople())
      results.push(...(await measure(policies, database, who, facts)));
    return results;
  } finally {
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  policies: Policies,
  database: Database,
  who: string,
  buildFacts: (turn: number) => PersonFacts,
): Promise<BenchResult[]> {
  const columns = {
    id: { column: 'id' },
    pupil: { column: 'id' },
    school: { column: 'school' },
    division: { column: 'division' },
  };
  const question = { action: 'directory.person.read', environment: { now: NOW } };
  const [building, listing]: [number[], number[]] = [[], []];
  let rows = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const facts = buildFacts((turn * 7919) % PUPILS);
    const start = performance.now();
    const filter = buildListFilter(policies, question, facts);
    const where = printWhere(filter, columns);
    building.push(performance.now() - start);
    const page = await database.query<{ id: string; school: string; division: string }>(
      `SELECT id, school, division FROM pupils WHERE ${where.sql} ORDER BY school, division, id LIMIT 30`,
      [...where.values],
    );
    listing.push(performance.now() - start);
    rows += page.length;
    for (const { id, school, division } of page)
      assert.ok(matchesPredicate(filter, { type: 'directory.person', id, pupil: id, school, division }));
  }
  assert.ok(rows >= TURNS, 'every list holds something');
  return [
    { name: `${who}: filter built and printed, p50`, value: median(building), unit: 'ms' },
    {
      name: `${who}: page of 30 at most out of 1.2 M pupils, p50`,
      value: median(listing),
      unit: 'ms',
      target: '≤ 0.5',
    },
    { name: `${who}: rows on a page`, value: rows / TURNS, unit: '1' },
  ];
}

type BuildFacts = (turn: number) => PersonFacts;

function buildPeople(): ReadonlyMap<string, BuildFacts> {
  const base = { revision: 1, suspended: false, teaches: [], headTeacherOf: [], memberOf: [], children: [] };
  const schools = new Map(
    Array.from({ length: SCHOOLS }, (_, index) => [
      `s${index}`,
      { academy: 'a1', region: 'g1', controller: `s${index}` },
    ]),
  );
  const role = (name: string, turn: number) => [
    { role: name, scope: 'school' as const, domain: schoolOf(turn) },
  ];
  return new Map<string, BuildFacts>([
    ['head', (turn: number) => ({ ...base, person: 'h', schools, roles: role('head', turn) })],
    [
      'teacher of 7 classes',
      (turn: number) => ({
        ...base,
        person: 't',
        schools,
        roles: role('teacher', turn),
        teaches: Array.from({ length: 7 }, (_, place) => ({
          school: schoolOf(turn),
          division: `${schoolOf(turn)}-c${place}`,
          subject: 'maths',
        })),
      }),
    ],
    [
      'parent of 2',
      (turn: number) => ({
        ...base,
        person: 'g',
        schools,
        roles: role('guardian', turn),
        children: [turn, turn - (turn % SCHOOL_SIZE) + ((turn + 25) % SCHOOL_SIZE)].map((child) => ({
          child: `p${child}`,
          exercise: 'joint' as const,
          kind: 'legal' as const,
          schools: [schoolOf(child)],
          divisions: [],
        })),
      }),
    ],
  ]);
}

function schoolOf(pupil: number): string {
  return `s${Math.floor(pupil / SCHOOL_SIZE)}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}
