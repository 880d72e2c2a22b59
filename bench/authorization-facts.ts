import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { loadPolicies, openEngine, openFactsReplica, type PersonRows } from '@socle/authorization';
import type { BenchResult } from './result.ts';

const SCHOOLS = 4000;
const PUPILS = 1_200_000;
const PARENTS = 1_900_000;
const TEACHERS = 100_000;
const CLASSES_A_SCHOOL = 12;
const NOW = new Date('2026-11-23T10:00:00Z');
const DECIDE_MS = 2000;

/** A region's people in memory: how long to load, how much they take, and decisions on facts read from there. */
export async function run(): Promise<BenchResult[]> {
  const engine = openEngine(await loadPolicies(fileURLToPath(new URL('../policies', import.meta.url))));
  globalThis.gc?.();
  const before = process.memoryUsage();
  let facts = 0;
  const counted = function* (): Generator<PersonRows> {
    for (const person of buildRegion()) {
      facts += person.roles.length + person.teaches.length + person.memberOf.length + person.children.length;
      yield person;
    }
  };
  const start = performance.now();
  const replica = openFactsReplica({
    revision: 1,
    schools: new Map(
      Array.from({ length: SCHOOLS }, (_, index) => [
        `s${index}`,
        { academy: `a${index % 3}`, region: 'g1', controller: `s${index}` },
      ]),
    ),
    people: counted(),
    expected: { people: PUPILS + PARENTS + TEACHERS, facts: 8_800_000 },
  });
  const loadSeconds = (performance.now() - start) / 1000;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const taken = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  assert.equal(replica.people, PUPILS + PARENTS + TEACHERS);
  let allowed = 0;
  let done = 0;
  const decideStart = performance.now();
  while (performance.now() - decideStart < DECIDE_MS) {
    for (let turn = 0; turn < 1000; turn += 1) {
      const parent = (done * 7919) % PARENTS;
      const child = parent % PUPILS;
      const person = idOf(PUPILS + parent);
      const resource = {
        type: 'grades.mark',
        school: `s${child % SCHOOLS}`,
        division: divisionOf(child),
        subject: 'maths',
        pupil: idOf(child + (done % 2)),
        published: true,
      };
      const request = { subject: person, action: 'grades.mark.read', resource, environment: { now: NOW } };
      if (engine.decide(request, replica.readFacts(person, NOW)!).allowed) allowed += 1;
      done += 1;
    }
  }
  const rate = done / ((performance.now() - decideStart) / 1000);
  assert.ok(allowed > done * 0.4 && allowed < done * 0.6, 'half of the requests are about their own child');
  return [
    { name: 'people of the region', value: replica.people, unit: '1' },
    { name: 'facts', value: facts, unit: '1', target: '≥ 8 000 000' },
    { name: 'cold load, rows made on the way', value: loadSeconds, unit: 's', target: '≤ 20' },
    { name: 'arrays', value: replica.bytes / 1e6, unit: 'MB', target: '≤ 200' },
    {
      name: 'all memory taken, names of classes and schools too',
      value: taken / 1e6,
      unit: 'MB',
      target: '≤ 200',
    },
    { name: 'facts read and decided', value: rate, unit: '1/s', target: '≥ 1 500 000' },
  ];
}

function* buildRegion(): Generator<PersonRows> {
  const nobody = { suspended: false, roles: [], teaches: [], headTeacherOf: [], memberOf: [], children: [] };
  for (let index = 0; index < PUPILS; index += 1) {
    const school = `s${index % SCHOOLS}`;
    yield {
      ...nobody,
      person: idOf(index),
      birthDate: `20${String(8 + (index % 8)).padStart(2, '0')}-0${1 + (index % 9)}-1${index % 10}`,
      roles: [{ role: 'pupil', scope: 'school', domain: school }],
      memberOf: [
        { school, division: divisionOf(index) },
        { school, division: `${school}-g${index % 5}` },
      ],
    };
  }
  for (let index = 0; index < PARENTS; index += 1) {
    const links = index < 500_000 ? 2 : 1;
    yield {
      ...nobody,
      person: idOf(PUPILS + index),
      roles: [{ role: 'guardian', scope: 'school', domain: `s${(index % PUPILS) % SCHOOLS}` }],
      children: Array.from({ length: links }, (_, link) => ({
        child: idOf((index + link * SCHOOLS) % PUPILS),
        exercise: 'joint',
        kind: 'legal',
      })),
    };
  }
  for (let index = 0; index < TEACHERS; index += 1) {
    const school = `s${index % SCHOOLS}`;
    yield {
      ...nobody,
      person: idOf(PUPILS + PARENTS + index),
      roles: [{ role: 'teacher', scope: 'school', domain: school }],
      teaches: Array.from({ length: 7 }, (_, place) => ({
        school,
        division: `${school}-c${(index + place) % CLASSES_A_SCHOOL}`,
        subject: `m${index % 20}`,
      })),
    };
  }
}

function divisionOf(pupil: number): string {
  return `s${pupil % SCHOOLS}-c${Math.floor(pupil / SCHOOLS) % CLASSES_A_SCHOOL}`;
}

/** An id of version 7 that is a number: what an import in one go gives. */
function idOf(number: number): string {
  const spread = (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `0192${spread.slice(0, 4)}-${spread.slice(4)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
