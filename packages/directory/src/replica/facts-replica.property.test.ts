import path from 'node:path';
import {
  loadPolicies,
  openEngine,
  openReplicaEngine,
  type DecisionRequest,
  type PersonFacts,
  type Resource,
} from '@socle/authorization';
import { buildManualClock, uuidv7, type PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { migrations as auditMigrations } from '@socle/audit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migration-set.ts';
import {
  buildRandomDirectory,
  changeSomething,
  PEOPLE,
  pick,
  randomOf,
  START,
  type Random,
  type RandomDirectory,
} from '../testing/random-directory.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { followFacts } from './follow-facts.ts';
import { loadFactsReplicaFrom } from './load-facts-replica.ts';

const POLICIES = path.resolve(import.meta.dirname, '../../../../policies');
const ROUNDS = Number(process.env['SOCLE_REPLICA_ROUNDS'] ?? 12);

describe('a replica built from the directory', () => {
  const clock = buildManualClock(START);
  let test: TestDatabase;
  let admin: Database;
  let world: RandomDirectory;
  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, migrations]);
    admin = test.openAdmin();
    world = await buildRandomDirectory(admin, randomOf(7));
  });
  afterAll(() => test.close());

  it('answers as the queries do, loaded and then followed through changes of everything, at every boundary', async () => {
    const engine = openEngine(await loadPolicies(POLICIES));
    const random = randomOf(20_261);
    for (let change = 0; change < 400; change += 1) await changeSomething(admin, world, random, clock.now());
    let replica = await loadFactsReplicaFrom(test.app, clock);
    const seen = { facts: 0, allowed: 0, refused: 0, moved: 0, gap: 0, current: 0, refusedRows: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let change = 0; change < 12; change += 1)
        if (!(await changeSomething(admin, world, random, clock.now()))) seen.refusedRows += 1;
      // A school that goes to another academy is everybody's change.
      if (round === 5)
        await admin.query(
          `UPDATE directory.schools SET academy_id = (SELECT id FROM directory.academies a WHERE a.id <> academy_id LIMIT 1)
           WHERE id = $1`,
          [world.schools[0]],
        );
      clock.advanceSeconds(random(3) * 86_400 + random(10_000) / 1000);
      const followed = await followFacts(test.app, replica, clock);
      seen[followed] += 1;
      if (followed === 'gap') replica = await loadFactsReplicaFrom(test.app, clock);
      // What was followed is what a new load would give.
      const loaded = round % 8 === 0 ? await loadFactsReplicaFrom(test.app, clock) : undefined;
      const instants = [clock.now(), ...(await listBoundaries(admin, clock.now(), random))];
      for (const at of instants) {
        const queried = await queryEverybody(test.app, world.people, at);
        for (const person of world.people) {
          const expected = normalise(queried.get(person)!, at);
          expect(normalise(replica.readFacts(person, at)!, at)).toEqual(expected);
          if (loaded) expect(normalise(loaded.readFacts(person, at)!, at)).toEqual(expected);
          seen.facts += 1;
        }
        const asked = Array.from({ length: 150 }, () =>
          buildQuestion(world, random, at, engine.policies, queried),
        );
        const decided = openReplicaEngine(engine, replica).decideAll(asked);
        for (const [index, request] of asked.entries()) {
          const facts = queried.get(request.subject as PersonId)!;
          const expected = engine.decide({ ...request, subject: facts.person }, facts);
          expect(decided[index], JSON.stringify(request)).toEqual(expected);
          seen[expected.allowed ? 'allowed' : 'refused'] += 1;
        }
      }
    }
    expect(seen.facts).toBeGreaterThan(PEOPLE * ROUNDS);
    expect(seen.allowed / (seen.allowed + seen.refused)).toBeGreaterThan(0.02);
    expect(seen.moved).toBeGreaterThan(ROUNDS / 2);
    expect(seen.gap).toBeGreaterThan(0);
    expect(seen.refusedRows).toBeLessThan(ROUNDS * 6);
  });

  it('is left as it is by a change that is not of its revision, and takes a school that is opened', async () => {
    const replica = await loadFactsReplicaFrom(test.app, clock);
    expect(await followFacts(test.app, replica, clock)).toBe('current');
    const school = uuidv7(clock.now());
    await admin.query(
      `INSERT INTO directory.schools (id, academy_id, controller_id, uai, degree, kind, name, created_at)
       SELECT $1, id, controller_id, '9999999Z', '2D', 'college', 'Collège neuf', now() FROM directory.academies LIMIT 1`,
      [school],
    );
    expect(await followFacts(test.app, replica, clock)).toBe('moved');
    expect(replica.schools.has(school)).toBe(true);
    expect(replica.knownFrom).toEqual(clock.now());
    // A revision that is not there any more: the replica must be loaded again, and stays as it was until then.
    await admin.query(`DELETE FROM directory.authorization_moves`);
    await admin.query('UPDATE directory.authorization_revisions SET revision = revision + 1');
    const { revision } = replica;
    expect(await followFacts(test.app, replica, clock)).toBe('gap');
    expect(replica.revision).toBe(revision);
  });
});

