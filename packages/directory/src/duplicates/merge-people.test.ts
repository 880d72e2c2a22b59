import fc from 'fast-check';
import type { PersonId, SchoolId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCurrentPerson } from '../people/find-person.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { loadSchools } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, type FeedSample } from '../testing/write-feed-sample.ts';
import { loadMerges, mergePeople, unmergePeople, type Merge } from './merge-people.ts';
import { declareDistinct, proposeDuplicates } from './propose-duplicates.ts';

/** The sample, where Inès Bérard who teaches in the collège is also the mother of a pupil of the lycée. */
const WITH_PARENT: FeedSample = {
  ...SAMPLE,
  relatives: [...SAMPLE.relatives!, { id: '2010', sn: 'Bérard', givenName: 'Inès' }],
  pupils: [
    ...SAMPLE.pupils!,
    {
      id: '1010',
      sn: 'Bérard',
      givenName: 'Loïc',
      ENTPersonDateNaissance: '01/02/2010',
      ENTPersonStructRattach: '902',
      ENTElevePersRelEleve: ['2010$10$1$1$1$0'],
      ENTEleveClasses: '902$1G2',
      ENTEleveGroupes: [],
    },
  ],
};

describe('joining two entries of one person', () => {
  let directory: TestDirectory;
  let lycee: SchoolId;
  let [teacher, mother, head, cpe, child]: PersonId[] = [];
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(WITH_PARENT);
    lycee = (await directory.all((tx) => loadSchools(tx))).find(({ kind }) => kind === 'lycee')!.id;
    [teacher, mother, head, cpe, child] = await Promise.all(
      ['3001', '2010', '3002', '3003', '1010'].map((key) => directory.person(key)),
    );
  });
  afterAll(() => directory.close());

  const context = () => ({
    audit: directory.audit,
    author: { kind: 'person', id: head! } as const,
    at: directory.clock.now(),
  });
  const merge = (change: Partial<Merge> = {}) =>
    directory.all((tx) =>
      mergePeople(
        tx,
        {
          survivor: teacher!,
          absorbed: mother!,
          reason: 'Même personne, vérifié au guichet',
          by: head!,
          ...change,
        },
        context(),
      ),
    );
  const facts = (person: PersonId) =>
    directory.all((tx) => loadPersonFacts(tx, person, directory.clock.now()));
  const propose = () =>
    directory.all((tx) => proposeDuplicates(tx, { school: lycee, at: directory.clock.now(), atLeast: 30 }));

  /** Every row of the directory that is not the trace of merges itself. */
  const dump = async () => {
    const tables = [
      'people',
      'join_keys',
      'roles',
      'division_members',
      'teaching_assignments',
      'head_teachers',
      'guardian_links',
    ];
    const rows = await Promise.all(
      tables.map(async (table) =>
        (
          await directory.admin.query<{ row: string }>(
            `SELECT (to_jsonb(t) - 'updated_at')::text AS row FROM directory.${table} t ORDER BY 1`,
          )
        ).map(({ row }) => `${table} ${row}`),
      ),
    );
    return rows.flat();
  };

  it('refuses a scope of one controller, one’s own entry, a parent with their child, and the suspended', async () => {
    const own = directory.database.transaction(
      (tx) => mergePeople(tx, { survivor: teacher!, absorbed: mother!, reason: 'x', by: head! }, context()),
      { scope: [] },
    );
    await expect(own).rejects.toMatchObject({ code: 'scope_too_narrow' });
    await expect(merge({ by: teacher! })).rejects.toMatchObject({ code: 'merge_unfit' });
    await expect(merge({ absorbed: teacher! })).rejects.toMatchObject({ code: 'merge_unfit' });
    await expect(merge({ survivor: child! })).rejects.toMatchObject({ code: 'merge_unfit' });
    await directory.admin.query(`UPDATE directory.people SET status = 'suspended' WHERE id = $1`, [mother]);
    await expect(merge()).rejects.toMatchObject({ code: 'merge_unfit' });
    await directory.admin.query(`UPDATE directory.people SET status = 'active' WHERE id = $1`, [mother]);
    expect(await directory.admin.query('SELECT 1 FROM directory.person_merges')).toEqual([]);
  });

  it('proposes the teacher and the mother of the same names', async () => {
    const [proposed] = await propose();
    expect(new Set([proposed?.one.id, proposed?.other.id])).toEqual(new Set([teacher, mother]));
    expect(proposed?.reasons).toEqual(['same_names', 'same_school']);
  });

  it('gives one person both kinds of roles, under both ids and both keys, and leaves an event for each', async () => {
    const told: string[] = [];
    const before = await facts(teacher!);
    const id = await directory.all((tx) =>
      mergePeople(tx, { survivor: teacher!, absorbed: mother!, reason: 'Guichet', by: head! }, context(), {
        peopleJoined: async (_, people) => void told.push(`joined ${people.absorbed === mother}`),
        peopleParted: async () => void told.push('parted'),
      }),
    );
    expect(told).toEqual(['joined true']);
    const after = await facts(mother!);
    expect(after).toEqual(await facts(teacher!));
    expect(after.person).toBe(teacher);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(after.teaches).toEqual(before.teaches);
    expect(after.children).toMatchObject([{ child, kind: 'legal', exercise: 'joint' }]);
    expect(new Set(after.roles.map(({ role }) => role))).toEqual(
      new Set(['teacher', 'head_teacher', 'guardian']),
    );
    expect(await directory.person('2010')).toBe(teacher);
    const current = await directory.all((tx) => findCurrentPerson(tx, mother!));
    expect(current?.id).toBe(teacher);
    const cardOf = (of: string) =>
      directory.all((tx) =>
        tx.query<{ card: object | null }>('SELECT directory.person_card($1) AS card', [of]),
      );
    // What comes in SQL with a token is what the function gives.
    const { status, displayName, givenName, familyName, controller } = current!;
    expect(await cardOf(mother!)).toEqual([
      { card: { id: teacher, status, displayName, givenName, familyName, controller } },
    ]);
    expect(await cardOf('00000000-0000-7000-8000-000000000000')).toEqual([{ card: null }]);
    expect(await propose()).toEqual([]);
    await expect(merge()).rejects.toMatchObject({ code: 'merge_unfit' });
    expect(
      (await directory.events()).filter(({ action }) => action === 'directory.person.merged'),
    ).toHaveLength(2);
    const [kept] = await directory.all((tx) => loadMerges(tx, mother!));
    expect(kept).toMatchObject({
      id,
      survivor: teacher,
      absorbed: mother,
      mergedBy: head,
      reason: 'Guichet',
    });
  });

  it('stays through later feeds, which change nothing of it', async () => {
    const before = await facts(teacher!);
    for (const day of ['20260902', '20260903']) {
      directory.clock.advanceSeconds(3_600);
      const result = await directory.importSample({ ...WITH_PARENT, day });
      expect(result).toMatchObject({ created: 0, changed: 0, suspended: 0 });
    }
    const { revision, ...rest } = await facts(teacher!);
    const { revision: earlier, ...expected } = before;
    expect(rest).toEqual(expected);
    expect(revision).toBeGreaterThanOrEqual(earlier);
  });

  it('is taken back by a person, once, and not by a feed', async () => {
    const [{ id } = { id: undefined }] = await directory.all((tx) => loadMerges(tx, mother!));
    const undo = () =>
      directory.all((tx) => unmergePeople(tx, { merge: id!, reason: 'Deux sœurs', by: cpe! }, context()));
    await undo();
    await expect(undo()).rejects.toMatchObject({ code: 'merge_unknown' });
    expect((await facts(mother!)).children).toMatchObject([{ child }]);
    expect((await facts(teacher!)).children).toEqual([]);
    expect(await directory.person('2010')).toBe(mother);
    expect(
      (await directory.events()).filter(({ action }) => action === 'directory.person.parted'),
    ).toHaveLength(2);
  });

  it('does not propose again what somebody declared to be two people', async () => {
    expect(await propose()).toHaveLength(1);
    await directory.all((tx) => declareDistinct(tx, { one: mother!, other: teacher!, by: head! }, context()));
    expect(await propose()).toEqual([]);
  });

  it('joins a pair once for rivals who ask at the same time', async () => {
    const tries = await Promise.allSettled([
      ...Array.from({ length: 4 }, () => merge()),
      ...Array.from({ length: 4 }, () => merge({ survivor: mother!, absorbed: teacher! })),
    ]);
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [open] = await directory.admin.query<{ id: string }>(
      'SELECT id FROM directory.person_merges WHERE undone_at IS NULL',
    );
    await directory.all((tx) =>
      unmergePeople(tx, { merge: open!.id as never, reason: 'Essai', by: cpe! }, context()),
    );
  });

  it('property: joining any two entries and taking it back leaves every row as it was', async () => {
    const people = (
      await directory.admin.query<{ id: PersonId }>('SELECT id FROM directory.people ORDER BY sort_name, id')
    ).map(({ id }) => id);
    let joined = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(people.length - 1), fc.nat(people.length - 1)), {
          minLength: 1,
          maxLength: 3,
        }),
        async (pairs) => {
          const before = await dump();
          const merges = [];
          for (const [one, other] of pairs) {
            const by = people.find((id) => id !== people[one] && id !== people[other])!;
            directory.clock.advanceSeconds(1);
            const tried = await merge({ survivor: people[one]!, absorbed: people[other]!, by }).catch(
              (error: { code: string }) => error.code,
            );
            if (tried !== 'merge_unfit') merges.push(tried);
          }
          joined += merges.length;
          for (const id of merges.toReversed()) {
            directory.clock.advanceSeconds(1);
            await directory.all((tx) =>
              unmergePeople(tx, { merge: id as never, reason: 'Essai', by: cpe! }, context()),
            );
          }
          expect(await dump()).toEqual(before);
        },
      ),
      { numRuns: 40 },
    );
    expect(joined).toBeGreaterThan(20);
  });
});
