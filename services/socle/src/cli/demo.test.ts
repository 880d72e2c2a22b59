import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from '../testing/run-here.ts';

let root: string;
let folders = 0;
const newFolder = () => path.join(root, String((folders += 1)));

async function run(...args: string[]) {
  return runIn({}, ...args);
}

function runIn(env: Record<string, string>, ...args: string[]) {
  return runHere(['demo', ...args], env);
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'socle-demo-cli-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('socle demo generate', () => {
  it('writes a feed and says what is in it, with progress apart', async () => {
    const folder = newFolder();
    const { code, stdout, stderr } = await run(
      'generate',
      '--out',
      folder,
      '--pupils',
      '120',
      '--schools',
      '2',
      '--seed',
      's',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^10 files, \d+\.\d MB in .*\n2 schools, 120 pupils, \d+ relatives/);
    expect(stderr).toContain('pupils: 120/120');
    expect((await readdir(folder)).filter((name) => name.endsWith('.xml'))).toHaveLength(10);
  });

  it('prints one JSON document and nothing else with --json', async () => {
    const folder = newFolder();
    const { code, stdout } = await run(
      'generate',
      '--out',
      folder,
      '--pupils',
      '50',
      '--schools',
      '1',
      '--json',
    );
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as {
      counts: { pupils: number };
      files: { name: string }[];
      bytes: number;
    };
    expect(document.counts.pupils).toBe(50);
    expect(document.files.map((file) => file.name).sort()).toEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.xml')),
    );
    expect(document.bytes).toBeGreaterThan(10_000);
  });

  it.each([
    ['no verb', []],
    ['an unknown verb', ['make']],
    ['no folder', ['generate']],
    ['--delta without a number of days', ['generate', '--out', '/nowhere', '--delta', 'all']],
    ['a number of pupils that is none', ['generate', '--out', '/nowhere', '--pupils', 'many']],
    ['a day that does not exist', ['generate', '--out', '/nowhere', '--date', '2026-02-31']],
    ['an unknown option', ['generate', '--out', '/nowhere', '--pupil', '3']],
  ])('exits with 2 and one line for %s', async (_, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('writes a complete feed, a delta a day and the last complete feed with --delta', async () => {
    const folder = newFolder();
    const args = ['generate', '--out', folder, '--pupils', '30', '--schools', '1', '--date', '2026-09-01'];
    const { code, stdout } = await run(...args, '--delta', '2');
    expect(code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual([
      '2026-09-01-complete',
      '2026-09-02-delta',
      '2026-09-03-complete',
      '2026-09-03-delta',
    ]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  it('exits with 1 when the folder holds a feed, and with 3 when it cannot be written', async () => {
    const folder = newFolder();
    expect((await run('generate', '--out', folder, '--pupils', '30', '--schools', '1')).code).toBe(0);
    const again = await run('generate', '--out', folder, '--pupils', '30', '--schools', '1');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('already holds XML files');
    const file = newFolder();
    await writeFile(file, '');
    expect((await run('generate', '--out', file)).code).toBe(3);
  });

  it('exits with 1 for counts out of range', async () => {
    expect((await run('generate', '--out', newFolder(), '--schools', '0')).code).toBe(1);
  });
});

describe('socle demo code', () => {
  it('tells the code of an account that is asked for one, and refuses the others with a reason', async () => {
    const folder = newFolder();
    await mkdir(folder);
    await writeFile(
      path.join(folder, 'demo-accounts.json'),
      JSON.stringify([
        { username: 'with', password: 'p', totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
        { username: 'without', password: 'p' },
      ]),
    );
    const env = { SOCLE_DATA_DIR: folder };
    expect(await runIn(env, 'code', 'with')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d{6}\n$/),
    });
    expect(JSON.parse((await runIn(env, 'code', 'with', '--json')).stdout)).toEqual({
      code: expect.stringMatching(/^\d{6}$/),
    });
    expect(await runIn(env, 'code', 'without')).toMatchObject({ code: 1, stdout: '' });
    expect((await runIn(env, 'code', 'nobody')).stderr).toContain('start the demo first');
    expect((await runIn(env, 'code')).code).toBe(2);
  });
});
