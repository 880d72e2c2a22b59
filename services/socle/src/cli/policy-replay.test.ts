import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPolicies } from '@socle/authorization';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY_ROOT } from './session.ts';
import { runHere } from '../testing/run-here.ts';

const POLICIES = path.join(REPOSITORY_ROOT, 'policies');
let folder = '';
let changed = '';
let log = '';

function run(...args: readonly string[]) {
  return runHere(['policy', ...args]);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'socle-policy-replay-'));
  changed = path.join(folder, 'policies');
  await cp(POLICIES, changed, { recursive: true });
  const file = path.join(changed, 'modules/grades/policy.csv');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^p, GRA-01[1356].*\n/gm, ''));
  const { digest } = await loadPolicies(POLICIES);
  const event = (leaf: number, detail: object, outcome = 'success') =>
    JSON.stringify({
      leaf,
      payload: {
        id: `e${leaf}`,
        action: 'grades.decision.made',
        outcome,
        detail: { action: 'grades.mark.read', basis: 'allow', policies: digest, ...detail },
      },
    });
  log = path.join(folder, 'events.ndjson');
  await writeFile(
    log,
    [
      event(1, { rule: 'GRA-014', published: true }),
      event(2, { rule: 'GRA-011', published: false }),
      event(3, { rule: 'GRA-015', policies: 'f'.repeat(64) }),
      JSON.stringify({ leaf: 4, payload: { action: 'audit.log.read' } }),
      event(5, { basis: 'error' }, 'denied'),
      '',
    ].join('\n'),
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe('socle policy replay', () => {
  it('is refused without a log, without policies, or with a log that is none', async () => {
    expect((await run('replay', log)).code).toBe(2);
    expect((await run('replay', '/nowhere', '--policy', changed)).code).toBe(1);
    const { code, stderr } = await run('replay', path.join(POLICIES, 'model.conf'), '--policy', changed);
    expect(code).toBe(1);
    expect(stderr).toContain('line 1 is no JSON');
  });

  it('says which past decisions would differ, and fails', async () => {
    const { code, stdout } = await run('replay', log, '--policy', changed);
    expect(code).toBe(1);
    expect(stdout).toContain('2  grades.mark.read  was allowed by GRA-011, would be denied');
    expect(stdout).toContain('4 decisions: 1 the same, 1 would differ, 0 may differ');
    expect(stdout).toContain('1 were errors');
    expect(stdout).toContain('1 were taken by other policies');
  });

  it('is done when all stay as they were', async () => {
    expect(await run('replay', log, '--policy', POLICIES)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 the same, 0 would differ'),
    });
  });
});

describe('socle policy gen tests and check', () => {
  it('never writes over a file', async () => {
    const out = path.join(folder, 'tests.yaml');
    expect((await run('gen', 'tests', '--rule', 'GRA-015', '--out', out)).code).toBe(0);
    const kept = await readFile(out, 'utf8');
    expect(kept).toContain('GRA-015 (relation own_child_legal → any)');
    const again = await run('gen', 'tests', '--rule', 'GRA-014', '--out', out);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('left as it is') });
    expect(await readFile(out, 'utf8')).toBe(kept);
    expect((await run('gen')).code).toBe(2);
    expect((await run('gen', 'tests', '--rule', 'GRA-999')).code).toBe(1);
  });

  it('runs tests, lint and mutation at once, and stops at the first that fails', async () => {
    const whole = await run('check');
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(/passed[^]*0 errors[^]*100\.0 %\n$/);
    const failing = await run('check', '--policies', changed);
    expect(failing.code).toBe(1);
    expect(failing.stdout).not.toMatch(/0 errors/);
  });
});