/** Instants at which something begins or ends, and the ones just before. */
async function listBoundaries(admin: Database, now: Date, random: Random): Promise<readonly Date[]> {
  const rows = await admin.query<{ at: Date }>(
    `SELECT DISTINCT date_trunc('milliseconds', b.at) AS at FROM (
       SELECT valid_from AS at FROM directory.roles UNION ALL SELECT valid_to FROM directory.roles
       UNION ALL SELECT valid_from FROM directory.guardian_links UNION ALL SELECT valid_to FROM directory.guardian_links
       UNION ALL SELECT valid_to FROM directory.division_members
       UNION ALL SELECT directory.majority_of(id) FROM directory.people) b WHERE b.at > $1 AND b.at < $1 + interval '3 months'
     ORDER BY at`,
    [now],
  );
  const { at } = pick(rows, random);
  return [new Date(at.getTime() - 1), at].filter((instant) => instant >= now);
}

async function queryEverybody(
  database: Database,
  people: readonly PersonId[],
  at: Date,
): Promise<ReadonlyMap<PersonId, PersonFacts>> {
  return database.transaction(
    async (tx) => {
      const found = new Map<PersonId, PersonFacts>();
      for (const person of people) found.set(person, await loadPersonFacts(tx, person, at));
      return found;
    },
    { scope: 'all', readOnly: true },
  );
}

/** Facts in one order, without starts that are past, and without the windows of links that hold. */
function normalise(facts: PersonFacts, at: Date) {
  const sort = <T>(items: readonly T[]): readonly T[] =>
    items.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const keyOf = (item: unknown): string =>
    JSON.stringify(Object.entries(item as object).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  const strip = <T extends { readonly from?: Date; readonly to?: Date }>({ from, to, ...fact }: T) => ({
    ...fact,
    ...(from !== undefined && from > at ? { from: from.toISOString() } : {}),
    ...(to === undefined ? {} : { to: to.toISOString() }),
  });
  const clamp = (day: string | undefined) =>
    day === undefined ? day : day < '1880' ? '1880-01-01' : day > '2059' ? 'young' : day;
  return {
    person: facts.person,
    suspended: facts.suspended,
    birthDate: clamp(facts.birthDate),
    roles: sort(facts.roles.map(strip)),
    teaches: sort(facts.teaches.map(strip)),
    headTeacherOf: sort(facts.headTeacherOf.map(strip)),
    memberOf: sort(facts.memberOf.map(strip)),
    children: sort(
      facts.children.map(({ child, kind, exercise, schools, divisions }) => ({
        child,
        kind,
        exercise,
        schools: schools.toSorted(),
        divisions: divisions.toSorted(),
      })),
    ),
    schools: [...facts.schools].toSorted(([one], [other]) => (one < other ? -1 : 1)),
  };
}

/** A question of one of the people, about things that their facts mostly name: else nearly all would be refused. */
function buildQuestion(
  world: RandomDirectory,
  random: Random,
  now: Date,
  policies: Awaited<ReturnType<typeof loadPolicies>>,
  queried: ReadonlyMap<PersonId, PersonFacts>,
): DecisionRequest {
  const [action, type] = pick([...policies.vocabulary.actions], random);
  const subject = pick(world.people, random);
  const facts = queried.get(subject)!;
  const near = <T>(own: readonly T[], all: readonly T[]): T =>
    pick(own.length > 0 && random(5) > 0 ? own : all, random);
  const schools = facts.roles.flatMap(({ scope, domain }) => (scope === 'school' ? [domain] : []));
  const divisions = [...facts.teaches, ...facts.headTeacherOf, ...facts.memberOf];
  const division = near(
    divisions,
    world.divisions.map(({ id, school }) => ({ division: id, school })),
  );
  const pupil = near(
    [facts.person, ...facts.children.map(({ child }) => child)],
    world.people as readonly string[],
  );
  const resource: Resource = {
    type: type.name,
    school: random(2) === 0 ? division.school : near(schools, world.schools),
    division: division.division,
    subject: pick(world.subjects, random),
    owner: random(2) === 0 ? facts.person : pick(world.people, random),
    published: random(2) === 0,
    closed: random(2) === 0,
    ...(type.idIs === undefined ? { id: 'x', pupil } : { id: pupil, [type.idIs]: pupil }),
  };
  return {
    subject,
    action,
    resource,
    environment: { now, acr: pick(['password', 'factor'], random) },
  };
}
