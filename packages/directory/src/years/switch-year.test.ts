import type { PersonId, SchoolId } from '@socle/base';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { RolloverId } from '../ids.ts';
import { createGuest } from '../people/create-person.ts';
import { findPerson } from '../people/find-person.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { loadSchools } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, type FeedSample } from '../testing/write-feed-sample.ts';
import { endDueSessions } from './end-due-sessions.ts';
import { dropYear, loadRollovers, planPerson, prepareYear } from './plan-year.ts';
import { previewYear, switchYear, undoYear } from './switch-year.ts';

/** Next year: Zoé goes up to the lycée, Nina comes to the collège into a new 3A that Maëlle Çelik's colleague Inès no longer teaches. */
const NEXT: FeedSample = {
  ...SAMPLE,
  day: '20270825',
  pupils: [
    { ...SAMPLE.pupils![1]!, ENTEleveClasses: '902$TG1' },
    {
      ...SAMPLE.pupils![0]!,
      ENTPersonStructRattach: '902',
      ENTEleveClasses: '902$2GT1',
      ENTEleveGroupes: [],
    },
    {
      id: '1020',
      sn: 'Østergård',
      givenName: 'Nina',
      ENTPersonDateNaissance: '03/02/2013',
      ENTPersonStructRattach: '901',
      ENTElevePersRelEleve: ['2004$39$0$2$1$0'],
      ENTEleveClasses: '901$3A',
      ENTEleveGroupes: [],
    },
  ],
  staff: [
    {
      ...SAMPLE.staff![0]!,
      ENTPersonStructRattach: '902',
      ENTPersonFonctions: ['902$ENS$ENSEIGNEMENT$L1300$MATHEMATIQUES'],
      ENTAuxEnsClassesMatieres: ['902$2GT1$061300'],
      ENTAuxEnsClassesPrincipal: [],
    },
    SAMPLE.staff![1]!,
  ],
};

