import { loadPolicies, openEngine } from '@socle/authorization';
import type { PersonId, SchoolId } from '@socle/base';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DivisionId } from '../ids.ts';
import { grantRole } from '../people/grant-role.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { loadDivisions } from '../people/load-relations.ts';
import { setGuardianAuthority } from '../people/set-guardian-authority.ts';
import { loadSchools } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, type FeedSample } from '../testing/write-feed-sample.ts';
import { searchDirectory, type DirectorySearch } from './search-directory.ts';

const policies = await loadPolicies(fileURLToPath(new URL('../../../../policies', import.meta.url)));

/** The sample, with more pupils in the collège: namesakes, compound names, a ligature. */
const MANY: FeedSample = {
  ...SAMPLE,
  pupils: [
    ...SAMPLE.pupils!,
    ...[
      ['1101', 'Dupont', 'Zélie', '3A'],
      ['1102', 'Dupont', 'Zacharie', '3B'],
      ['1103', 'Dupontel', 'Anaïs', '3B'],
      ['1104', 'Nuñez-Lefèvre', 'Jean-Éloi', '3A'],
      ['1105', 'Œuvrard', 'Zoé', '3B'],
      ['1106', 'Dupont', 'Zélie', '3B'],
      ['1107', 'Martin', 'Léo', '3B'],
    ].map(([id, sn, givenName, code]) => ({
      id: id!,
      sn: sn!,
      givenName: givenName!,
      ENTPersonDateNaissance: '03/05/2012',
      ENTPersonStructRattach: '901',
      ENTElevePersRelEleve: [],
      ENTEleveClasses: `901$${code!}`,
      ENTEleveGroupes: [],
    })),
  ],
};

