import {
  buildListFilter,
  loadPolicies,
  printWhere,
  type ListColumn,
  type PersonFacts,
} from '@socle/authorization';
import type { Database } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW, POLICIES_FOLDER, findFacts } from '../support/policy-world.ts';

const policies = await loadPolicies(POLICIES_FOLDER);
const columns: Record<string, ListColumn> = Object.fromEntries(
  ['school', 'division', 'subject', 'pupil', 'published'].map((name) => [name, { column: `marks.${name}` }]),
);
const CRAFTED = [
  "x' OR '1'='1",
  'x") OR true --',
  '{lea,noe}',
  '"},{"',
  '\\',
  '*',
  'NULL',
  '$1',
  "x'); DROP TABLE marks; --",
];
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await openTestDatabase([]);
  database = test.openAdmin();
  await database.transaction(
    async (tx) => {
      await tx.query(
        'CREATE TABLE marks (school text, division text, subject text, pupil text, published boolean)',
        [],
      );
      await tx.query(
        `INSERT INTO marks VALUES ('college-ferry', '6a', 'maths', 'lea', true), ('college-ferry', '6a', 'maths', 'noe', true),
         ('college-ferry', '6a', 'maths', NULL, true), ('college-ferry', '6a', 'maths', 'lea', NULL), (NULL, '6a', 'maths', 'lea', true)`,
        [],
      );
    },
    { scope: 'all' },
  );
});
afterAll(() => test.close());

function list(facts: PersonFacts): Promise<readonly { readonly pupil: string | null }[]> {
  const question = { action: 'grades.mark.read', environment: { now: NOW } };
  const where = printWhere(buildListFilter(policies, question, facts), columns);
  return database.transaction(
    (tx) =>
      tx.query<{ pupil: string | null }>(`SELECT pupil FROM marks WHERE ${where.sql}`, [...where.values]),
    { scope: 'all' },
  );
}

describe('T-AUZ-14 a crafted id in the filter of a list', () => {
  it.each(CRAFTED)('%s as a person, a child, a school or a class lists nothing', async (crafted) => {
    const elise = findFacts('elise');
    const [link] = elise.children;
    expect(await list({ ...findFacts('lea'), person: crafted })).toEqual([]);
    expect(await list({ ...elise, children: [{ ...link!, child: crafted }] })).toEqual([]);
    expect(
      await list({ ...findFacts('irene'), roles: [{ role: 'head', scope: 'school', domain: crafted }] }),
    ).toEqual([]);
    expect(
      await list({ ...findFacts('helene'), teaches: [{ school: 'college-ferry', division: crafted }] }),
    ).toEqual([]);
  });

  it('the same people as they are list what is theirs, and no row of which something is not said', async () => {
    expect(await list(findFacts('lea'))).toEqual([{ pupil: 'lea' }]);
    expect(await list(findFacts('elise'))).toEqual([{ pupil: 'lea' }]);
    expect(await list(findFacts('irene'))).toEqual([{ pupil: 'lea' }, { pupil: 'noe' }, { pupil: null }]);
    expect(await list(findFacts('helene'))).toHaveLength(4);
  });

  it('a denial about one pupil takes those rows away, and keeps the row without a pupil', async () => {
    expect((await list(findFacts('bruno'))).map(({ pupil }) => pupil)).toEqual(['lea', null, 'lea']);
    expect(await list(findFacts('victor'))).toEqual([]);
  });
});
