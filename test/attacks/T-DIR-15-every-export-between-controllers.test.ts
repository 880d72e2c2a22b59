import { isSocleError } from '@socle/base';
import * as exported from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTACKS, NEEDS_THE_SCOPE_OF_ALL, NOT_ABOUT_ONE_CONTROLLER } from '../support/directory-attacks.ts';
import { openDirectoryWorld, type DirectoryWorld } from '../support/directory-world.ts';

// Each reader and writer that the directory exports is turned by one school against another: the collège's people, under
// the lycée's scope. An export that nobody has thought of fails here.

describe('T-DIR-15 a function of the directory that reaches across controllers', () => {
  let world: DirectoryWorld;
  beforeAll(async () => {
    world = await openDirectoryWorld();
  });
  afterAll(() => world.close());

  const functions = Object.entries(exported)
    .filter(([name, value]) => typeof value === 'function' && !/^[A-Z]/.test(name))
    .map(([name]) => name);

  it('has an attack for every exported function, or a reason why none is possible', () => {
    expect(functions.length).toBeGreaterThan(30);
    const thought = [
      ...Object.keys(ATTACKS),
      ...Object.keys(NEEDS_THE_SCOPE_OF_ALL),
      ...Object.keys(NOT_ABOUT_ONE_CONTROLLER),
    ];
    expect(functions.filter((name) => !thought.includes(name))).toEqual([]);
    expect(thought.filter((name) => !functions.includes(name))).toEqual([]);
    for (const reason of Object.values(NOT_ABOUT_ONE_CONTROLLER)) expect(reason.length).toBeGreaterThan(20);
  });

  /** Runs an attack and takes everything back: what it gave, or the code with which it was refused. */
  async function attempt(name: string, scope: 'all' | readonly string[]): Promise<unknown> {
    const undo = new Error('taken back');
    let given: unknown;
    try {
      await world.directory.database.transaction(
        async (tx) => {
          given = await (ATTACKS[name] ?? NEEDS_THE_SCOPE_OF_ALL[name])!(tx, world);
          throw undo;
        },
        { scope },
      );
    } catch (error) {
      if (error === undo) return given;
      if (isSocleError(error)) return { refused: error.code };
      // What the policies of the tables refuse when a function does not.
      if (String(error).includes('row-level security')) return { refused: 'row-level security' };
      throw error;
    }
    return given;
  }

  const isNothing = (given: unknown): boolean =>
    given === undefined ||
    given === 0 ||
    (typeof given === 'object' &&
      given !== null &&
      ('refused' in given ||
        (Array.isArray(given) ? given.length === 0 : Object.values(given).every((part) => isNothing(part)))));

  it.each(Object.keys(ATTACKS))(
    '%s does nothing for the other school, and works for its own',
    async (name) => {
      const theirs = await attempt(name, [world.lycee.controller]);
      expect([name, isNothing(theirs), theirs]).toEqual([name, true, theirs]);
      const nobodys = await attempt(name, []);
      expect([name, isNothing(nobodys), nobodys]).toEqual([name, true, nobodys]);
      const own = await attempt(name, [world.college.controller]);
      expect([name, isNothing(own), own]).toEqual([name, false, own]);
    },
  );

  it.each(Object.keys(NEEDS_THE_SCOPE_OF_ALL))(
    '%s is refused under any scope but that of all',
    async (name) => {
      for (const scope of [[], [world.lycee.controller], [world.college.controller]]) {
        expect([name, await attempt(name, scope)]).toEqual([name, { refused: 'scope_too_narrow' }]);
      }
      const all = await attempt(name, 'all');
      expect([name, isNothing(all), all]).toEqual([name, false, all]);
    },
  );
});
