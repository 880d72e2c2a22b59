import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { registerModule } from '@socle/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdKey, type KeyHolder } from '../support/module-caller.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

interface Found {
  readonly results: readonly { readonly type?: string; readonly id?: string; readonly name?: string }[];
  readonly page: { readonly next_token: string; readonly count: number };
}

/** A registered module, and its key. */
async function register(world: SocleUnderTest, id: string): Promise<KeyHolder> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const document = JSON.parse(await readFile('services/grades/module.json', 'utf8')) as {
    client: Record<string, unknown>;
    module: Record<string, unknown>;
  };
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: id };
  await registerModule(
    world.socle,
    {
      client: { ...document.client, client_id: id, jwks: { keys: [jwk] } },
      module: { ...document.module, id, actions: {} },
    },
    { actor: { kind: 'system', id: 'test' } },
  );
  return holdKey(world.issuer, id, { ...(await exportJWK(privateKey)), kid: id });
}

describe('AuthZEN 1.0 §8 the three searches, on the territory', () => {
  let world: SocleUnderTest;
  let module: KeyHolder;
  let [teacher, head, pupil, outsider]: TestPerson[] = [];
  let subs: ReadonlyMap<string, string>;
  beforeAll(async () => {
    world = await openSocleUnderTest();
    module = await register(world, 'library');
    teacher = await world.add({ givenName: 'Yuna', school: world.phare, teaches: true });
    head = await world.add({ givenName: 'Goulven', school: world.phare, roles: ['head'] });
    pupil = await world.add({ givenName: 'Nolan', school: world.phare, isPupil: true });
    outsider = await world.add({ givenName: 'Loïg', school: world.embruns, roles: ['head'] });
    const everyone = [teacher, head, pupil, outsider].map((person) => person!.id);
    const sector = new URL('http://localhost:3001/').host;
    subs = await world.socle.database.transaction(
      (tx) => world.socle.identity.pairwiseSubjects(tx, sector, everyone),
      { scope: 'all' },
    );
  });
  afterAll(() => world.close());

  const search = async (kind: string, body: unknown) => {
    const answer = await module.call('POST', `/access/v1/search/${kind}`, body);
    expect([kind, answer.status, answer.text]).toEqual([kind, 200, answer.text]);
    return answer.body as unknown as Found;
  };
  const division = () => ({
    type: 'directory.division',
    id: world.phare.division,
    properties: { school: world.phare.id, division: world.phare.division },
  });

  it('finds the people who may list a class, and nobody of another school', async () => {
    const { results, page } = await search('subject', {
      subject: { type: 'person' },
      action: { name: 'directory.division.members' },
      resource: division(),
    });
    expect(new Set(results.map(({ id }) => id))).toEqual(
      new Set([subs.get(teacher!.id), subs.get(head!.id)]),
    );
    expect(page).toEqual({ next_token: '', count: 2 });
  });

  it('says of each person found what the evaluation says', async () => {
    for (const person of [teacher, head, pupil, outsider]) {
      const { body } = await module.call('POST', '/access/v1/evaluation', {
        subject: { type: 'person', id: subs.get(person!.id) },
        action: { name: 'directory.division.members' },
        resource: division(),
      });
      expect(body['decision']).toBe(person === teacher || person === head);
    }
  });

  it('pages to the end, each person once', async () => {
    const seen: (string | undefined)[] = [];
    let token = '';
    do {
      const { results, page } = await search('subject', {
        subject: { type: 'person' },
        action: { name: 'directory.division.members' },
        resource: division(),
        page: { limit: 1, ...(token === '' ? {} : { token }) },
      });
      seen.push(...results.map(({ id }) => id));
      token = page.next_token;
    } while (token !== '');
    expect(seen).toHaveLength(2);
    expect(new Set(seen)).toEqual(new Set([subs.get(teacher!.id), subs.get(head!.id)]));
  });

  it('finds the classes that a person may list, and what they may do to one', async () => {
    const found = await search('resource', {
      subject: { type: 'person', id: subs.get(teacher!.id) },
      action: { name: 'directory.division.members' },
      resource: { type: 'directory.division' },
    });
    expect(found.results).toEqual([{ type: 'directory.division', id: world.phare.division }]);
    const none = await search('resource', {
      subject: { type: 'person', id: subs.get(pupil!.id) },
      action: { name: 'directory.division.members' },
      resource: { type: 'directory.division' },
    });
    expect(none.results).toEqual([]);
    const actions = await search('action', {
      subject: { type: 'person', id: subs.get(head!.id) },
      resource: division(),
    });
    expect(actions.results).toEqual([{ name: 'directory.division.members' }]);
  });

  it('finds the entries that a teacher may read: those of the pupils of the class', async () => {
    const { results } = await search('resource', {
      subject: { type: 'person', id: subs.get(teacher!.id) },
      action: { name: 'directory.person.read' },
      resource: { type: 'directory.person' },
    });
    expect(results.map(({ id }) => id)).toContain(subs.get(pupil!.id));
    expect(results.map(({ id }) => id)).not.toContain(subs.get(outsider!.id));
  });

  it('finds nothing for a subject or a type that nobody knows, and refuses what is malformed and who is no module', async () => {
    const base = { action: { name: 'directory.division.members' }, resource: division() };
    expect(
      (await search('action', { subject: { type: 'person', id: 'nobody' }, resource: division() })).results,
    ).toEqual([]);
    expect((await search('subject', { ...base, subject: { type: 'robot' } })).results).toEqual([]);
    expect(
      (
        await search('resource', {
          ...base,
          subject: { type: 'person', id: subs.get(head!.id) },
          resource: { type: 'grades.mark' },
        })
      ).results,
    ).toEqual([]);
    for (const body of [{}, { ...base }, { ...base, subject: { type: 'person' }, page: { limit: 0 } }]) {
      expect((await module.call('POST', '/access/v1/search/subject', body)).status).toBe(400);
    }
    const anonymous = await module.call(
      'POST',
      '/access/v1/search/subject',
      { ...base, subject: { type: 'person' } },
      'Bearer x',
    );
    expect(anonymous.status).toBe(401);
  });
});

