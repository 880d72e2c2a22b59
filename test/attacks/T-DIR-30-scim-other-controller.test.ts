import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  askToken,
  openScimClient,
  patch,
  SOCLE_GROUP,
  SOCLE_USER,
  user,
  type ScimClient,
} from '../support/scim-client.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

const PHARE = '9800001A';
const EMBRUNS = '9800002B';

describe('T-DIR-30 a SCIM client against another controller, or without a client’s right', () => {
  let world: SocleUnderTest;
  let own: ScimClient;
  let thief: ScimClient;
  let userId: string;
  let groupId: string;
  beforeAll(async () => {
    world = await openSocleUnderTest();
    own = await openScimClient(world, 'annuaire-phare', `head:${PHARE}`);
    thief = await openScimClient(world, 'annuaire-embruns', `head:${EMBRUNS}`);
    await world.add({ givenName: 'Gaëlle', school: world.phare, isPupil: true });
    userId = String((await own.call('POST', '/Users', user('S-1', 'pupil', PHARE))).body.id);
    groupId = String(
      (
        await own.call('POST', '/Groups', {
          displayName: '6S',
          externalId: 'G-1',
          members: [{ value: userId }],
        })
      ).body.id,
    );
  });
  afterAll(() => world.close());

  const state = async () =>
    JSON.stringify(
      await Promise.all(
        [
          'people',
          'roles',
          'divisions',
          'division_members',
          'teaching_assignments',
          'scim_users',
          'scim_groups',
        ].map((table) =>
          world.database
            .openAdmin()
            .query(`SELECT * FROM directory.${table} WHERE controller_id = $1 ORDER BY 1`, [
              world.phare.controller,
            ]),
        ),
      ),
    );

  /** Every route that names a resource of the other controller; the twin is the same call by its own client. */
  const ROUTES = [
    ['GET', () => `/Users/${userId}`, undefined],
    ['PUT', () => `/Users/${userId}`, () => user('S-1', 'pupil', PHARE)],
    ['PATCH', () => `/Users/${userId}`, () => patch({ op: 'replace', path: 'active', value: true })],
    ['GET', () => `/Groups/${groupId}`, undefined],
    [
      'PUT',
      () => `/Groups/${groupId}`,
      () => ({ displayName: '6S', externalId: 'G-1', members: [{ value: userId }] }),
    ],
    ['PATCH', () => `/Groups/${groupId}`, () => patch({ op: 'replace', path: 'displayName', value: '6S' })],
  ] as const;

  it.each(ROUTES)('%s of its resource finds nothing, and its own client does', async (method, path, body) => {
    const before = await state();
    const stolen = await thief.call(method, path(), body?.());
    expect(stolen.status).toBe(404);
    expect(stolen.text).not.toContain(userId);
    expect(await state()).toBe(before);
    const twin = await own.call(method, path(), body?.());
    expect(twin.status, twin.text).toBe(200);
  });

  it.each([
    ['/Users', () => userId],
    ['/Groups', () => groupId],
  ] as const)('DELETE %s does nothing either', async (path, id) => {
    const before = await state();
    expect((await thief.call('DELETE', `${path}/${id()}`)).status).toBe(404);
    expect(await state()).toBe(before);
  });

  it('lists, filters and searches nothing of it', async () => {
    const filters = [
      'id pr',
      `id eq "${userId}"`,
      'externalId eq "S-1"',
      'userName pr or not (userName pr)',
      `displayName pr`,
    ];
    for (const filter of filters) {
      const address = `?filter=${encodeURIComponent(filter)}`;
      for (const answer of [
        await thief.call('GET', `/Users${address}`),
        await thief.call('POST', '/Users/.search', { filter }),
      ])
        expect([filter, answer.body]).toMatchObject([filter, { totalResults: 0, Resources: [] }]);
    }
    expect((await thief.call('GET', '/Groups')).body).toMatchObject({ totalResults: 0 });
    expect((await own.call('GET', '/Users')).body).toMatchObject({ totalResults: 1 });
    expect((await own.call('GET', '/Groups')).body).toMatchObject({ totalResults: 1 });
  });

  it('shows and changes nothing that did not come through SCIM, not even of its own controller', async () => {
    const [hand] = await world.database
      .openAdmin()
      .query<{ id: string }>(`SELECT id FROM directory.people WHERE given_name = 'Gaëlle'`);
    for (const client of [own, thief]) {
      expect((await client.call('GET', `/Users/${hand!.id}`)).status).toBe(404);
      expect((await client.call('DELETE', `/Users/${hand!.id}`)).status).toBe(404);
      expect((await client.call('GET', `/Groups/${world.phare.division}`)).status).toBe(404);
      expect((await client.call('DELETE', `/Groups/${world.phare.division}`)).status).toBe(404);
    }
  });

  it('puts nobody into its schools, classes or names', async () => {
    const before = await state();
    const invalid = { status: '400', scimType: 'invalidValue' };
    expect((await thief.call('POST', '/Users', user('T-1', 'teacher', PHARE))).body).toMatchObject(invalid);
    expect(
      (await thief.call('POST', '/Groups', { displayName: '6T', [SOCLE_GROUP]: { school: PHARE } })).body,
    ).toMatchObject(invalid);
    const made = await thief.call('POST', '/Users', user('S-1', 'teacher', EMBRUNS));
    expect(made.status).toBe(201); // the same externalId and userName, in a name space of its own
    const move = patch({ op: 'add', path: `${SOCLE_USER}:roles`, value: [{ role: 'head', school: PHARE }] });
    expect((await thief.call('PATCH', `/Users/${String(made.body.id)}`, move)).body).toMatchObject(invalid);
    const mixed = await thief.call('POST', '/Groups', { displayName: '6T', members: [{ value: userId }] });
    expect(mixed.body).toMatchObject(invalid);
    expect(await state()).toBe(before);
  });

  it('is refused without a token for SCIM, with a module’s, and as a client that is bound to nobody', async () => {
    const other = await world.socle.identity.clients.register(
      { client_id: 'emploi-du-temps', grant_types: ['client_credentials'] },
      { actor: { kind: 'system', id: 'test' } },
    );
    const secret = other.secret!.revealText();
    const unbound = await askToken(world.issuer, 'emploi-du-temps', secret);
    const forModules = await askToken(
      world.issuer,
      'emploi-du-temps',
      secret,
      'socle:module',
      `${world.issuer}/modules`,
    );
    const paths = [
      '/Users',
      `/Users/${userId}`,
      '/Groups',
      '/ServiceProviderConfig',
      '/Schemas',
      '/ResourceTypes',
      '/Me',
    ];
    for (const path of paths) {
      const status = async (authorization: string) =>
        (await own.call('GET', path, undefined, { authorization })).status;
      expect(await status(''), path).toBe(401);
      expect(await status('Basic eDp5'), path).toBe(401);
      expect(await status(`Bearer ${own.token.slice(0, -4)}AAAA`), path).toBe(401);
      expect(await status(`Bearer ${forModules}`), path).toBe(401);
      expect(await status(`Bearer ${unbound}`), path).toBe(403);
    }
    expect((await own.call('GET', '/Users')).status).toBe(200);
    // and a token for SCIM opens no door of the modules
    const module = await fetch(`${world.issuer}/modules/v1/people/x`, {
      headers: { authorization: `Bearer ${own.token}` },
    });
    expect(module.status).toBe(401);
  });

  it('gives the rows of its clients to no other scope', async () => {
    const seen = await world.socle.database.transaction(
      (tx) => tx.query<{ client_id: string }>('SELECT client_id FROM directory.scim_clients'),
      { scope: [world.embruns.controller] },
    );
    expect(seen.map(({ client_id }) => client_id)).toEqual(['annuaire-embruns']);
    for (const table of ['scim_users', 'scim_groups', 'scim_withdrawals', 'scim_clients', 'feed_sources']) {
      expect(
        await world.socle.database.transaction((tx) => tx.query(`SELECT * FROM directory.${table}`), {
          scope: [],
        }),
      ).toEqual([]);
    }
  });
});