describe('the passage to a new school year', () => {
  let directory: TestDirectory;
  let [college, lycee]: SchoolId[] = [];
  let [head, teacher, cpe, zoe, odette]: PersonId[] = [];
  let [ofCollege, ofLycee]: RolloverId[] = [];
  const opened: TestDirectory[] = [];

  beforeEach(async () => {
    directory = await openTestDirectory();
    opened.push(directory);
    await directory.importSample(SAMPLE);
    const schools = await directory.all((tx) => loadSchools(tx));
    college = schools.find(({ kind }) => kind === 'college')!.id;
    lycee = schools.find(({ kind }) => kind === 'lycee')!.id;
    [head, teacher, cpe, zoe, odette] = await Promise.all(
      ['3002', '3001', '3003', '1001', '2003'].map((key) => directory.person(key)),
    );
    directory.clock.advanceSeconds(358 * 86_400);
  });
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  const context = () => ({
    audit: directory.audit,
    author: { kind: 'person', id: head! } as const,
    at: directory.clock.now(),
  });
  const prepare = async () => {
    for (const school of [college!, lycee!]) {
      const id = await directory.all((tx) =>
        prepareYear(tx, { school, schoolYear: '2027-2028', by: head! }, context()),
      );
      if (school === college) ofCollege = id;
      else ofLycee = id;
    }
    await directory.importSample(NEXT, { force: true });
  };
  const change = (id: RolloverId) => directory.all((tx) => switchYear(tx, id, head!, context()));
  const undo = (id: RolloverId) => directory.all((tx) => undoYear(tx, id, head!, context()));
  const facts = (person: PersonId) =>
    directory.all((tx) => loadPersonFacts(tx, person, directory.clock.now()));
  const everybodysFacts = async () => {
    const people = await directory.admin.query<{ id: PersonId }>(
      'SELECT id FROM directory.people ORDER BY id',
    );
    return Promise.all(
      people.map(async ({ id }) => {
        const { roles, teaches, headTeacherOf, memberOf, children, ...rest } = await facts(id);
        // In an order of their own: the database gives them in none.
        const sorted = Object.fromEntries(
          Object.entries({ roles, teaches, headTeacherOf, memberOf, children }).map(([name, rows]) => [
            name,
            rows.map((row) => JSON.stringify(row)).toSorted((left, right) => (left < right ? -1 : 1)),
          ]),
        );
        return { ...rest, ...sorted, revision: 0 } as { person: string } & Record<string, unknown>;
      }),
    );
  };
  const status = async (person: PersonId) => (await directory.all((tx) => findPerson(tx, person)))!;

  it('refuses a second plan of a school, a switch without a plan, one under a narrow scope, and one that was dropped', async () => {
    const id = await directory.all((tx) =>
      prepareYear(tx, { school: college!, schoolYear: '2027-2028', by: head! }, context()),
    );
    await expect(
      directory.all((tx) =>
        prepareYear(tx, { school: college!, schoolYear: '2027-2028', by: head! }, context()),
      ),
    ).rejects.toMatchObject({ code: 'rollover_open' });
    await expect(change(id)).rejects.toMatchObject({ code: 'rollover_empty' });
    const [school] = await directory.all((tx) => loadSchools(tx, { ids: [college!] }));
    await expect(
      directory.database.transaction((tx) => switchYear(tx, id, head!, context()), {
        scope: [school!.controller],
      }),
    ).rejects.toMatchObject({ code: 'scope_too_narrow' });
    await directory.all((tx) => dropYear(tx, id, context()));
    await expect(change(id)).rejects.toMatchObject({ code: 'rollover_not_open' });
    await expect(undo(id)).rejects.toMatchObject({ code: 'rollover_not_open' });
  });

  it('keeps the new year’s feed beside the running year, and shows beforehand what the switch will do', async () => {
    const before = await everybodysFacts();
    await prepare();
    const after = await everybodysFacts();
    const nina = await directory.person('1020');
    expect(
      after
        .filter(({ person }) => person !== nina)
        .map(({ roles, teaches, memberOf }) => ({ roles, teaches, memberOf })),
    ).toEqual(before.map(({ roles, teaches, memberOf }) => ({ roles, teaches, memberOf })));
    expect((await facts(nina)).roles).toEqual([]);
    const preview = await directory.all((tx) => previewYear(tx, ofCollege!, directory.clock.now()));
    expect(preview.arriving).toContain(nina);
    // The CPE is in no feed of next year. Zoé is planned at the lycée: she leaves the collège, and not the territory.
    expect(preview.leaving).toEqual([cpe]);
    expect(preview.losingRights).toContain(teacher);
    expect(preview.losingRights).toContain(zoe);
    expect(await everybodysFacts()).toEqual(after);
    expect(preview.divisions).toContainEqual({
      kind: 'class',
      code: '3A',
      name: expect.any(String),
      pupils: 1,
      teachers: expect.any(Number),
      isKnown: true,
    });
    expect(preview.losses).toContainEqual({
      person: teacher,
      roles: expect.arrayContaining(['teacher']),
      divisions: expect.arrayContaining(['3A']),
    });
    expect(preview.losses.find(({ person }) => person === zoe)).toMatchObject({ roles: ['pupil'] });
    expect(preview).toMatchObject(await change(ofCollege!));
  });

  it('ends last year’s rights, suspends who leaves, keeps who changes school one person, and does so once', async () => {
    await prepare();
    const old = (await facts(teacher!)).teaches.filter(({ school }) => school === college);
    expect(old).toHaveLength(1);
    await change(ofCollege!);
    await change(ofLycee!);
    expect((await facts(teacher!)).teaches.map(({ school }) => school)).toEqual([lycee]);
    expect((await facts(teacher!)).headTeacherOf).toEqual([]);
    expect(await status(cpe!)).toMatchObject({ status: 'suspended', leavingSince: directory.clock.now() });
    expect(await directory.person('1001')).toBe(zoe);
    expect(await facts(zoe!)).toMatchObject({
      suspended: false,
      roles: [{ role: 'pupil', domain: lycee }],
    });
    // Last year's 3A and this year's are two classes, with one code.
    const threeA = await directory.admin.query<{ code: string; members: number }>(
      `SELECT d.code, (SELECT count(*)::int FROM directory.division_members m WHERE m.division_id = d.id AND m.valid_to IS NULL) AS members
       FROM directory.divisions d WHERE d.school_id = $1 AND d.code LIKE '3A%' AND d.kind = 'class' ORDER BY code`,
      [college],
    );
    expect(threeA).toEqual([
      { code: '3A', members: 1 },
      { code: '3A@2026-2027', members: 0 },
    ]);
    const events = (await directory.events()).length;
    await change(ofCollege!);
    expect((await directory.events()).length).toBe(events);
    const actions = (await directory.events()).map(({ action }) => action);
    expect(actions.filter((action) => action === 'directory.year.switched')).toHaveLength(2);
    expect(actions).toContain('directory.year.person_switched');
    // The same feed afterwards finds everything as it wants it.
    directory.clock.advanceSeconds(86_400);
    expect(await directory.importSample({ ...NEXT, day: '20270826' })).toMatchObject({
      created: 0,
      changed: 0,
      suspended: 0,
    });
  });

  it('is taken back exactly, may be done again, and not after 14 days or over later changes', async () => {
    await directory.all((tx) =>
      createGuest(
        tx,
        {
          givenName: 'Tomáš',
          familyName: 'Dvořák',
          school: college!,
          sponsor: teacher!,
          until: new Date(directory.clock.now().getTime() + 30 * 86_400_000),
          reason: 'Atelier',
        },
        context(),
      ),
    );
    await prepare();
    const before = await everybodysFacts();
    const codes = () =>
      directory.admin.query(`SELECT id, code FROM directory.divisions WHERE retired_at IS NULL ORDER BY id`);
    const codesBefore = await codes();
    await change(ofCollege!);
    expect(await everybodysFacts()).not.toEqual(before);
    directory.clock.advanceSeconds(3_600);
    await undo(ofCollege!);
    expect(await everybodysFacts()).toEqual(before);
    expect(await codes()).toEqual(codesBefore);
    await change(ofCollege!);
    directory.clock.advanceSeconds(60);
    await directory.admin.query(
      `UPDATE directory.people SET status = 'active', status_reason = NULL WHERE id = $1`,
      [cpe],
    );
    await expect(undo(ofCollege!)).rejects.toMatchObject({ code: 'rollover_changed_since' });
    await directory.admin.query(
      `UPDATE directory.people SET status = 'suspended', status_reason = 'left_at_year_end' WHERE id = $1`,
      [cpe],
    );
    directory.clock.advanceSeconds(15 * 86_400);
    await expect(undo(ofCollege!)).rejects.toMatchObject({ code: 'rollover_not_open' });
  });

  it('takes back by a later feed who left and returns, under the same key', async () => {
    await prepare();
    await change(ofCollege!);
    await change(ofLycee!);
    expect((await status(cpe!)).status).toBe('suspended');
    directory.clock.advanceSeconds(30 * 86_400);
    await directory.importSample({ ...NEXT, day: '20270924', staff: [...NEXT.staff!, SAMPLE.staff![2]!] });
    expect(await directory.person('3003')).toBe(cpe);
    expect(await status(cpe!)).toMatchObject({ status: 'active' });
    expect((await status(cpe!)).leavingSince).toBeUndefined();
    expect((await facts(cpe!)).roles).toMatchObject([{ role: 'cpe', domain: college }]);
  });

  it('plans by hand where no feed comes, and a feed leaves what was planned by hand', async () => {
    const id = await directory.all((tx) =>
      prepareYear(tx, { school: college!, schoolYear: '2027-2028', by: head! }, context()),
    );
    const plan = (person: PersonId, rest: object) =>
      directory.all((tx) => planPerson(tx, id, { person, role: 'teacher', ...rest }));
    const class4 = { kind: 'class', code: '4B', name: 'Quatrième B' } as const;
    await plan(cpe!, { teaches: [class4], headTeacherOf: [class4] });
    await plan(zoe!, { role: 'pupil', classes: [class4] });
    await directory.importSample(NEXT, { force: true });
    await change(id);
    const mine = (await facts(zoe!)).memberOf.filter(({ school }) => school === college);
    expect(mine).toHaveLength(1);
    expect((await facts(cpe!)).roles.map(({ role }) => role)).toEqual(['teacher']);
    expect((await facts(cpe!)).headTeacherOf[0]?.division).toBe(mine[0]?.division);
  });

  it('switches once for eight rivals, and has every session of who lost a right ended, whoever dies on the way', async () => {
    await prepare();
    await Promise.all(Array.from({ length: 8 }, () => change(ofCollege!)));
    const [rollover] = await directory.all((tx) => loadRollovers(tx, college!));
    expect(rollover).toMatchObject({ id: ofCollege, state: 'switched', switchedAt: directory.clock.now() });
    expect(
      (await directory.events()).filter(({ action }) => action === 'directory.year.switched'),
    ).toHaveLength(1);
    const ended: PersonId[] = [];
    const dying = {
      endSessionsOf: (person: PersonId) => {
        if (person === teacher) return Promise.reject(new Error('killed'));
        ended.push(person);
        return Promise.resolve();
      },
    };
    const end = (port = dying) => endDueSessions(directory.database, port, () => directory.clock.now());
    await expect(end()).rejects.toThrow('killed');
    const working = { endSessionsOf: (person: PersonId) => Promise.resolve(void ended.push(person)) };
    await Promise.all([end(working), end(working), end(working)]);
    expect(new Set(ended)).toEqual(new Set([...ended, teacher, cpe, zoe]));
    expect(ended).not.toContain(odette);
    ended.length = 0;
    expect(await end(working)).toBe(0);
    expect(ended).toEqual([]);
  });

  it('shows whoever signs in meanwhile the whole of one year or the whole of the other, never both', async () => {
    await prepare();
    const before = (await facts(teacher!)).revision;
    const seen = await Promise.all([
      change(ofCollege!).then(() => undefined),
      ...Array.from({ length: 60 }, async (_, turn) => {
        for (let wait = 0; wait < turn; wait += 1) await directory.admin.query('SELECT 1');
        return facts(teacher!);
      }),
    ]);
    const years = seen.flatMap((each) =>
      each
        ? [
            [
              each.roles.filter(({ domain }) => domain === college).length,
              each.teaches.filter(({ school }) => school === college).length,
              each.headTeacherOf.length,
              each.revision > before,
            ].join(' '),
          ]
        : [],
    );
    expect(years).toHaveLength(60);
    expect(new Set([...years, '2 1 1 false', '0 0 0 true'])).toEqual(new Set(['2 1 1 false', '0 0 0 true']));
    expect(await facts(teacher!)).toMatchObject({ headTeacherOf: [] });
  });
});
