import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPOSITORY_ROOT } from './session.ts';
import { runHere } from '../testing/run-here.ts';

const POLICIES = path.join(REPOSITORY_ROOT, 'policies');
let folder = '';
let changed = '';

function run(...args: readonly string[]) {
  return runHere(['policy', ...args]);
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'socle-policy-tools-'));
  changed = path.join(folder, 'policies');
  await cp(POLICIES, changed, { recursive: true });
  const file = path.join(changed, 'modules/grades/policy.csv');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('own_child_legal, published', 'own_child_legal, always'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('socle policy diff', () => {
  it('says in French and in English who gains, and fails', async () => {
    const { code, stdout } = await run('diff', POLICIES, changed);
    expect(code).toBe(1);
    expect(stdout).toContain("+ Un parent ou responsable de l'établissement, pour un enfant sur lequel");
    expect(stdout).toContain(
      '  A parent or guardian of the school, for a child over whom they hold authority,',
    );
    expect(stdout).toMatch(/1 changes of access; in the fixtures 0 gained and 0 lost/);
  });

  it('counts who of the fixtures loses', async () => {
    const { stdout } = await run('diff', changed, POLICIES, '--json', '--depth', '1');
    expect(JSON.parse(stdout)).toMatchObject({ changes: [{ change: 'loses' }], people: { lost: [] } });
    const without = path.join(folder, 'without');
    await cp(POLICIES, without, { recursive: true });
    const file = path.join(without, 'modules/grades/policy.csv');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^p, GRA-016.*\n/m, ''));
    const { stdout: told } = await run('diff', POLICIES, without);
    expect(told).toContain('- irene grades.mark.read mark-lea (GRA-016)');
  });

  it('says nothing and is done when nothing changed', async () => {
    const { code, stdout } = await run('diff', POLICIES, POLICIES);
    expect(code).toBe(0);
    expect(stdout).toBe('0 changes of access; in the fixtures 0 gained and 0 lost\n');
  });
});

describe('socle policy who-can and what-can', () => {
  it('list who may, with the rule', async () => {
    const { code, stdout } = await run(
      'who-can',
      '--act',
      'absences.sanction.pronounce',
      '--on',
      'sanction-lea',
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      'irene  absences.sanction.pronounce  sanction-lea  ABS-096\n1 allowed; whatever is not listed is denied\n',
    );
  });

  it('list what a person may, and nothing for who is suspended', async () => {
    const aline = await run('what-can', '--who', 'aline');
    expect(aline.stdout).toMatch(/^aline {2}accounts\.account\.reset {2}account-lea {2}ACC-003$/m);
    expect(aline.stdout).not.toMatch(/grades|absences|mail\.message\.read/);
    const victor = await run('what-can', '--who', 'victor');
    expect(victor.stdout).toBe('0 allowed; whatever is not listed is denied\n');
  });
});

describe('socle policy baseline', () => {
  it('keeps the policies of a release, from which diff then tells what changed, and nothing when nothing did', async () => {
    const released = path.join(folder, 'released');
    await cp(POLICIES, released, { recursive: true });
    expect((await run('baseline', '--policies', released)).code).toBe(0);
    expect(await run('diff', '--policies', released)).toMatchObject({ code: 0 });
    const file = path.join(released, 'modules/grades/policy.csv');
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^p, GRA-016.*\n/m, ''));
    const { code, stdout } = await run('diff', '--policies', released);
    expect(code).toBe(1);
    expect(stdout).toContain('- irene grades.mark.read mark-lea (GRA-016)');
  });

  it('refuses policies that do not load, and keeps the former baseline', async () => {
    const broken = path.join(folder, 'broken');
    await cp(POLICIES, broken, { recursive: true });
    const kept = await readFile(path.join(broken, 'baseline/cross/deny.csv'), 'utf8');
    await writeFile(path.join(broken, 'cross/deny.csv'), kept.replace('suspended, deny', 'suspended, dney'));
    expect((await run('baseline', '--policies', broken)).code).toBe(1);
    expect(await readFile(path.join(broken, 'baseline/cross/deny.csv'), 'utf8')).toBe(kept);
  });

  it('compares with the last release of this repository although its vocabulary is older', async () => {
    const { code, stdout } = await run('diff', '--json');
    expect([0, 1]).toContain(code);
    expect(JSON.parse(stdout)).toMatchObject({ before: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('socle policy matrix, coverage and test --junit', () => {
  it('write files that other tools read', async () => {
    const [page, report] = [path.join(folder, 'matrix.html'), path.join(folder, 'junit.xml')];
    expect((await run('matrix', '--lang', 'en', '--out', page)).code).toBe(0);
    expect(await readFile(page, 'utf8')).toContain('<h1>Who may do what</h1>');
    expect((await run('test', '--junit', report)).code).toBe(0);
    expect(await readFile(report, 'utf8')).toMatch(/^<\?xml .*\n<testsuites tests="[3-9]\d\d" failures="0">/);
    await run('test', '--junit', report, '--policies', changed);
    expect(await readFile(report, 'utf8')).toMatch(
      /failures="[1-9]\d*"[^]*<failure message="[^"]+\(elise\)">/,
    );
    const { code, stdout } = await run('coverage');
    expect(code).toBe(0);
    expect(stdout).toMatch(/(\d+) of \1 rules seen both ways\n$/);
  });
});

describe('socle policy bundle', () => {
  it('builds, signs and verifies; refuses one that is not newer, and one that was changed', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const [built, signed, secret, known] = ['b.json', 'b.signed', 'k.pem', 'k.pub'].map((name) =>
      path.join(folder, name),
    ) as [string, string, string, string];
    await writeFile(secret, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(known, publicKey.export({ type: 'spki', format: 'pem' }));
    expect((await run('bundle', 'build', '--number', '3', '--out', built)).code).toBe(0);
    expect((await run('bundle', 'sign', built, '--key', secret, '--out', signed)).code).toBe(0);
    const verified = await run('bundle', 'verify', signed, '--key', known, '--newer-than', '2');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(
      /^bundle 3 of \d+ rules, policies [0-9a-f]{64}\n20000 decisions .* 0 otherwise\n$/,
    );
    const old = await run('bundle', 'verify', signed, '--key', known, '--newer-than', '3');
    expect([old.code, old.stdout]).toEqual([1, '']);
    expect(old.stderr).toContain('it is not newer than the one in force');
    await writeFile(signed, (await readFile(signed, 'utf8')).replace('suspended, deny', 'suspended, allow'));
    expect((await run('bundle', 'verify', signed, '--key', known)).code).toBe(1);
  });
});

describe('a wrong use of the tools', () => {
  it.each([
    [['diff', POLICIES, POLICIES, POLICIES], 2],
    [['diff', POLICIES, POLICIES, '--depth', '3'], 2],
    [['who-can', '--act', 'grades.mark.read'], 2],
    [['what-can'], 2],
    [['what-can', '--who', 'nobody'], 1],
    [['matrix', '--lang', 'de'], 2],
    [['bundle'], 2],
    [['bundle', 'build', '--number', 'x'], 1],
  ])('%j ends with exit code %i and one line', async (args, expected) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(/^socle policy.*\n$/);
  });
});
