import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonFacts } from '@socle/authorization';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { loadChildren, loadClassesTaught, loadMembers } from '../people/load-relations.ts';
import { findPerson, findPersonByJoinKey, searchPeople } from '../people/find-person.ts';
import { loadSchools } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, type FeedSample, type SampleRecord } from '../testing/write-feed-sample.ts';

/** The sample with some records changed or (undefined) taken out. */
function vary(changes: Readonly<Record<string, Partial<SampleRecord> | undefined>>, day: string): FeedSample {
  const apply = (records: readonly SampleRecord[] = []) =>
    records.flatMap((record) => {
      if (!(record.id in changes)) return [record];
      const change = changes[record.id];
      return change ? [{ ...record, ...change } as SampleRecord] : [];
    });
  return {
    ...SAMPLE,
    day,
    pupils: apply(SAMPLE.pupils),
    relatives: apply(SAMPLE.relatives),
    staff: apply(SAMPLE.staff),
  };
}

describe('importAaf of a first complete feed', () => {
  let directory: TestDirectory;
  const facts = async (key: string): Promise<PersonFacts> => {
    const id = await directory.person(key);
    return directory.all((tx) => loadPersonFacts(tx, id, directory.clock.now()));
  };
  const roles = async (key: string) => (await facts(key)).roles.map(({ role }) => role).toSorted();

  beforeAll(async () => {
    directory = await openTestDirectory();
    const result = await directory.importSample(SAMPLE);
    expect(result).toEqual({
      schools: 2,
      pupils: 2,
      relatives: 4,
      staff: 3,
      classes: 2,
      groups: 1,
      links: { legal: 4, inCharge: 1, contact: 1 },
      created: 9,
      changed: 0,
      unchanged: 0,
      suspended: 0,
      refused: 0,
      warnings: [],
    });
  });
  afterAll(() => directory.close());

  it('makes schools with a controller each and a name that people say', async () => {
    const schools = await directory.all((tx) => loadSchools(tx));
    expect(schools.map(({ name, kind, uai }) => [name, kind, uai])).toEqual([
      ['Collège Les Érables, Valmorne', 'college', '9990001X'],
      ['Lycée Les Tilleuls, Clairval', 'lycee', '9990002Y'],
    ]);
    expect(new Set(schools.map(({ controller }) => controller)).size).toBe(2);
  });

  it('gives a pupil a role, a class and a group, and no child', async () => {
    const zoe = await facts('1001');
    expect(zoe.birthDate).toBe('2012-03-14');
    expect(zoe.roles.map(({ role, scope }) => [role, scope])).toEqual([['pupil', 'school']]);
    expect(zoe.memberOf).toHaveLength(2);
    expect(zoe.children).toEqual([]);
    expect([...zoe.schools.keys()]).toEqual([zoe.roles[0]!.domain]);
  });

  it('gives legal guardians their children, jointly, in every school', async () => {
    const mother = await facts('2001');
    expect(mother.roles.map(({ role }) => role)).toEqual(['guardian', 'guardian']);
    expect(mother.children.map(({ kind, exercise }) => [kind, exercise])).toEqual([
      ['legal', 'joint'],
      ['legal', 'joint'],
    ]);
    const children = await directory.all(async (tx) =>
      loadChildren(tx, await directory.person('2001'), directory.clock.now()),
    );
    expect(children.map(({ child, divisions }) => [child.displayName, divisions.length])).toEqual([
      ['Adèle Lefèvre', 1],
      ['Zoé Lefèvre', 2],
    ]);
  });

  it('gives a person in charge no authority, and a contact not even a role', async () => {
    expect((await facts('2004')).children).toMatchObject([{ kind: 'in_charge', exercise: 'none' }]);
    expect((await facts('2003')).children).toMatchObject([{ kind: 'contact', exercise: 'none' }]);
    expect(await roles('2003')).toEqual([]);
  });

  it('ends a guardian’s link when the child comes of age, at midnight where the school stands', async () => {
    const mother = await facts('2001');
    expect(mother.children.map(({ to }) => String(to?.toISOString())).toSorted()).toEqual([
      '2027-11-01T23:00:00.000Z',
      '2030-03-13T23:00:00.000Z',
    ]);
    const id = await directory.person('2001');
    const later = await directory.all((tx) => loadPersonFacts(tx, id, new Date('2027-11-01T23:00:00Z')));
    expect(later.children).toHaveLength(1);
  });

  it('derives the staff’s roles from functions, and teaching from classes and subjects', async () => {
    expect(await roles('3001')).toEqual(['head_teacher', 'teacher', 'teacher']);
    expect(await roles('3002')).toEqual(['head']);
    expect(await roles('3003')).toEqual(['cpe']);
    const teacher = await directory.person('3001');
    const taught = await directory.all((tx) => loadClassesTaught(tx, teacher, directory.clock.now()));
    expect(taught.map(({ division, subject }) => [division.name, subject?.name])).toEqual([
      ['1G2', 'MATHEMATIQUES'],
      ['Troisième A', 'MATHEMATIQUES'],
    ]);
    const third = taught.find(({ division }) => division.code === '3A')!.division;
    const members = await directory.all((tx) => loadMembers(tx, third.id, directory.clock.now()));
    expect(members.map(({ displayName }) => displayName)).toEqual(['Zoé Lefèvre']);
    expect((await facts('3001')).headTeacherOf.map(({ division }) => division)).toEqual([third.id]);
  });

  it('finds people of a school by beginnings of names, whatever the accents', async () => {
    const [college] = await directory.all((tx) => loadSchools(tx));
    const search = (text: string, wanted?: readonly string[]) =>
      directory.all(async (tx) =>
        (
          await searchPeople(tx, {
            school: college!.id,
            text,
            at: directory.clock.now(),
            ...(wanted ? { roles: wanted } : {}),
          })
        ).map(({ displayName }) => displayName),
      );
    expect(await search('lefe')).toEqual(['Hélène Lefèvre', 'Zoé Lefèvre']);
    expect(await search('LEF zo')).toEqual(['Zoé Lefèvre']);
    expect(await search('lefe', ['pupil'])).toEqual(['Zoé Lefèvre']);
    expect(await search('efevre')).toEqual([]);
    expect(await search('%')).toEqual([]);
  });

  it('finds an agent by mailbox, whatever the case', async () => {
    const agent = await directory.all((tx) =>
      findPersonByJoinKey(tx, { kind: 'agent_mail', value: 'INES.berard@ac-99.example' }),
    );
    expect(agent?.displayName).toBe('Inès Bérard');
  });

  it('logs one event a school, one for those of several schools, and none that names a person', async () => {
    const events = await directory.events();
    expect(events.map(({ action }) => action).toSorted()).toEqual([
      'directory.import.completed',
      'directory.school.imported',
      'directory.school.imported',
      'directory.school.imported',
    ]);
  });
});

