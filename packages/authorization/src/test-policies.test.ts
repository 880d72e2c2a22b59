import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PolicyError } from './errors.ts';
import { loadFixtures, readResourceProperties } from './fixtures.ts';
import { loadPolicies } from './load-policies.ts';
import { POLICIES_FOLDER } from './testing/small-policies.ts';
import { testPolicies } from './test-policies.ts';

let root = '';
let copies = 0;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'socle-policies-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A copy of the repository's policies in which `file` was changed; asserts that it really was. */
async function copyPolicies(file: string, change: (text: string) => string): Promise<string> {
  copies += 1;
  const folder = path.join(root, String(copies));
  await cp(POLICIES_FOLDER, folder, { recursive: true });
  const text = await readFile(path.join(folder, file), 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(path.join(folder, file), changed);
  return folder;
}

async function readProblems(work: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PolicyError)
      return error.problems.map((found) => `${found.file}:${found.line} ${found.problem}`);
    throw error;
  }
  return [];
}

describe('testPolicies fails', () => {
  const GRADES = 'modules/grades/policy.csv';
  const broken: readonly (readonly [string, string, (text: string) => string, string])[] = [
    [
      'a rule that allows more',
      GRADES,
      (text) => text.replace('own_child_legal, published', 'any, published'),
      'case',
    ],
    ['a rule that is gone', GRADES, (text) => text.replace(/^p, GRA-013.*\n/m, '# gone\n'), 'refused'],
    [
      'an invariant that is broken',
      GRADES,
      (text) => text.replace('GRA-016, head,', 'GRA-016, cpe,'),
      'invariant',
    ],
    [
      'a rule that nothing tests',
      GRADES,
      (text) =>
        `${text}p, GRA-099, librarian, academy, grades.mark, grades.mark.read, self, published, allow\n`,
      'coverage',
    ],
    [
      'an invariant that is never put to the test',
      'invariants.yaml',
      (text) => text.replace('when: [pupil_only, about_another]', 'when: [pupil_only, guardian_only]'),
      'hollow',
    ],
    [
      'an invariant outside of which nothing is allowed',
      'invariants.yaml',
      (text) =>
        text.replace(
          'when: [suspended]\n    never: ["*"]',
          'when: [not_own_entry]\n    never: [directory.import.run]',
        ),
      'hollow',
    ],
    [
      'an expectation that names another rule',
      'modules/grades/tests.yaml',
      (text) => text.replace('irene: GRA-016 }', 'irene: GRA-015 }'),
      'case',
    ],
  ];

  it.each(broken)('on %s', async (_what, file, change, kind) => {
    const folder = await copyPolicies(file, change);
    if (kind === 'refused') {
      expect(await readProblems(() => testPolicies(folder))).toContainEqual(
        expect.stringContaining('"GRA-013" is no rule'),
      );
      return;
    }
    const { passed, failures } = await testPolicies(folder);
    expect(passed).toBe(false);
    expect(failures.map((failure) => failure.kind)).toContain(kind);
    for (const failure of failures) expect(failure.expected).not.toBe(failure.found);
  });
});

