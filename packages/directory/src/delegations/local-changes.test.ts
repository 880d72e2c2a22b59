import type { PersonId } from '@socle/base';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { DivisionId, LocalChangeId } from '../ids.ts';
import { joinDivision } from '../people/join-division.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { loadDivisions, loadMembers, loadTeachersOf } from '../people/load-relations.ts';
import { openDivision } from '../schools/open-school.ts';
import { loadSchools, type School } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE } from '../testing/write-feed-sample.ts';
import {
  addToDivision,
  appointSubstitute,
  joinProject,
  moveToDivision,
  removeFromDivision,
} from './change-classes.ts';
import { loadLocalChanges, loadPastLocalChanges } from './load-local-changes.ts';
import { undoLocalChange } from './local-changes.ts';

const DAY = 86_400;

describe('what a school decides over its feed', () => {
  let directory: TestDirectory;
  let [college, lycee]: School[] = [];
  let [head, teacher, cpe, zoe, adele]: PersonId[] = [];
  let [threeA, threeB]: DivisionId[] = [];
  let until: Date;
  let day: number;
  const opened: TestDirectory[] = [];

  beforeEach(async () => {
    directory = await openTestDirectory();
    opened.push(directory);
    await directory.importSample(SAMPLE);
    const schools = await directory.all((tx) => loadSchools(tx));
    college = schools.find(({ kind }) => kind === 'college')!;
    lycee = schools.find(({ kind }) => kind === 'lycee')!;
    [head, teacher, cpe, zoe, adele] = await Promise.all(
      ['3002', '3001', '3003', '1001', '1002'].map((key) => directory.person(key)),
    );
    threeB = await directory.all((tx) =>
      openDivision(tx, { school: college!.id, kind: 'class', code: '3B', name: 'Troisième B' }, context()),
    );
    const divisions = await directory.all((tx) => loadDivisions(tx, college!.id));
    threeA = divisions.find(({ code }) => code === '3A')!.id;
    directory.clock.advanceSeconds(DAY);
    until = new Date(directory.clock.now().getTime() + 20 * DAY * 1000);
    day = 20260901;
  });
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  const context = () => ({
    audit: directory.audit,
    author: { kind: 'person', id: head! } as const,
    at: directory.clock.now(),
  });
  const decision = () => ({ until, reason: 'Incident entre élèves, accord du chef d’établissement' });
  const remove = (division = threeA!) =>
    directory.all((tx) => removeFromDivision(tx, { ...decision(), person: zoe!, division }, context()));
  const add = (person = zoe!, division = threeB!) =>
    directory.all((tx) => addToDivision(tx, { ...decision(), person, division }, context()));
  const undo = (id: LocalChangeId) => directory.all((tx) => undoLocalChange(tx, id, cpe!, context()));
  const facts = (person: PersonId, at = directory.clock.now()) =>
    directory.all((tx) => loadPersonFacts(tx, person, at));
  const isOpen = (fact: { from?: Date; to?: Date }, at: Date) =>
    (fact.from === undefined || fact.from <= at) && (fact.to === undefined || fact.to > at);
  const classes = async (at = directory.clock.now()) =>
    new Set(
      (await facts(zoe!, at)).memberOf
        .filter((fact) => isOpen(fact, at))
        .map(({ division }) => division)
        .filter((division) => division === threeA || division === threeB),
    );
  const feed = async (sample = SAMPLE) => {
    day += 1;
    directory.clock.advanceSeconds(DAY);
    return directory.importSample({ ...sample, day: String(day) });
  };
  const changes = () => directory.all((tx) => loadLocalChanges(tx, college!.id, directory.clock.now()));

  it('refuses a change without a reason’s time: past, endless, doubled, of another school, or of nobody', async () => {
    const past = directory.all((tx) =>
      addToDivision(
        tx,
        { person: zoe!, division: threeB!, until: directory.clock.now(), reason: 'x' },
        context(),
      ),
    );
    await expect(past).rejects.toMatchObject({ code: 'role_window_invalid' });
    until = new Date(directory.clock.now().getTime() + 400 * DAY * 1000);
    await expect(add()).rejects.toMatchObject({ code: 'role_window_invalid' });
    until = new Date(directory.clock.now().getTime() + 20 * DAY * 1000);
    await expect(add(adele!)).rejects.toMatchObject({ code: 'not_of_the_school' });
    await expect(add(zoe!, threeA!)).rejects.toMatchObject({ code: 'already_member' });
    await expect(remove(threeB!)).rejects.toMatchObject({ code: 'not_a_member' });
    expect(await changes()).toEqual([]);
  });

  it('moves a pupil until a day, through every feed that says otherwise, and reports what the feed says', async () => {
    const { revision } = await facts(zoe!);
    await remove();
    await add();
    expect(await classes()).toEqual(new Set([threeB]));
    expect((await facts(zoe!)).revision).toBeGreaterThan(revision);
    for (let turn = 0; turn < 3; turn += 1) {
      const { warnings } = await feed();
      expect(warnings).toContainEqual({ kind: 'local_change_contradicted', count: 2, sample: ['1001'] });
    }
    expect(await classes()).toEqual(new Set([threeB]));
    expect((await changes()).map(({ kind, feed: said }) => [kind, said])).toEqual(
      expect.arrayContaining([
        ['leave', 'contradicts'],
        ['join', 'contradicts'],
      ]),
    );
    expect(await directory.all((tx) => loadMembers(tx, threeA!, directory.clock.now()))).toEqual([]);
    // At its end, to the second, the feed's word holds again without anybody doing anything.
    expect(await classes(new Date(until.getTime() - 1))).toEqual(new Set([threeB]));
    expect(await classes(until)).toEqual(new Set([threeA]));
    const actions = (await directory.events()).filter(({ action }) => action === 'directory.local.changed');
    expect(actions).toHaveLength(2);
    expect(JSON.stringify(actions)).not.toContain('Incident');
  });

  it('says when the feed has come to agree, and then keeps to the feed after the end', async () => {
    await remove();
    await add();
    const moved = SAMPLE.pupils!.map((pupil) =>
      pupil.id === '1001' ? { ...pupil, ENTEleveClasses: '901$3B' } : pupil,
    );
    const { warnings } = await feed({ ...SAMPLE, pupils: moved });
    expect(warnings.map(({ kind }) => kind)).not.toContain('local_change_contradicted');
    expect((await changes()).map(({ feed: said }) => said)).toEqual(['agrees', 'agrees']);
    expect(await classes(until)).toEqual(new Set([threeB]));
  });

  it('is taken back at once, and only once', async () => {
    const [left, joined] = [await remove(), await add()];
    await feed();
    await undo(left);
    await undo(joined);
    expect(await classes()).toEqual(new Set([threeA]));
    await expect(undo(left)).rejects.toMatchObject({ code: 'local_change_unknown' });
    expect(await feed()).toMatchObject({ created: 0, changed: 0 });
    expect(await classes()).toEqual(new Set([threeA]));
    expect((await directory.events()).map(({ action }) => action)).toContain('directory.local.undone');
  });

  it('moves a pupil in one decision, which is taken back in one', async () => {
    const move = (change: object = {}) =>
      directory.all((tx) =>
        moveToDivision(
          tx,
          { ...decision(), person: zoe!, leaves: threeA!, division: threeB!, ...change },
          context(),
        ),
      );
    const elsewhere = await directory.all((tx) =>
      openDivision(tx, { school: lycee!.id, kind: 'class', code: '2A', name: 'Seconde A' }, context()),
    );
    await expect(move({ division: elsewhere })).rejects.toMatchObject({ code: 'division_unknown' });
    await expect(move({ leaves: threeB!, division: threeA! })).rejects.toMatchObject({
      code: 'not_a_member',
    });
    expect(await classes()).toEqual(new Set([threeA]));
    const moved = await move();
    expect((await feed()).warnings).toContainEqual({
      kind: 'local_change_contradicted',
      count: 1,
      sample: ['1001'],
    });
    expect(await classes()).toEqual(new Set([threeB]));
    expect(await changes()).toMatchObject([
      { kind: 'move', division: threeB, leftDivision: threeA, feed: 'contradicts', decidedBy: head },
    ]);
    expect(await classes(until)).toEqual(new Set([threeA]));
    const past = () =>
      directory.all((tx) => loadPastLocalChanges(tx, college!.id, directory.clock.now(), 10));
    expect(await past()).toEqual([]);
    await undo(moved);
    expect(await classes()).toEqual(new Set([threeA]));
    expect(await changes()).toEqual([]);
    expect(await past()).toMatchObject([{ id: moved, undoneBy: cpe }]);
    expect(await feed()).toMatchObject({ created: 0, changed: 0 });
  });

  it('says who teaches a class, what, and who its head teacher is', async () => {
    const teachers = await directory.all((tx) => loadTeachersOf(tx, threeA!, directory.clock.now()));
    expect(teachers).toMatchObject([{ teacher: { id: teacher }, isHeadTeacher: true }]);
    expect(teachers[0]!.subjects.length).toBeGreaterThan(0);
    expect(await directory.all((tx) => loadTeachersOf(tx, threeB!, directory.clock.now()))).toEqual([]);
  });

  it('gives back what was written by hand without an end, at the end or when taken back', async () => {
    await directory.all((tx) => joinDivision(tx, { person: zoe!, division: threeB! }, context()));
    expect(await classes()).toEqual(new Set([threeA, threeB]));
    const left = await remove(threeB!);
    expect(await classes()).toEqual(new Set([threeA]));
    expect(await classes(until)).toEqual(new Set([threeA, threeB]));
    await undo(left);
    expect(await classes()).toEqual(new Set([threeA, threeB]));
  });

  // A circle of waiting rivals would be cut by the database after a second each time, and tried again.
  it('adds a pupil once for six rivals, who do not wait for each other in a circle', {
    timeout: 5000,
  }, async () => {
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => add()));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await changes()).toHaveLength(1);
  });

  it('gives a substitute what the replaced teacher has, to the second, and it ends by itself', async () => {
    const appoint = (change: object = {}) =>
      directory.all((tx) =>
        appointSubstitute(
          tx,
          { ...decision(), school: college!.id, replaced: teacher!, substitute: cpe!, ...change },
          context(),
        ),
      );
    await expect(appoint({ replaced: head! })).rejects.toMatchObject({ code: 'substitute_unfit' });
    await expect(appoint({ substitute: teacher! })).rejects.toMatchObject({ code: 'substitute_unfit' });
    await expect(appoint({ substitute: zoe! })).rejects.toMatchObject({ code: 'substitute_unfit' });
    const from = new Date(directory.clock.now().getTime() + DAY * 1000);
    await appoint({ from });
    await feed();
    const at = async (instant: Date) => {
      const found = await facts(cpe!, instant);
      return [
        found.teaches.filter((fact) => isOpen(fact, instant)).length,
        found.headTeacherOf.filter((fact) => isOpen(fact, instant)).length,
        found.roles.filter((role) => isOpen(role, instant) && role.role === 'teacher').length,
      ];
    };
    expect(await at(new Date(from.getTime() - 1))).toEqual([0, 0, 0]);
    expect(await at(from)).toEqual([1, 1, 1]);
    expect(await at(new Date(until.getTime() - 1))).toEqual([1, 1, 1]);
    expect(await at(until)).toEqual([0, 0, 0]);
    expect((await facts(teacher!)).teaches.length).toBeGreaterThan(0);
    // What is taught in the lycée is not lent by the collège.
    expect((await facts(cpe!, from)).teaches.every(({ school }) => school === college!.id)).toBe(true);
  });

  it('gathers pupils and teachers of several schools in a group of one, which sees them', async () => {
    // Row-level security goes by the server's own clock.
    until = new Date(directory.clock.now().getTime() + 300 * DAY * 1000);
    const group = await directory.all((tx) =>
      openDivision(tx, { school: college!.id, kind: 'group', code: 'ROBOT', name: 'Robotique' }, context()),
    );
    const join = (person: PersonId, as: 'pupil' | 'teacher', into = group) =>
      directory.all((tx) => joinProject(tx, { ...decision(), person, group: into, as }, context()));
    await expect(join(adele!, 'teacher')).rejects.toMatchObject({ code: 'project_unfit' });
    await expect(join(teacher!, 'pupil')).rejects.toMatchObject({ code: 'project_unfit' });
    await expect(join(adele!, 'pupil', threeA!)).rejects.toMatchObject({ code: 'division_unknown' });
    await join(zoe!, 'pupil');
    await join(adele!, 'pupil');
    const guest = await join(teacher!, 'teacher');
    await expect(join(adele!, 'pupil')).rejects.toMatchObject({ code: 'already_member' });
    await feed();
    expect((await facts(adele!)).memberOf).toContainEqual(
      expect.objectContaining({ school: college!.id, division: group, to: until }),
    );
    expect((await facts(adele!)).roles.map(({ domain }) => domain)).toEqual([lycee!.id]);
    const members = (controller: School['controller'], id = group) =>
      directory.database.transaction((tx) => loadMembers(tx, id, directory.clock.now()), {
        scope: [controller],
      });
    expect((await members(college!.controller)).map(({ id }) => id)).toEqual(
      expect.arrayContaining([zoe, adele]),
    );
    expect(await members(lycee!.controller)).toEqual([]);
    expect((await facts(teacher!)).teaches.some(({ division }) => division === group)).toBe(true);
    await undo(guest);
    expect((await facts(teacher!)).teaches.some(({ division }) => division === group)).toBe(false);
  });
});