describe('searchDirectory', () => {
  let directory: TestDirectory;
  let college: SchoolId;
  let lycee: SchoolId;
  let classes: Map<string, DivisionId>;
  let [head, cpe, teacher, mother]: PersonId[] = [];
  beforeAll(async () => {
    directory = await openTestDirectory();
    await directory.importSample(MANY);
    const schools = await directory.all((tx) => loadSchools(tx));
    college = schools.find(({ kind }) => kind === 'college')!.id;
    lycee = schools.find(({ kind }) => kind === 'lycee')!.id;
    const divisions = await directory.all((tx) => loadDivisions(tx, college));
    classes = new Map(divisions.map(({ code, id }) => [code, id]));
    [head, cpe, teacher, mother] = await Promise.all(
      ['3002', '3003', '3001', '2001'].map((key) => directory.person(key)),
    );
  });
  afterAll(() => directory.close());

  const ask = async (person: PersonId, search: DirectorySearch, scope: 'all' | string[] = 'all') => {
    const at = directory.clock.now();
    const facts = await directory.all((tx) => loadPersonFacts(tx, person, at));
    return directory.database.transaction(
      (tx) => searchDirectory(tx, { policies, facts, environment: { now: at } }, search),
      { scope },
    );
  };
  const names = async (person: PersonId, search: DirectorySearch | string, scope?: 'all' | string[]) =>
    (await ask(person, typeof search === 'string' ? { text: search } : search, scope)).people.map(
      (found) => found.person.displayName,
    );

  it('gives nothing to a parent, to a pupil, and to a suspended head', async () => {
    expect(await names(mother!, '')).toEqual([]);
    expect(await names(await directory.person('1001'), 'zoe')).toEqual([]);
    await directory.admin.query(`UPDATE directory.people SET status = 'suspended' WHERE id = $1`, [head]);
    expect(await names(head!, 'zoe')).toEqual([]);
    await directory.admin.query(`UPDATE directory.people SET status = 'active' WHERE id = $1`, [head]);
    expect(await names(head!, 'zoe')).toEqual(['Zoé Lefèvre', 'Zoé Œuvrard']);
  });

  it('gives a teacher the pupils of their classes, and no more', async () => {
    // Inès teaches 3A in the collège and 1G2 in the lycée, not 3B.
    expect(await names(teacher!, '')).toEqual([
      'Zélie Dupont',
      'Adèle Lefèvre',
      'Zoé Lefèvre',
      'Jean-Éloi Nuñez-Lefèvre',
    ]);
    expect(await names(teacher!, { text: '', division: classes.get('3B')! })).toEqual([]);
  });

  it('stays inside the scope of the transaction whatever the policies allow', async () => {
    const [school] = await directory.all((tx) => loadSchools(tx, { ids: [lycee] }));
    expect(await names(head!, 'zoe', [school!.controller])).toEqual([]);
    expect(await names(teacher!, '', [school!.controller])).toEqual(['Adèle Lefèvre']);
    expect(await names(teacher!, '', [])).toEqual([]);
  });

  it('does not find a child for a parent of whom a judge took authority, though they work there', async () => {
    const [father, zoe] = await Promise.all([directory.person('2002'), directory.person('1001')]);
    const context = {
      audit: directory.audit,
      author: { kind: 'person', id: head! } as const,
      at: directory.clock.now(),
    };
    await directory.all((tx) =>
      grantRole(
        tx,
        { person: father, role: 'staff', domain: { school: college }, reason: 'Secrétariat' },
        context,
      ),
    );
    expect(await names(father, 'zoe lef')).toEqual(['Zoé Lefèvre']);
    await directory.all((tx) =>
      setGuardianAuthority(
        tx,
        {
          child: zoe,
          adult: father,
          exercise: 'withdrawn',
          validFrom: directory.clock.now(),
          recordedBy: head!,
          confirmedBy: cpe!,
        },
        context,
      ),
    );
    expect(await names(father, 'zoe lef')).toEqual([]);
    expect(await names(father, 'zoe')).toEqual(['Zoé Œuvrard']);
  });

  it.each([
    ['accents and case', 'ZELIE', ['Zélie Dupont', 'Zélie Dupont']],
    ['beginnings in any order', 'dupont z', ['Zacharie Dupont', 'Zélie Dupont', 'Zélie Dupont']],
    ['the order of names', 'z dupont', ['Zacharie Dupont', 'Zélie Dupont', 'Zélie Dupont']],
    [
      'whole names before beginnings',
      'dupont',
      ['Zacharie Dupont', 'Zélie Dupont', 'Zélie Dupont', 'Anaïs Dupontel'],
    ],
    ['the middle of a compound name', 'eloi lefevre', ['Jean-Éloi Nuñez-Lefèvre']],
    ['ligatures', 'oeuv', ['Zoé Œuvrard']],
    ['family names before given names', 'n', ['Jean-Éloi Nuñez-Lefèvre', 'Raphaël Nuñez', 'Noël Garçon']],
    ['no part that is not a beginning', 'upont', []],
    ['no wildcard', '%', []],
  ])('counts %s: %s', async (_, text, expected) => {
    expect(await names(cpe!, text)).toEqual(expected);
  });

  it('narrows to a school, a class and a role', async () => {
    expect(await names(cpe!, { text: 'z', division: classes.get('3B')! })).toEqual([
      'Zacharie Dupont',
      'Zélie Dupont',
      'Zoé Œuvrard',
    ]);
    expect(await names(cpe!, { text: 'lef', roles: ['guardian'] })).toEqual(['Hélène Lefèvre']);
    expect(await names(cpe!, { text: 'lef', school: lycee })).toEqual([]);
  });

  it('says where each is, and who has a namesake', async () => {
    const { people } = await ask(cpe!, { text: 'zelie' });
    // Of one name, they come in the order of their ids, which says nothing.
    expect(people.map(({ places }) => places)).toHaveLength(2);
    expect(people.map(({ places }) => places)).toEqual(
      expect.arrayContaining([
        [{ school: college, role: 'pupil', divisions: ['Troisième A'] }],
        [{ school: college, role: 'pupil', divisions: ['3B'] }],
      ]),
    );
    expect(people.every(({ namesake }) => namesake)).toBe(true);
    expect((await ask(cpe!, { text: 'zacharie' })).people[0]!.namesake).toBe(false);
  });

  it('tells namesakes apart though a page ends between them', async () => {
    const first = await ask(cpe!, { text: 'z dupont', limit: 2 });
    expect(first.people.map(({ namesake }) => namesake)).toEqual([false, true]);
    const second = await ask(cpe!, { text: 'z dupont', limit: 2, after: first.next! });
    expect(second.people.map(({ namesake }) => namesake)).toEqual([true]);
    expect(second.people[0]!.person.id).not.toBe(first.people[1]!.person.id);
    expect(second.next).toBeUndefined();
  });

  it('finds whom the asker may see behind many whom they may not', async () => {
    const late = await directory.person('1105');
    await directory.admin.query(
      `INSERT INTO directory.division_members (division_id, person_id, controller_id, valid_from)
       SELECT $1, person_id, controller_id, valid_from FROM directory.division_members WHERE person_id = $2`,
      [classes.get('3A'), late],
    );
    const search = { text: '', division: classes.get('3B')!, limit: 1 };
    expect(await names(cpe!, { ...search, limit: 100 })).toEqual([
      'Zacharie Dupont',
      'Zélie Dupont',
      'Anaïs Dupontel',
      'Léo Martin',
      'Zoé Œuvrard',
    ]);
    const { people, next } = await ask(teacher!, search);
    expect(people.map(({ person }) => person.id)).toEqual([late]);
    expect(people[0]!.places).toEqual([{ school: college, role: 'pupil', divisions: ['Troisième A'] }]);
    expect(next).toBeUndefined();
    await directory.admin.query(
      `DELETE FROM directory.division_members WHERE division_id = $1 AND person_id = $2`,
      [classes.get('3A'), late],
    );
  });

  it('gives each person once over the pages, in the order of one page, and names nobody in an address', async () => {
    const whole = await names(cpe!, { text: '', limit: 100 });
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await ask(cpe!, { text: '', limit: 3, ...(after ? { after } : {}) });
      expect(page.people.length).toBeLessThanOrEqual(3);
      paged.push(...page.people.map(({ person }) => person.displayName));
      after = page.next;
      if (after) expect(after).toMatch(/^\d+\.[0-9a-f-]{36}$/);
    } while (after);
    expect(whole.length).toBeGreaterThan(10);
    expect(paged).toEqual(whole);
    await expect(ask(cpe!, { after: "0.x'--" })).rejects.toMatchObject({ code: 'search_cursor_invalid' });
  });

  it('finds a person exactly when the policies let the asker search them there', async () => {
    const engine = openEngine(policies);
    const at = directory.clock.now();
    const rows = await directory.admin.query<{ person: string; school: string; division: string | null }>(
      `SELECT r.person_id AS person, r.school_id AS school, m.division_id AS division FROM directory.roles r
       LEFT JOIN (directory.division_members m JOIN directory.divisions d ON d.id = m.division_id)
         ON m.person_id = r.person_id AND d.school_id = r.school_id AND r.role = 'pupil'`,
    );
    const askers = [...new Set(rows.map(({ person }) => person))] as PersonId[];
    let found = 0;
    for (const asker of askers) {
      const facts = await directory.all((tx) => loadPersonFacts(tx, asker, at));
      const allowed = rows.filter(
        ({ person, school, division }) =>
          engine.decide(
            {
              subject: asker,
              action: 'directory.person.search',
              resource: {
                type: 'directory.person',
                id: person,
                pupil: person,
                school,
                ...(division && { division }),
              },
              environment: { now: at },
            },
            facts,
          ).allowed,
      );
      const { people } = await ask(asker, { limit: 100 });
      expect(people.map(({ person }) => person.id).toSorted()).toEqual(
        [...new Set(allowed.map(({ person }) => person))].toSorted(),
      );
      found += people.length;
    }
    expect(askers.length).toBeGreaterThan(10);
    expect(found).toBeGreaterThan(30);
  });
});
