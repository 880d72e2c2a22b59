import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMembers, loadPersonFacts } from '@socle/directory';
import type { PersonId } from '@socle/base';
import {
  openScimClient,
  patch,
  SOCLE_GROUP,
  SOCLE_USER,
  user,
  type ScimClient,
} from '../support/scim-client.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

const PHARE = '9800001A';

describe('SCIM 2.0 groups and queries', () => {
  let world: SocleUnderTest;
  let client: ScimClient;
  beforeAll(async () => {
    world = await openSocleUnderTest();
    client = await openScimClient(world, 'annuaire-phare', `head:${PHARE}`);
  });
  afterAll(() => world.close());

  const make = async (externalId: string, role = 'pupil', change: Record<string, unknown> = {}) => {
    const answer = await client.call('POST', '/Users', user(externalId, role, PHARE, change));
    expect(answer.status, answer.text).toBe(201);
    return answer.body as unknown as { id: string; meta: { version: string; location: string } };
  };
  const facts = (id: string) =>
    world.socle.database.transaction((tx) => loadPersonFacts(tx, id as PersonId, new Date()), {
      scope: 'all',
    });
  const events = (action: string) => loadLoggedEvents(world.database, action);

  describe('RFC 7644 §3.3.1 groups', () => {
    it('opens a class, puts pupils and their teacher into it, and takes them out', async () => {
      const [pupil, other, teacher] = [await make('G-1'), await make('G-2'), await make('G-3', 'teacher')];
      const made = await client.call('POST', '/Groups', {
        displayName: '5B',
        externalId: 'C5B',
        members: [{ value: pupil.id }, { value: teacher.id }],
      });
      expect(made.status, made.text).toBe(201);
      const { id, meta } = made.body as unknown as { id: string; meta: { version: string } };
      expect(made.body).toMatchObject({ displayName: '5B', [SOCLE_GROUP]: { school: PHARE, kind: 'class' } });
      const members = () =>
        world.socle.database.transaction((tx) => loadMembers(tx, id as never, new Date()), { scope: 'all' });
      expect((await members()).map((each) => each.id)).toEqual([pupil.id]);
      expect((await facts(teacher.id))!.teaches).toMatchObject([{ division: id }]);
      expect((await client.call('GET', `/Users/${pupil.id}`)).body).toMatchObject({
        groups: [{ value: id, display: '5B' }],
      });

      const changed = await client.call(
        'PATCH',
        `/Groups/${id}`,
        patch(
          { op: 'add', path: 'members', value: [{ value: other.id }] },
          { op: 'remove', path: `members[value eq "${pupil.id}"]` },
        ),
        { 'if-match': meta.version },
      );
      expect(changed.status, changed.text).toBe(200);
      expect((await members()).map((each) => each.id)).toEqual([other.id]);
      expect(
        (
          await client.call(
            'PATCH',
            `/Groups/${id}`,
            patch({ op: 'replace', path: 'displayName', value: '5 Bleue' }),
          )
        ).body,
      ).toMatchObject({ displayName: '5 Bleue' });
      // as Entra ID takes members out
      await client.call(
        'PATCH',
        `/Groups/${id}`,
        patch({ op: 'Remove', path: 'members', value: [{ value: other.id }] }),
      );
      expect(await members()).toEqual([]);
      expect((await facts(teacher.id))!.teaches).toHaveLength(1);
      expect((await client.call('DELETE', `/Groups/${id}`)).status).toBe(204);
      expect((await facts(teacher.id))!.teaches).toEqual([]);
      expect((await client.call('GET', `/Groups/${id}`)).status).toBe(404);
      expect((await events('directory.scim_member.removed')).length).toBe(3);
    });

    it('refuses members without a role in the school, another school, and a name that is taken', async () => {
      const { id } = await make('G-4', 'pupil', { [SOCLE_USER]: { roles: [] } });
      const refused = await client.call('POST', '/Groups', { displayName: '5C', members: [{ value: id }] });
      expect(refused.body).toMatchObject({ status: '400', scimType: 'invalidValue' });
      expect((await client.call('GET', '/Groups?filter=displayName%20eq%20%225C%22')).body).toMatchObject({
        totalResults: 0,
      });
      expect((await client.call('POST', '/Groups', { displayName: '4A' })).body).toMatchObject({
        status: '409',
        scimType: 'uniqueness',
      });
      const made = await client.call('POST', '/Groups', { displayName: '5D' });
      const move = patch({ op: 'replace', path: `${SOCLE_GROUP}:school`, value: '9800002B' });
      expect((await client.call('PATCH', `/Groups/${String(made.body.id)}`, move)).body).toMatchObject({
        scimType: 'mutability',
      });
    });
  });

  describe('RFC 7644 §3.4.2 queries', () => {
    beforeAll(async () => {
      for (const n of [1, 2, 3, 4, 5]) {
        await make(`Q-${n}`, n === 5 ? 'teacher' : 'pupil', {
          userName: `requête-${n}`,
          name: { familyName: `Ôl${'abcde'[n - 1]}`, givenName: 'Zoé' },
        });
      }
    });
    const mine = 'userName sw "REQUÊTE-"';
    const query = async (filter: string, more = '') =>
      (await client.call('GET', `/Users?filter=${encodeURIComponent(filter)}${more}`)).body as unknown as {
        totalResults: number;
        startIndex: number;
        itemsPerPage: number;
        Resources: { externalId: string }[];
      };

    it.each([
      [mine, 5],
      [`${mine} and name.familyName eq "ôlb"`, 1],
      [`${mine} and not (name.familyName eq "ôlb")`, 4],
      [`${mine} and (externalId eq "Q-1" or externalId eq "q-2")`, 1],
      [`${mine} and ${SOCLE_USER}:roles[role eq "teacher" and school eq "${PHARE}"]`, 1],
      [`${mine} and roles.role eq "pupil"`, 4],
      [`${mine} and active eq true and name.givenName pr`, 5],
      [`${mine} and groups pr`, 0],
      [`${mine} and birthDate eq null`, 5],
      [`${mine} and meta.created gt "2020-01-01T00:00:00Z"`, 5],
      [`${mine} and meta.lastModified lt "2020-01-01T00:00:00Z"`, 0],
      [`${mine} and name.familyName ge "ôlc"`, 3],
      [`${mine} and userName ew "3" or userName co "ête-4"`, 2],
      [`userName eq "x' OR 1=1 --"`, 0],
    ])('finds by %s', async (filter, total) => {
      expect((await query(filter)).totalResults).toBe(total);
    });

    it.each([
      'userName',
      'userName xx "a"',
      'shoeSize eq 1',
      'active gt true',
      'password eq "a"',
      'userName eq 5',
      'userName eq "a" and',
      `a eq "${'x'.repeat(3000)}"`,
    ])('refuses the filter %s', async (filter) => {
      const answer = await client.call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ scimType: 'invalidFilter' });
    });

    it('pages and sorts, each resource once', async () => {
      const seen: string[] = [];
      for (let startIndex = 1; startIndex <= 5; startIndex += 2) {
        const page = await query(
          mine,
          `&sortBy=name.familyName&sortOrder=descending&startIndex=${startIndex}&count=2`,
        );
        expect(page).toMatchObject({ totalResults: 5, startIndex, itemsPerPage: startIndex === 5 ? 1 : 2 });
        seen.push(...page.Resources.map(({ externalId }) => externalId));
      }
      expect(seen).toEqual(['Q-5', 'Q-4', 'Q-3', 'Q-2', 'Q-1']);
      expect(await query(mine, '&count=0')).toMatchObject({
        totalResults: 5,
        itemsPerPage: 0,
        Resources: [],
      });
      expect(await query(mine, '&count=-3&startIndex=-1')).toMatchObject({ startIndex: 1, itemsPerPage: 0 });
      expect((await client.call('GET', '/Users?count=abc')).status).toBe(400);
      expect((await client.call('GET', '/Users?sortBy=roles')).body).toMatchObject({
        scimType: 'invalidPath',
      });
    });

    it('takes the same query in the body of .search', async () => {
      const answer = await client.call('POST', '/Users/.search', {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
        filter: mine,
        attributes: ['userName'],
        count: 3,
        startIndex: 2,
      });
      expect(answer.body).toMatchObject({ totalResults: 5, startIndex: 2, itemsPerPage: 3 });
      expect(Object.keys((answer.body.Resources as unknown as object[])[0]!).toSorted()).toEqual([
        'id',
        'schemas',
        'userName',
      ]);
    });
  });
});
