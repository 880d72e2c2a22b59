import {
  buildListFilter,
  buildWorlds,
  loadPolicies,
  openEngine,
  printWhere,
  type ListColumn,
  type PersonFacts,
  type Resource,
} from '@socle/authorization';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POLICIES_FOLDER } from '../support/policy-world.ts';

// The list that PostgreSQL gives by a filter is the list of what `decide` allows, row by row, for every action.

const NOW = new Date('2026-11-23T10:00:00Z');
const MEMBERS = ['id', 'school', 'academy', 'region', 'division', 'subject', 'pupil', 'owner'] as const;
const FLAGS = ['published', 'closed'] as const;
const RESOURCES = 60;
const PEOPLE = 25;

const columns: Record<string, ListColumn> = Object.fromEntries(
  [...MEMBERS, ...FLAGS].map((member) => [member, { column: `t.${member}` }]),
);
const policies = await loadPolicies(POLICIES_FOLDER);
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await openTestDatabase([]);
  database = test.openAdmin();
});
afterAll(() => test.close());

/** For each type, distinct resources of the generated worlds, numbered; and people of the worlds. */
function buildTerritory() {
  const next = buildWorlds(policies, 4711);
  const byType = new Map<string, Resource[]>();
  const people: PersonFacts[] = [];
  for (let turn = 0; turn < 20_000; turn += 1) {
    const { request, facts } = next();
    const { resource } = request;
    const found = byType.get(resource.type) ?? [];
    const whole = resource.type === 'directory.division' ? { ...resource, id: resource.division! } : resource;
    if (found.length < RESOURCES) byType.set(resource.type, [...found, whole]);
    if (turn % 800 === 0 && people.length < PEOPLE) people.push(facts);
  }
  return { byType, people };
}

it('a filter in PostgreSQL and decide agree on every pair of person and row, for every action', async () => {
  const engine = openEngine(policies);
  const { byType, people } = buildTerritory();
  // as strongly as rules ask: a password alone would leave those that want a factor untried
  const environment = { now: NOW, acr: 'factor' };
  expect(byType.size).toBe(policies.vocabulary.objects.size);
  let pairs = 0;
  const allowedFor = new Set<string>();
  await database.transaction(
    async (tx) => {
      await tx.query(
        `CREATE TEMPORARY TABLE things (type text, row int, ${MEMBERS.map((member) => `${member} text`).join(', ')}, published boolean, closed boolean)`,
        [],
      );
      for (const [type, resources] of byType)
        await tx.query('INSERT INTO things SELECT * FROM json_populate_recordset(null::things, $1)', [
          JSON.stringify(resources.map((resource, row) => ({ ...resource, type, row }))),
        ]);
      for (const [action, type] of policies.vocabulary.actions) {
        const resources = byType.get(type.name)!;
        for (const facts of people) {
          const where = printWhere(buildListFilter(policies, { action, environment }, facts), columns, 2);
          const rows = await tx.query<{ row: number }>(
            `SELECT row FROM things t WHERE type = $1 AND (${where.sql}) ORDER BY row`,
            [type.name, ...where.values],
          );
          const decided = [...resources.keys()].filter(
            (row) =>
              engine.decide({ subject: facts.person, action, resource: resources[row]!, environment }, facts)
                .allowed,
          );
          expect(
            rows.map(({ row }) => row),
            `${action}: ${where.sql}`,
          ).toEqual(decided);
          pairs += resources.length;
          if (decided.length > 0) allowedFor.add(action);
        }
      }
    },
    { scope: 'all' },
  );
  expect(pairs).toBeGreaterThan(50_000);
  // A comparison of empty lists proves nothing.
  expect(allowedFor.size).toBeGreaterThan(policies.vocabulary.actions.size * 0.8);
});
