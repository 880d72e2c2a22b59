import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import {
  loadPolicies,
  openEngine,
  openFactsReplica,
  openReplicaEngine,
  type DecisionRequest,
  type FactsReplica,
  type PersonRows,
  type ReplicaEngine,
} from '@socle/authorization';
import type { BenchResult } from './result.ts';

const SCHOOLS = 4000;
const PUPILS = 1_200_000;
const PARENTS = 1_900_000;
const TEACHERS = 100_000;
const CLASSES_A_SCHOOL = 12;
const SCHOOL_IDS = Array.from({ length: SCHOOLS }, (_, index) => `s${index}`);
const NOW = new Date('2026-11-23T10:00:00Z');
const DECIDE_MS = 2000;
const QUESTIONS = 200_000;
const BATCH = 500;

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
  const onIntegers = openReplicaEngine(engine, replica);
  const questions = buildQuestions();
  const measure = (decide: (request: DecisionRequest) => boolean): number => {
    let allowed = 0;
    let done = 0;
    const decideStart = performance.now();
    const cpuStart = process.cpuUsage();
    while (performance.now() - decideStart < DECIDE_MS) {
      for (let turn = 0; turn < 1000; turn += 1) {
        if (decide(questions[done % questions.length]!)) allowed += 1;
        done += 1;
      }
    }
    // Of the processor's time: other work on the machine does not count.
    const seconds = process.cpuUsage(cpuStart).user / 1e6;
    assert.ok(allowed > done * 0.4 && allowed < done * 0.6, 'half of the requests are about their own child');
    return done / seconds;
  };
  const plain = measure(
    (request) => engine.decide(request, replica.readFacts(request.subject, NOW)!).allowed,
  );
  const rate = measure((request) => onIntegers.decide(request).allowed);
  const together = measureBatches(onIntegers, questions);
  const visits = measureBatches(onIntegers, buildVisits());
  let differing = 0;
  for (const request of questions.slice(0, 20_000))
    if (onIntegers.decide(request) !== engine.decide(request, replica.readFacts(request.subject, NOW)!))
      differing += Number(
        onIntegers.decide(request).rule !==
          engine.decide(request, replica.readFacts(request.subject, NOW)!).rule,
      );
  const changed = measureChanges(replica);
  return [
    { name: 'people of the region', value: replica.people, unit: '1' },
    { name: 'facts', value: facts, unit: '1', target: '≥ 8 800 000' },
    { name: 'cold load, rows made on the way', value: loadSeconds, unit: 's', target: '≤ 20' },
    { name: 'arrays', value: replica.bytes / 1e6, unit: 'MB', target: '≤ 200' },
    {
      name: 'all memory taken, names of classes and schools too',
      value: taken / 1e6,
      unit: 'MB',
      target: '≤ 200',
    },
    { name: 'decisions on integers one by one, at random', value: rate, unit: '1/s' },
    {
      name: 'decisions on integers in batches of 500, at random',
      value: together,
      unit: '1/s',
      target: '≥ 1 500 000',
    },
    {
      name: 'the same, each parent asking 10 things in a row',
      value: visits,
      unit: '1/s',
      target: '≥ 1 500 000',
    },
    { name: 'decisions on facts read out', value: plain, unit: '1/s' },
    { name: 'decisions that differ between the two', value: differing, unit: '1', target: '0' },
    { name: 'people changed, by revisions of one', value: changed, unit: '1/s' },
  ];
}

/** Parents who ask for a mark: one half for their own child, the other for the next pupil. In the order of chance. */
function buildQuestions(): readonly DecisionRequest[] {
  const environment = { now: NOW };
  return Array.from({ length: QUESTIONS }, (_, turn) => {
    const parent = (turn * 7919) % PARENTS;
    const child = parent % PUPILS;
    const resource = {
      type: 'grades.mark',
      school: SCHOOL_IDS[child % SCHOOLS]!,
      division: divisionOf(child),
      subject: 'maths',
      pupil: flatten(idOf(child + (turn % 2))),
      published: true,
    };
    const subject = flatten(idOf(PUPILS + parent));
    return { subject, action: 'grades.mark.read', resource, environment };
  });
}

/** The same parents, each of whom opens a page that asks ten things: four marks of their child, of another, and so on. */
function buildVisits(): readonly DecisionRequest[] {
  const asked = buildQuestions();
  return Array.from(
    { length: QUESTIONS },
    (_, index) => asked[Math.floor(index / 10) * 2 + (index % 2)]!,
  ).map((request, index, all) =>
    index % 2 === 0
      ? {
          ...request,
          subject: all[Math.floor(index / 10) * 10]!.subject,
          resource: { ...all[Math.floor(index / 10) * 10]!.resource },
        }
      : { ...request, subject: all[Math.floor(index / 10) * 10]!.subject },
  );
}

/** As the evaluations of AuthZEN, a list, or a comparison of policies ask: many together. */
function measureBatches(engine: ReplicaEngine, questions: readonly DecisionRequest[]): number {
  const batches = Array.from({ length: questions.length / BATCH }, (_, batch) =>
    questions.slice(batch * BATCH, (batch + 1) * BATCH),
  );
  let allowed = 0;
  let done = 0;
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  for (let turn = 0; performance.now() - start < DECIDE_MS; turn += 1)
    for (const { allowed: may } of engine.decideAll(batches[turn % batches.length]!)) {
      if (may) allowed += 1;
      done += 1;
    }
  const seconds = process.cpuUsage(cpuStart).user / 1e6;
  assert.ok(allowed > done * 0.4 && allowed < done * 0.6, 'half of the requests are about their own child');
  return done / seconds;
}

/** A text as a parser of JSON makes it: in one piece. */
function flatten(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Parents lose a child one after the other, each in a revision of its own. */
function measureChanges(replica: FactsReplica): number {
  const count = 20_000;
  const start = performance.now();
  for (let turn = 0; turn < count; turn += 1) {
    const person = idOf(PUPILS + ((turn * 7919) % PARENTS));
    const {
      schools: _schools,
      revision: _revision,
      children: _children,
      ...rows
    } = replica.readFacts(person, NOW)!;
    assert.ok(
      replica.apply({
        since: replica.revision,
        revision: replica.revision + 1,
        changed: [{ ...rows, children: [] }],
        removed: [],
      }),
    );
  }
  return count / ((performance.now() - start) / 1000);
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
      teaches: Array.from({ length: 8 }, (_, place) => ({
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
