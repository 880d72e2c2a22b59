import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY_ROOT } from './session.ts';
import { runHere } from '../testing/run-here.ts';

let broken = '';

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return runHere(['policy', ...args], env);
}

beforeAll(async () => {
  broken = await mkdtemp(path.join(tmpdir(), 'socle-policy-cli-'));
  await cp(path.join(REPOSITORY_ROOT, 'policies'), broken, { recursive: true });
});
afterAll(() => rm(broken, { recursive: true }));

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(path.join(REPOSITORY_ROOT, 'policies', file), 'utf8');
  expect(text).toContain(from);
  await writeFile(path.join(broken, file), text.replace(from, to));
}

describe('socle policy test', () => {
  it('fails with exit code 1 when a rule allows more than its tests say, and names the test', async () => {
    await edit('modules/grades/policy.csv', 'own_child_legal, published', 'any, published');
    const { code, stdout } = await run(['test', '--policies', broken]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /modules\/grades\/tests\.yaml:\d+: case: .* \(odile\): expected denied, no rule allows, found allowed by GRA-015/,
    );
    await edit('modules/grades/policy.csv', 'GRA-015', 'GRA-015');
  });

  it('is refused with the file, the line and what to write instead when a row is wrong', async () => {
    await edit('cross/deny.csv', 'suspended, deny', 'suspended, dney');
    const { code, stderr, stdout } = await run(['test'], { SOCLE_POLICIES_DIR: broken });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'cross/deny.csv:3: effect "dney": Casbin would ignore the row. Instead: "deny".',
    );
    await edit('cross/deny.csv', 'DNY-001', 'DNY-001');
  });

  it('passes on the policies of the repository and prints what it saw', async () => {
    const { code, stdout } = await run(['test', '--json']);
    const result = JSON.parse(stdout) as {
      passed: boolean;
      counts: Record<string, number>;
      failures: unknown[];
    };
    expect(code).toBe(0);
    expect(result).toMatchObject({ passed: true, failures: [] });
    for (const count of Object.values(result.counts)) expect(count).toBeGreaterThan(0);
    const text = await run(['test']);
    expect(text.stdout).toMatch(
      /^\d+ tests over \d+ people: \d+ decisions, \d+ allowed, \d+ denied by a rule\n/,
    );
    expect(text.stdout).toMatch(/\npassed\n$/);
  });
});

describe('socle policy lint', () => {
  it('fails with exit code 1 when a rule adds nothing', async () => {
    await edit(
      'modules/grades/policy.csv',
      'GRA-015, guardian, school, grades.mark, grades.mark.read, own_child_legal, published',
      'GRA-015, pupil, school, grades.mark, grades.mark.read, self, published',
    );
    const { code, stdout } = await run(['lint', '--policies', broken]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /modules\/grades\/policy\.csv:\d+: error: duplicate: GRA-015 says what GRA-014 says/,
    );
    await edit('modules/grades/policy.csv', 'GRA-015', 'GRA-015');
  });

  it('fails on a word of the vocabulary that has no sentence, and says which', async () => {
    await edit('phrases.yaml', '  grades.mark.read: {', '  grades.mark.reed: {');
    const { code, stderr } = await run(['lint', '--policies', broken]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/phrases\.yaml:\d+: "grades\.mark\.read" of actions has no phrase/);
    await edit('phrases.yaml', '', '');
  });

  it('passes on the policies of the repository', async () => {
    const { code, stdout } = await run(['lint']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\d{4} pairs compared: 0 errors/);
  });
});

describe('socle policy mutate', () => {
  it('fails when tests are taken away, and says which changes nobody would see', async () => {
    const text = await readFile(path.join(REPOSITORY_ROOT, 'policies/modules/audit/tests.yaml'), 'utf8');
    const file = path.join(broken, 'modules/audit/tests.yaml');
    await writeFile(file, text.slice(0, text.indexOf('  - says: The log of the school abroad is read')));
    const { code, stdout } = await run(['mutate', '--policies', broken]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/modules\/audit\/policy\.csv:\d+: survived: AUD-001 taken away/);
    await writeFile(file, text);
  });

  it('sees every change on the policies of the repository', async () => {
    const { code, stdout } = await run(['mutate', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ score: 1, survivors: [] });
  });
});

describe('socle policy explain', () => {
  const QUESTION = ['explain', '--act', 'grades.mark.read', '--on', 'mark-noe'];

  it('names the denial that decided for a parent who lost authority', async () => {
    const { code, stdout } = await run([...QUESTION, '--who', 'karim']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^DENIED {2}karim/);
    expect(stdout).toContain('decided by DNY-002');
    expect(stdout).toMatch(/nearest rules:\n {2}GRA-015 .*: relation "own_child_legal" does not hold/);
  });

  it('names the rule that allowed for the parent who has it, and with --why-not every other', async () => {
    const { stdout } = await run([...QUESTION, '--who', 'sonia', '--why-not']);
    expect(stdout).toMatch(/^ALLOWED {2}sonia/);
    expect(stdout).toContain('decided by GRA-015');
    expect(stdout.match(/^ {2}GRA-\d{3}/gm)).toHaveLength(4);
  });

  it('answers on a type with properties as one JSON document', async () => {
    const properties = [
      'school=college-ferry',
      'division=6a',
      'subject=maths',
      'pupil=lea',
      'published=false',
    ];
    const { code, stdout } = await run([
      ...['explain', '--who', 'lea', '--act', 'grades.mark.read', '--on', 'grades.mark', '--json'],
      ...properties.flatMap((property) => ['--prop', property]),
    ]);
    expect(code).toBe(0);
    const answer = JSON.parse(stdout) as {
      decision: object;
      nearest: { rule: { id: string }; firstFailing: object }[];
    };
    expect(answer.decision).toEqual({ allowed: false, basis: 'none' });
    expect(answer.nearest[0]).toMatchObject({
      rule: { id: 'GRA-014' },
      firstFailing: { name: 'condition', asks: 'published' },
    });
  });

  it('says which member lacks when the resource is not whole', async () => {
    const { stdout } = await run([
      'explain',
      '--who',
      'lea',
      '--act',
      'grades.mark.read',
      '--on',
      'grades.mark',
    ]);
    expect(stdout).toContain('an error, treated as a denial: the resource gives no school');
  });

  it('judges at the instant given', async () => {
    const before = await run([...QUESTION, '--who', 'remi', '--at', '2026-10-30T10:00:00Z']);
    const after = await run([...QUESTION, '--who', 'remi']);
    expect(before.stdout).toMatch(/^ALLOWED/);
    expect(after.stdout).toMatch(/^DENIED/);
  });

  it.each([
    [['explain'], 2],
    [[...QUESTION, '--who', 'karim', '--at', 'yesterday'], 2],
    [[...QUESTION, '--whom', 'karim'], 2],
    [['explode'], 2],
    [[], 2],
    [[...QUESTION, '--who', 'nobody'], 1],
    [['explain', '--who', 'karim', '--act', 'grades.mark.raed', '--on', 'mark-noe'], 1],
    [[...QUESTION, '--who', 'karim', '--prop', 'colour=red'], 1],
    [['test', '--policies', '/nowhere'], 1],
  ])('%j is refused with exit code %i and one line that says what to do', async (args, expected) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(expected);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^socle policy.*\n/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