describe('a policies folder with entities of its own', () => {
  let folder: string;
  let world: SocleUnderTest;
  let module: KeyHolder;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-entities-'));
    await cp('policies', folder, { recursive: true });
    await writeFile(path.join(folder, 'entities.yaml'), await readFile('policies/fixtures/school.yaml'));
    world = await openSocleUnderTest({ env: { SOCLE_POLICIES_DIR: folder } });
    module = await register(world, 'certifier');
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const evaluate = async (subject: object, resource: object, action = 'grades.mark.read') =>
    (await module.call('POST', '/access/v1/evaluation', { subject, action: { name: action }, resource }))
      .body['decision'];

  it('answers of its people and things, with the properties that they hold', async () => {
    const mark = { type: 'grades.mark', id: 'mark-lea' };
    expect(await evaluate({ type: 'user', id: 'elise' }, mark)).toBe(true);
    expect(await evaluate({ type: 'user', id: 'elise' }, { ...mark, properties: { published: false } })).toBe(
      false,
    );
    expect(await evaluate({ type: 'user', id: 'odile' }, mark)).toBe(false);
    expect(await evaluate({ type: 'robot', id: 'elise' }, mark)).toBe(false);
    expect(await evaluate({ type: 'user', id: 'elise' }, { type: 'grades.assessment', id: 'mark-lea' })).toBe(
      false,
    );
  });

  it('searches them: who, on what, and what', async () => {
    const who = await module.call('POST', '/access/v1/search/subject', {
      subject: { type: 'user' },
      action: { name: 'grades.mark.read' },
      resource: { type: 'grades.mark', id: 'mark-lea' },
      page: { limit: 500 },
    });
    const names = (who.body as unknown as Found).results.map(({ id }) => id);
    expect(names).toEqual(expect.arrayContaining(['lea', 'elise', 'marc', 'helene', 'paul']));
    expect(names).not.toContain('karim');
    const on = await module.call('POST', '/access/v1/search/resource', {
      subject: { type: 'user', id: 'sonia' },
      action: { name: 'grades.mark.read' },
      resource: { type: 'grades.mark' },
    });
    expect((on.body as unknown as Found).results).toEqual([{ type: 'grades.mark', id: 'mark-noe' }]);
  });
});