describe('importAaf of the next feeds', () => {
  let directory: TestDirectory;
  const facts = async (key: string): Promise<PersonFacts> => {
    const id = await directory.person(key);
    return directory.all((tx) => loadPersonFacts(tx, id, directory.clock.now()));
  };
  const revision = async () => (await facts('1001')).revision;
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(SAMPLE);
  });
  afterAll(() => directory.close());

  it('changes only what changed, and names in the log whoever’s rights did', async () => {
    const before = await revision();
    directory.clock.advanceSeconds(86_400);
    const result = await directory.importSample(
      vary(
        {
          '1001': { ENTEleveClasses: '901$3B', ENTElevePersRelEleve: ['2001$10$1$1$1$0', '2002$20$0$0$1$1'] },
          '2001': { sn: 'Lefèvre-Roy' },
          '3001': { ENTAuxEnsClassesMatieres: ['901$3A$061300'] },
        },
        '20260902',
      ),
      { force: true },
    );
    expect(result).toMatchObject({ created: 0, suspended: 0, refused: 0 });
    // Zoé, her mother's name, her father, the two who are no longer her relatives, the teacher.
    expect(result.changed).toBe(6);
    expect(await revision()).toBeGreaterThan(before);
    expect((await facts('1001')).memberOf).toHaveLength(2);
    expect((await facts('2002')).children.map(({ kind }) => kind).toSorted()).toEqual(['contact', 'legal']);
    expect((await facts('2003')).children).toEqual([]);
    expect((await facts('3001')).teaches).toHaveLength(1);
    const events = (await directory.events()).slice(4).map(({ action }) => action);
    const counts = Object.groupBy(events, (action) => action);
    expect(
      Object.fromEntries(Object.entries(counts).map(([action, list]) => [action, list?.length])),
    ).toEqual({
      'directory.role.ended': 2,
      'directory.division.changed': 1,
      'directory.teaching.changed': 1,
      'directory.authority.changed': 3,
      'directory.school.imported': 3,
      'directory.import.completed': 1,
    });
  });

  it('keeps what was believed before', async () => {
    const father = await directory.person('2002');
    const zoe = await directory.person('1001');
    const known = (at: Date) =>
      directory.all((tx) =>
        tx.query<{ kind: string }>('SELECT kind FROM directory.links_in_force($1, $2, $3, $3)', [
          zoe,
          father,
          at,
        ]),
      );
    expect(await known(new Date('2026-09-01T06:00:00Z'))).toEqual([{ kind: 'legal' }]);
    expect(await known(directory.clock.now())).toEqual([{ kind: 'contact' }]);
  });

  it('starts the clock of those who are gone, ends their roles, and takes them back when they return', async () => {
    directory.clock.advanceSeconds(86_400);
    await expect(directory.importSample(vary({ '3001': undefined }, '20260903'))).rejects.toMatchObject({
      code: 'feed_departures_exceed_guard',
      details: { known: 9, missing: 1 },
    });
    expect((await facts('3001')).roles).not.toEqual([]);

    const gone = await directory.importSample(vary({ '3001': undefined }, '20260903'), { force: true });
    expect(gone.suspended).toBe(1);
    const left = await facts('3001');
    expect([left.roles, left.teaches, left.headTeacherOf, left.suspended]).toEqual([[], [], [], false]);
    const person = await directory.all((tx) => findPerson(tx, left.person as never));
    expect(person?.leavingSince).toEqual(directory.clock.now());
    const byMail = { kind: 'agent_mail', value: 'ines.berard@ac-99.example' } as const;
    expect(await directory.all((tx) => findPersonByJoinKey(tx, byMail))).toBeUndefined();

    directory.clock.advanceSeconds(86_400);
    const back = await directory.importSample(vary({}, '20260904'));
    expect(back).toMatchObject({ created: 0, suspended: 0 });
    expect((await facts('3001')).teaches).toHaveLength(2);
    expect((await directory.all((tx) => findPersonByJoinKey(tx, byMail)))?.leavingSince).toBeUndefined();
    const actions = (await directory.events()).map(({ action }) => action);
    expect(actions).toContain('directory.person.leaving');
    expect(actions).toContain('directory.person.returned');
  });

  it('moves no revision when nothing changes', async () => {
    directory.clock.advanceSeconds(86_400);
    const before = await revision();
    expect(await directory.importSample(vary({}, '20260905'))).toMatchObject({
      created: 0,
      changed: 0,
      suspended: 0,
    });
    expect(await revision()).toBe(before);
  });
});
