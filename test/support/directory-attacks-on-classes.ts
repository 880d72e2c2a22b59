import type { Tx } from '@socle/db';
import * as directory from '@socle/directory';
import type { DirectoryWorld } from './directory-world.ts';

type Attack = (tx: Tx, world: DirectoryWorld) => Promise<unknown>;

const done = async (work: Promise<void>): Promise<string> => {
  await work;
  return 'done';
};
const at = (world: DirectoryWorld) => world.directory.clock.now();
const later = (world: DirectoryWorld, days: number) => new Date(at(world).getTime() + days * 86_400_000);

/** What a school decides over its feed; see ATTACKS. */
export const ATTACKS_ON_CLASSES: Readonly<Record<string, Attack>> = {
  addToDivision: async (tx, w) => {
    const division = await directory.openDivision(
      tx,
      { school: w.college.id, kind: 'group', code: 'CHORALE', name: 'Chorale' },
      w.context(),
    );
    return directory.addToDivision(tx, { ...decide(w), person: w.pupil, division }, w.context());
  },
  appointSubstitute: (tx, w) =>
    directory.appointSubstitute(
      tx,
      { ...decide(w), school: w.college.id, replaced: w.teacher, substitute: w.cpe },
      w.context(),
    ),
  joinProject: async (tx, w) => {
    const group = await directory.openDivision(
      tx,
      { school: w.college.id, kind: 'group', code: 'ROBOT', name: 'Robotique' },
      w.context(),
    );
    return directory.joinProject(tx, { ...decide(w), person: w.pupil, group, as: 'pupil' }, w.context());
  },
  loadLocalChanges: async (tx, w) => {
    await leave(tx, w);
    return directory.loadLocalChanges(tx, w.college.id, at(w));
  },
  loadPastLocalChanges: async (tx, w) => {
    await directory.undoLocalChange(tx, await leave(tx, w), w.head, w.context());
    return directory.loadPastLocalChanges(tx, w.college.id, at(w), 10);
  },
  loadTeachersOf: (tx, w) => directory.loadTeachersOf(tx, w.division, at(w)),
  moveToDivision: async (tx, w) => {
    const division = await directory.openDivision(
      tx,
      { school: w.college.id, kind: 'class', code: '3Z', name: 'Troisième Z' },
      w.context(),
    );
    return directory.moveToDivision(
      tx,
      { ...decide(w), person: w.pupil, leaves: w.division, division },
      w.context(),
    );
  },
  removeFromDivision: (tx, w) => leave(tx, w),
  undoLocalChange: async (tx, w) =>
    done(directory.undoLocalChange(tx, await leave(tx, w), w.head, w.context())),
};

const decide = (w: DirectoryWorld) => ({ until: later(w, 20), reason: 'Essai' });

function leave(tx: Tx, w: DirectoryWorld): Promise<directory.LocalChangeId> {
  return directory.removeFromDivision(
    tx,
    { ...decide(w), person: w.pupil, division: w.division },
    w.context(),
  );
}
