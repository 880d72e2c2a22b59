import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PolicyError, loadPolicies, testPolicies, type Policies } from '@socle/authorization';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICIES_FOLDER } from '../support/policy-world.ts';

const FILES = ['cross/deny.csv', 'modules/grades/policy.csv', 'model.conf'];
const EDITS = 250;
const CHARACTERS = Array.from('aeoy*,# ;"()=!&|\\\n012_.-');
/** Each edit that still loads is put to the tests of the policies, which costs about a second. */
const MAX_TRIED = 8;

describe('T-AUZ-01 an edited policy', () => {
  let folder = '';
  let original: Policies;
  const texts = new Map<string, string>();

  beforeAll(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'socle-edited-')), 'policies');
    await cp(POLICIES_FOLDER, folder, { recursive: true });
    original = await loadPolicies(folder);
    for (const file of FILES) texts.set(file, await readFile(path.join(folder, file), 'utf8'));
  });
  afterAll(() => rm(path.dirname(folder), { recursive: true }));

  async function loadEdited(file: string, text: string): Promise<Policies | undefined> {
    await writeFile(path.join(folder, file), text);
    try {
      return await loadPolicies(folder);
    } catch (error) {
      if (error instanceof PolicyError) return undefined;
      throw error;
    }
  }

  /** True when the tests of the policies see the edit. */
  async function isCaught(): Promise<boolean> {
    try {
      return !(await testPolicies(folder)).passed;
    } catch (error) {
      if (error instanceof PolicyError) return true;
      throw error;
    }
  }

  const meaning = ({ rules, model }: Policies): string =>
    JSON.stringify([
      rules.map(({ line: _line, ...rule }) => rule),
      model.matcher.conjuncts.map(({ text }) => text),
      model.effect,
    ]);

  it('is the same policy untouched (positive twin)', async () => {
    expect((await testPolicies(folder)).passed).toBe(true);
  });

  it(`one character changed, added or taken: refused, caught, or without meaning, ${EDITS} times`, async () => {
    let refused = 0;
    let tried = 0;
    let idle = 0;
    const edit = fc.record({
      file: fc.constantFrom(...FILES),
      at: fc.nat(),
      what: fc.constantFrom('change', 'add', 'take'),
      character: fc.constantFrom(...CHARACTERS),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ file, at, what, character }) => {
        const text = texts.get(file)!;
        const place = at % text.length;
        const after = what === 'add' ? place : place + 1;
        const edited = `${text.slice(0, place)}${what === 'take' ? '' : character}${text.slice(after)}`;
        const loaded = await loadEdited(file, edited);
        if (loaded === undefined) refused += 1;
        else if (meaning(loaded) === meaning(original)) idle += 1;
        else if (tried < MAX_TRIED) {
          tried += 1;
          expect(await isCaught(), `${file} at ${place}: ${what} ${JSON.stringify(character)}`).toBe(true);
        }
        await writeFile(path.join(folder, file), text);
      }),
      { numRuns: EDITS, seed: 20261123, endOnFailure: true },
    );
    expect(refused).toBeGreaterThan(EDITS / 4);
    expect(idle).toBeGreaterThan(0);
    expect(tried).toBeGreaterThan(0);
  }, 120_000);

  it('a row commented out, or moved under another action, is caught', async () => {
    const file = 'modules/grades/policy.csv';
    const text = texts.get(file)!;
    for (const edited of [
      text.replace('p, GRA-014', '# p, GRA-014'),
      text.replace('grades.mark.write, teaches', 'grades.mark.read, teaches'),
      text.replace('own_child_legal, published', 'own_child_legal, always'),
    ]) {
      expect(edited).not.toBe(text);
      await writeFile(path.join(folder, file), edited);
      expect(await isCaught()).toBe(true);
    }
    await writeFile(path.join(folder, file), text);
  });
});