describe('what tests.yaml, fixtures and invariants may not say', () => {
  const TESTS = 'modules/grades/tests.yaml';
  const wrong: readonly (readonly [string, string, (text: string) => string, RegExp])[] = [
    ['a rest that is not said', TESTS, (text) => text.replace('    rest: deny\n', ''), /"rest" is missing/],
    [
      'a person that is not there',
      TESTS,
      (text) => text.replace('helene:', 'helen:'),
      /"helen" is not in the fixtures/,
    ],
    [
      'a resource that is not there',
      TESTS,
      (text) => text.replace('on: mark-lea', 'on: mark-leo'),
      /"mark-leo" is not in/,
    ],
    [
      'an action of another object',
      TESTS,
      (text) => text.replace('grades.mark.read', 'audit.log.read'),
      /does not act/,
    ],
    [
      'a denial under allow',
      TESTS,
      (text) => text.replace('helene: GRA-011', 'helene: DNY-001'),
      /DNY-001 does not allow/,
    ],
    [
      'a member that is not known',
      TESTS,
      (text) => text.replace('on: mark-lea', 'onn: mark-lea'),
      /"onn" is not known/,
    ],
    [
      'a property that is not known',
      TESTS,
      (text) => text.replace('published: false', 'publishd: false'),
      /"publishd"/,
    ],
    ['no test', TESTS, () => 'tests: []\n', /no test in the file/],
    ['a truncated file', TESTS, (text) => text.slice(0, text.indexOf('{ helene') + 10), /not valid YAML/],
    ['an alias', TESTS, (text) => `${text}x: &a 1\ny: *a\n`, /an alias/],
    ['a duplicate key', TESTS, (text) => `${text}tests: []\n`, /not valid YAML/],
    [
      'a predicate that is not there',
      'invariants.yaml',
      (text) => text.replace('[suspended]', '[suspendid]'),
      /"suspendid" is no predicate/,
    ],
    ['no invariant', 'invariants.yaml', () => 'invariants: []\n', /no invariant/],
    [
      'a relation without a function',
      'vocabulary.yaml',
      (text) => text.replace('  teaches_own:', '  teaches_mine: x\n  teaches_own:'),
      /relation "teaches_mine" has no function/,
    ],
    [
      'a function that the vocabulary lost',
      'vocabulary.yaml',
      (text) => text.replace(/^ {2}acr_factor:.*\n/m, ''),
      /condition "acr_factor" is not in the vocabulary/,
    ],
    [
      'an object of a school that needs no school',
      'vocabulary.yaml',
      (text) => text.replace('needs: [school, division, subject]', 'needs: [division]'),
      /lives in a school but does not need one/,
    ],
  ];

  it.each(wrong)('%s', async (_what, file, change, expected) => {
    const folder = await copyPolicies(file, change);
    const problems = await readProblems(() => testPolicies(folder));
    expect(problems.join('\n')).toMatch(expected);
    expect(problems[0]?.startsWith(file)).toBe(true);
  });

  const FIXTURES = 'fixtures/school.yaml';
  const wrongFixtures: readonly (readonly [string, (text: string) => string, RegExp])[] = [
    [
      'a school that is not there',
      (text) => text.replace('school: college-ferry }]', 'school: x }]'),
      /school "x" is not/,
    ],
    [
      'a class that is not there',
      (text) => text.replace('division: 6a }]', 'division: 7a }]'),
      /division "7a" is not/,
    ],
    ['a child that is not there', (text) => text.replace('child: lea', 'child: leo'), /child "leo" is not/],
    ['a role that is not there', (text) => text.replace('role: cpe', 'role: cpa'), /role "cpa" is not/],
    [
      'an authority that is not known',
      (text) => text.replace('exercise: sole', 'exercise: soul'),
      /exercise "soul"/,
    ],
    [
      'a role in two places',
      (text) => text.replace('academy: "99" }] }', 'academy: "99", region: est }] }'),
      /one place/,
    ],
    [
      'a day in place of an instant',
      (text) => text.replace('"2026-11-23T10:00:00Z"', '"2026-11-23"'),
      /not an instant/,
    ],
  ];

  it.each(wrongFixtures)('in the fixtures: %s', async (_what, change, expected) => {
    const folder = await copyPolicies(FIXTURES, change);
    expect((await readProblems(() => testPolicies(folder))).join('\n')).toMatch(expected);
  });
});

describe('a policies folder', () => {
  it('that lacks a file is unreadable, and says which', async () => {
    const folder = await copyPolicies('modules/audit/tests.yaml', (text) => `${text}\n`);
    await rm(path.join(folder, 'modules/audit/tests.yaml'));
    expect(await readProblems(() => testPolicies(folder))).toEqual([
      'modules/audit/tests.yaml:0 it cannot be read',
    ]);
    await rm(path.join(folder, 'modules/audit/policy.csv'));
    expect(await readProblems(() => loadPolicies(folder))).toEqual([
      'modules/audit/policy.csv:0 it cannot be read',
    ]);
    expect(await readProblems(() => loadPolicies(path.join(root, 'none')))).toEqual([
      'cross:0 it cannot be read',
    ]);
  });

  it('has a digest that any change of a rule changes', async () => {
    const folder = await copyPolicies('modules/audit/policy.csv', (text) =>
      text.replace('AUD-016', 'AUD-026'),
    );
    const [ours, theirs] = await Promise.all([loadPolicies(POLICIES_FOLDER), loadPolicies(folder)]);
    expect(ours.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(theirs.digest).not.toBe(ours.digest);
    expect((await loadPolicies(POLICIES_FOLDER)).digest).toBe(ours.digest);
  });
});

describe('properties on a command line', () => {
  it('are refused when resources have no such property or a flag is neither', async () => {
    for (const property of ['nothing=1', 'published', 'published=yes', 'school='])
      await expect(async () => readResourceProperties({ type: 'grades.mark' }, [property])).rejects.toThrow(
        PolicyError,
      );
    const given = readResourceProperties({ type: 'grades.mark' }, [
      'school=a=b',
      'published=true',
      'closed=false',
    ]);
    expect(given).toEqual({ type: 'grades.mark', school: 'a=b', published: true, closed: false });
  });

  it('fixtures give the schools and classes of a child as the child has them', async () => {
    const fixtures = await loadFixtures(POLICIES_FOLDER, await loadPolicies(POLICIES_FOLDER));
    expect(fixtures.people.get('elise')?.children).toEqual([
      { child: 'lea', exercise: 'joint', kind: 'legal', schools: ['college-ferry'], divisions: ['6a'] },
    ]);
  });
});
