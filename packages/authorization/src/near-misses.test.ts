import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findNearMisses, printNearMisses } from './near-misses.ts';
import { testPolicies } from './test-policies.ts';

const FOLDER = path.join(import.meta.dirname, '../../../policies');

describe('near misses of each rule', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-near-misses-'));
    await cp(FOLDER, folder, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are none for a rule that is not there or denies', async () => {
    expect(await findNearMisses(FOLDER, 'GRA-999')).toEqual([]);
    expect(await findNearMisses(FOLDER, 'DNY-001')).toEqual([]);
  });

  it('name a person whom one word alone denies', async () => {
    const misses = await findNearMisses(FOLDER, 'GRA-015');
    expect(misses.map(({ change }) => change)).toContain('relation own_child_legal → any');
    expect(misses.map(({ change }) => change)).toContain('condition published → always');
    for (const { allow, person } of misses) expect(allow.has(person)).toBe(false);
  });

  it('are tests that the policies pass as they are, every one of them', async () => {
    const misses = await findNearMisses(FOLDER);
    expect(new Set(misses.map(({ rule }) => rule)).size).toBeGreaterThan(60);
    await writeFile(path.join(folder, 'modules/grades/tests.yaml'), printNearMisses(misses));
    const { failures } = await testPolicies(folder);
    expect(failures.filter(({ kind }) => kind === 'case')).toEqual([]);
  });
});
