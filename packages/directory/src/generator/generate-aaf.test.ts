import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateAaf, type GenerateAafOptions } from './generate-aaf.ts';

const DAY = new Date('2026-11-02');

let root: string;
let folders = 0;
const newFolder = () => path.join(root, String((folders += 1)));
const generate = (more: Partial<GenerateAafOptions> = {}) =>
  generateAaf({ folder: newFolder(), schools: 4, pupils: 900, seed: 'a', date: DAY, ...more });
const digests = async (more: Partial<GenerateAafOptions> = {}) =>
  (await generate(more)).files.map((file) => `${file.name} ${file.sha256}`);

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'socle-generate-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('generateAaf', () => {
  it('writes the same bytes for the same seed, counts and date', async () => {
    const first = await digests();
    expect(first.length).toBe(10);
    expect(await digests()).toEqual(first);
  });

  it('writes other people for another seed', async () => {
    const [first, second] = [await digests(), await digests({ seed: 'b' })];
    for (const type of ['2D', '1D'])
      for (const kind of ['_Eleve_', '_PersRelEleve_', '_PersEducNat_']) {
        const ours = first.find((line) => line.startsWith(`ENT${type}`) && line.includes(kind));
        expect(ours).toBeDefined();
        expect(second).not.toContain(ours);
      }
  });

  it('keeps children of the same age at school a year later', async () => {
    expect(await digests({ date: new Date('2027-11-02') })).not.toEqual(await digests());
  });

  it('writes exactly as many pupils and schools as asked, down to one of each', async () => {
    for (const [schools, pupils] of [
      [1, 1],
      [2, 30],
      [3, 101],
      [25, 2_000],
    ] as const) {
      const { counts } = await generate({ schools, pupils });
      expect([counts.schools, counts.pupils]).toEqual([schools, pupils]);
    }
  });

  it('says how far it is, up to the end', async () => {
    const seen: number[] = [];
    await generate({ pupils: 3_000, onProgress: (progress) => seen.push(progress.pupils) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(3_000);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it.each([
    ['no school', { schools: 0 }],
    ['half a school', { schools: 1.5 }],
    ['no pupil', { pupils: 0 }],
    ['too many pupils', { pupils: 2_000_001 }],
    ['an empty seed', { seed: '' }],
    ['an academy that is no number', { academy: '9a' }],
    ['a date that is none', { date: new Date('x') }],
  ])('refuses %s and leaves no file', async (_, options) => {
    const folder = newFolder();
    await expect(generate({ folder, ...options })).rejects.toMatchObject({
      code: 'generator_options_invalid',
      status: 422,
    });
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });

  it('refuses a folder that holds XML files, and leaves them', async () => {
    const { files } = await generate();
    expect(files.length).toBeGreaterThan(0);
    const folder = newFolder();
    await generate({ folder });
    const before = await readdir(folder);
    await expect(generate({ folder, seed: 'b' })).rejects.toMatchObject({
      code: 'generator_folder_not_empty',
    });
    expect(await readdir(folder)).toEqual(before);
  });

  it('answers a path that is no folder with a fault', async () => {
    const file = path.join(root, 'occupied');
    await writeFile(file, '');
    await expect(generate({ folder: file })).rejects.toMatchObject({
      code: 'generator_write_failed',
      status: 503,
    });
    await expect(generate({ folder: path.join(file, 'below') })).rejects.toMatchObject({
      code: 'generator_write_failed',
    });
  });

  it('writes 25 000 pupils, about 100 MB, in a heap of 32 MB', () => {
    const folder = newFolder();
    const source = `
      import { generateAaf } from ${JSON.stringify(fileURLToPath(new URL('./generate-aaf.ts', import.meta.url)))};
      const { files } = await generateAaf({ folder: ${JSON.stringify(folder)}, schools: 50, pupils: 25_000,
        seed: 'm', date: new Date('2026-09-01') });
      console.log(files.reduce((sum, file) => sum + file.bytes, 0));`;
    const run = spawnSync(
      process.execPath,
      ['--max-old-space-size=32', '--input-type=module', '-e', source],
      {
        encoding: 'utf8',
      },
    );
    expect(run.stderr).not.toContain('heap');
    expect(run.status).toBe(0);
    expect(Number(run.stdout)).toBeGreaterThan(95_000_000);
  });
});
