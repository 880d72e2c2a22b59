import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPersonFacts } from '@socle/directory';
import type { PersonId } from '@socle/base';
import { openScimClient, patch, SOCLE_USER, user, type ScimClient } from '../support/scim-client.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

const PHARE = '9800001A';

describe('SCIM 2.0', () => {
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
  const statusOf = async (id: string) => {
    const [row] = await world.database
      .openAdmin()
      .query<{ status: string }>('SELECT status FROM directory.people WHERE id = $1', [id]);
    return row!.status;
  };
  const events = (action: string) => loadLoggedEvents(world.database, action);

  describe('RFC 7644 §4 discovery', () => {
    it('declares what is supported, and nothing else', async () => {
      const { body, status } = await client.call('GET', '/ServiceProviderConfig');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        patch: { supported: true },
        bulk: { supported: false },
        filter: { supported: true, maxResults: 200 },
        sort: { supported: true },
        etag: { supported: true },
        changePassword: { supported: false },
      });
      expect((await client.call('POST', '/Bulk', {})).status).toBe(501);
      expect((await client.call('POST', '/.search', {})).status).toBe(501);
      expect((await client.call('GET', '/Me')).status).toBe(501);
    });

    it('lists its two resource types and four schemas, each under its own address', async () => {
      for (const [path, count] of [
        ['/ResourceTypes', 2],
        ['/Schemas', 4],
      ] as const) {
        const { body } = await client.call('GET', path);
        const resources = body.Resources as unknown as { id: string; meta: { location: string } }[];
        expect(resources).toHaveLength(count);
        for (const { id, meta } of resources) {
          expect(meta.location).toBe(`${world.issuer}/scim/v2${path}/${id}`);
          expect((await client.call('GET', `${path}/${id}`)).status).toBe(200);
        }
        expect((await client.call('GET', `${path}?filter=id%20pr`)).status).toBe(403);
        expect((await client.call('GET', `${path}/none`)).status).toBe(404);
      }
    });

    it('is described in OpenAPI', async () => {
      const document = (await (await fetch(`${world.issuer}/docs`)).json()) as {
        paths: Record<string, object>;
      };
      expect(
        Object.keys(document.paths).filter((path) => path.startsWith('/scim/v2')).length,
      ).toBeGreaterThan(9);
      expect(Object.keys(document.paths['/scim/v2/Users/{id}']!).toSorted()).toEqual([
        'delete',
        'get',
        'patch',
        'put',
      ]);
    });
  });

  describe('RFC 7644 §3.3 to §3.6 users', () => {
    it('makes a person of the controller with roles, and keeps no e-mail, password or address', async () => {
      const answer = await client.call(
        'POST',
        '/Users',
        user('E-1', 'pupil', PHARE, {
          [SOCLE_USER]: { birthDate: '2012-04-01', roles: [{ role: 'pupil', school: PHARE }] },
        }),
      );
      expect(answer.status).toBe(201);
      expect(answer.headers.get('content-type')).toContain('application/scim+json');
      const { id, meta } = answer.body as unknown as {
        id: string;
        meta: { location: string; version: string };
      };
      expect(answer.headers.get('location')).toBe(meta.location);
      expect(answer.headers.get('etag')).toBe(meta.version);
      expect(answer.body).toMatchObject({
        userName: 'compte-E-1',
        externalId: 'E-1',
        active: true,
        displayName: 'Nolwenn Le Bihan',
        [SOCLE_USER]: { birthDate: '2012-04-01', roles: [{ role: 'pupil', school: PHARE }] },
      });
      expect(answer.text).not.toMatch(/example\.org|jamais/);
      expect((await facts(id))!.roles).toMatchObject([{ role: 'pupil', domain: world.phare.id }]);
      const [key] = await world.database
        .openAdmin()
        .query('SELECT kind, value FROM directory.join_keys WHERE person_id = $1', [id]);
      expect(key).toEqual({ kind: 'scim', value: `${world.phare.controller}-E-1` });
      const dump = JSON.stringify(
        await world.database
          .openAdmin()
          .query('SELECT p.*, u.* FROM directory.people p JOIN directory.scim_users u ON u.person_id = p.id'),
      );
      expect(dump).not.toMatch(/example\.org|jamais/);
      expect(await events('directory.person.created')).toContainEqual(
        expect.objectContaining({ actor: { kind: 'client', id: 'annuaire-phare' } }),
      );
    });

    it('reads it back, whole, in part, and not at all when it is known', async () => {
      const { id, meta } = await make('E-2');
      const whole = await client.call('GET', `/Users/${id}`);
      expect(whole.body).toMatchObject({ id, meta: { version: meta.version } });
      const part = await client.call('GET', `/Users/${id}?attributes=userName,name.familyName`);
      expect(Object.keys(part.body).toSorted()).toEqual(['id', 'name', 'schemas', 'userName']);
      expect(part.body.name).toEqual({ familyName: 'Le Bihan' });
      const without = await client.call('GET', `/Users/${id}?excludedAttributes=name,${SOCLE_USER}`);
      expect(without.body).not.toHaveProperty('name');
      expect(without.body).not.toHaveProperty(SOCLE_USER);
      expect(without.body).toHaveProperty('userName');
      expect(
        (await client.call('GET', `/Users/${id}`, undefined, { 'if-none-match': meta.version })).status,
      ).toBe(304);
      expect(
        (await client.call('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"other"' })).status,
      ).toBe(200);
      expect((await events('directory.scim.read')).length).toBeGreaterThan(3);
    });

    it('replaces what is kept, and lets go what is not sent again', async () => {
      const { id, meta } = await make('E-3', 'pupil', {
        [SOCLE_USER]: { birthDate: '2012-04-01', roles: [{ role: 'pupil', school: PHARE }] },
      });
      const other = user('E-3', 'pupil', PHARE, { name: { familyName: 'Le Bihan', givenName: 'Maël' } });
      expect((await client.call('PUT', `/Users/${id}`, other, { 'if-match': 'W/"0"' })).status).toBe(412);
      const replaced = await client.call('PUT', `/Users/${id}`, other, { 'if-match': meta.version });
      expect(replaced.status).toBe(200);
      expect(replaced.body).toMatchObject({ displayName: 'Maël Le Bihan' });
      expect((replaced.body as Record<string, object>)[SOCLE_USER]).not.toHaveProperty('birthDate');
      expect((await client.call('PUT', `/Users/${id}`, other)).body.meta).toEqual(replaced.body.meta);
    });

    it('suspends by active, and lifts its own suspension only', async () => {
      const { id } = await make('E-4');
      const off = await client.call(
        'PATCH',
        `/Users/${id}`,
        patch({ op: 'Replace', path: 'active', value: 'False' }),
      );
      expect(off.body).toMatchObject({ active: false });
      expect(await statusOf(id)).toBe('suspended');
      expect(
        (await client.call('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: true } }))).body,
      ).toMatchObject({ active: true });
      await world.database
        .openAdmin()
        .query(
          `UPDATE directory.people SET status = 'suspended', status_reason = 'stolen_password' WHERE id = $1`,
          [id],
        );
      expect(
        (await client.call('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: true })))
          .body,
      ).toMatchObject({ active: false });
      expect(await statusOf(id)).toBe('suspended');
    });

    it('withdraws: the roles end, the clock starts, and the key finds the same person again', async () => {
      const { id } = await make('E-5');
      expect((await client.call('DELETE', `/Users/${id}`)).status).toBe(204);
      for (const method of ['GET', 'DELETE'] as const)
        expect((await client.call(method, `/Users/${id}`)).status).toBe(404);
      expect((await facts(id))!.roles).toEqual([]);
      const [person] = await world.database
        .openAdmin()
        .query('SELECT leaving_since IS NOT NULL AS leaving FROM directory.people WHERE id = $1', [id]);
      expect(person).toEqual({ leaving: true });
      expect((await make('E-5')).id).toBe(id);
      expect((await facts(id))!.roles).toHaveLength(1);
    });

    it.each([
      ['no userName', { userName: '' }, 'invalidValue'],
      ['no family name', { name: { givenName: 'Seul' } }, 'invalidValue'],
      [
        'a role of administration',
        { [SOCLE_USER]: { roles: [{ role: 'local_admin', school: PHARE }] } },
        'invalidValue',
      ],
      [
        'a school of nobody',
        { [SOCLE_USER]: { roles: [{ role: 'pupil', school: '9999999Z' }] } },
        'invalidValue',
      ],
      ['a day of no calendar', { [SOCLE_USER]: { birthDate: '2012-02-31' } }, 'invalidValue'],
      [
        'a pupil who is a teacher too',
        {
          [SOCLE_USER]: {
            roles: [
              { role: 'pupil', school: PHARE },
              { role: 'teacher', school: PHARE },
            ],
          },
        },
        'mutability',
      ],
    ])('refuses %s in the form of §3.12, without what was sent', async (_, change, scimType) => {
      const answer = await client.call('POST', '/Users', user('E-X', 'pupil', PHARE, change));
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
        status: '400',
        scimType,
      });
      expect(answer.text).not.toMatch(/Le Bihan|Nolwenn|9999999Z|2012-02-31/);
    });

    it('refuses what is no JSON, no object, and another media type', async () => {
      expect((await client.call('POST', '/Users', '{"userName":')).body).toMatchObject({
        scimType: 'invalidSyntax',
      });
      expect((await client.call('POST', '/Users', '[]')).body).toMatchObject({ scimType: 'invalidSyntax' });
      expect((await client.call('POST', '/Users', '<x/>', { 'content-type': 'text/xml' })).status).toBe(415);
      expect(
        (
          await client.call('POST', '/Users', user('E-6', 'pupil', PHARE), {
            'content-type': 'application/json',
          })
        ).status,
      ).toBe(201);
    });
  });

  describe('RFC 7644 §3.5.2 PATCH', () => {
    it.each([
      ['a single value', patch({ op: 'replace', path: 'userName', value: 'autre' }), { userName: 'autre' }],
      [
        'a part of a name',
        patch({ op: 'replace', path: 'name.givenName', value: 'Yann' }),
        { displayName: 'Yann Le Bihan' },
      ],
      [
        'several members without a path',
        patch({ op: 'add', value: { externalId: 'P-9', 'name.familyName': 'Kerloc’h' } }),
        { externalId: 'P-9', displayName: 'Nolwenn Kerloc’h' },
      ],
      [
        'an extension by its URN',
        patch({ op: 'add', path: `${SOCLE_USER}:birthDate`, value: '2012-05-05' }),
        { [SOCLE_USER]: { birthDate: '2012-05-05', roles: [{ role: 'pupil', school: PHARE }] } },
      ],
      [
        'what is not kept, silently',
        patch(
          { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@example.org' },
          { op: 'add', path: 'title', value: 'M.' },
        ),
        { active: true },
      ],
      [
        'a role by a filter',
        patch({ op: 'remove', path: `${SOCLE_USER}:roles[school eq "${PHARE}"]` }),
        { [SOCLE_USER]: { roles: [] } },
      ],
    ])('changes %s', async (name, message, expected) => {
      const { id } = await make(`P-${name.length}-${name.slice(-4)}`.replaceAll(' ', '_'));
      const answer = await client.call('PATCH', `/Users/${id}`, message);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toMatchObject(expected);
    });

    it.each([
      ['an unknown attribute', { op: 'add', path: 'shoeSize', value: 1 }, 'invalidPath'],
      ['a read-only attribute', { op: 'replace', path: 'id', value: 'x' }, 'mutability'],
      [
        'a filter that finds nothing',
        { op: 'replace', path: `${SOCLE_USER}:roles[school eq "none"].role`, value: 'pupil' },
        'noTarget',
      ],
      ['a removal without a path', { op: 'remove' }, 'noTarget'],
      ['another operation', { op: 'move', path: 'userName' }, 'invalidSyntax'],
      ['the removal of what is needed', { op: 'remove', path: 'userName' }, 'invalidValue'],
    ])('refuses %s and keeps all as it was', async (name, operation, scimType) => {
      const { id, meta } = await make(`R-${name.length}${name.slice(0, 4)}`.replaceAll(' ', '_'));
      const answer = await client.call(
        'PATCH',
        `/Users/${id}`,
        patch({ op: 'replace', path: 'name.givenName', value: 'Perdu' }, operation),
      );
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ scimType });
      expect((await client.call('GET', `/Users/${id}`)).body.meta).toMatchObject({ version: meta.version });
    });

    it('gives one success to two changes under one version', async () => {
      const { id, meta } = await make('RACE-1');
      const change = (givenName: string) =>
        client.call(
          'PATCH',
          `/Users/${id}`,
          patch({ op: 'replace', path: 'name.givenName', value: givenName }),
          { 'if-match': meta.version },
        );
      const answers = await Promise.all([change('Un'), change('Deux')]);
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
    });

    it('gives one 201 and one 409 to two users of one externalId', async () => {
      const answers = await Promise.all(
        [1, 2].map((n) =>
          client.call('POST', '/Users', user('RACE-2', 'pupil', PHARE, { userName: `course-${n}` })),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
      expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ scimType: 'uniqueness' });
      const [count] = await world.database
        .openAdmin()
        .query(`SELECT count(*)::int AS n FROM directory.scim_users WHERE external_id = 'RACE-2'`);
      expect(count).toEqual({ n: 1 });
    });
  });
});
