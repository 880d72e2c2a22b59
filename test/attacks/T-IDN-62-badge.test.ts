import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, newId, type ManualClock, type PersonId } from '@socle/base';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const SCHOOL = '0198f000-0000-7000-8000-000000000001';

describe('T-IDN-62 a badge is found, copied, guessed or used after it was replaced', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
  });
  beforeEach(() => clock.set(new Date()));
  afterAll(() => server.close());

  const print = async (person = newId<PersonId>(), newPictures = false) => {
    const holder = { id: person, givenName: 'Côme', familyName: 'Lanoë', controller: 'c1' };
    if (!server.people.has(person)) {
      server.people.set(person, { ...holder, status: 'active', displayName: 'Côme Lanoë' });
    }
    const [printed] = await server.test.app.transaction(
      (tx) => server.identity.badges.issue(tx, [holder], { ...BY, schoolId: SCHOOL, newPictures }),
      { scope: 'all' },
    );
    return {
      person,
      badge: new URL(printed!.address.revealText()).hash.slice(1),
      short: printed!.shortCode.revealText(),
      pictures: printed!.pictures?.revealText().split(' ') ?? [],
    };
  };
  const touch = async (browser: HttpBrowser, badge: string, pictures: readonly string[]): Promise<Page> => {
    let page = await browser.follow(await browser.get(`${server.issuer}/sign-in/badge`));
    page = await browser.submit(page, { badge });
    for (const picture of pictures) page = await browser.submit(page, { picture });
    return page;
  };
  const signIn = async (badge: string, pictures: readonly string[]) => touch(openBrowser(), badge, pictures);
  const wrong = ([first, ...rest]: readonly string[]) => [first === 'cat' ? 'dog' : 'cat', ...rest];

  it('opens a short session of its own low strength, scanned or typed, that ends with the browser', async () => {
    const { badge, short, pictures } = await print();
    for (const given of [badge, short, ` ${short.toLowerCase().replace('-', ' ')}`]) {
      const browser = openBrowser();
      const done = await touch(browser, given, pictures);
      expect(done.status).toBe(303);
      const cookie = done.headers.getSetCookie().find((line) => line.startsWith('socle_session='));
      expect(cookie).not.toMatch(/expires|max-age/i);
      expect((await browser.get(`${server.issuer}/`)).text).toContain('"acr":"badge"');
    }
  });

  it('refuses the former badge once a new one was printed, and ends the session it opened', async () => {
    const first = await print();
    const thief = openBrowser();
    await touch(thief, first.badge, first.pictures);
    const second = await print(first.person);
    expect(second.pictures).toEqual([]);
    expect(await server.identity.badges.endSessions([first.person], BY.actor)).toBe(1);
    expect((await thief.get(`${server.issuer}/`)).text).not.toContain('acr');
    for (const old of [first.badge, first.short]) {
      expect((await signIn(old, first.pictures)).status).toBe(422);
    }
    expect((await signIn(second.badge, first.pictures)).status).toBe(303);
  });

  it('locks the badge after five wrong codes, the account not', async () => {
    const { badge, pictures, person } = await print();
    for (let round = 0; round < 5; round += 1) {
      expect((await signIn(badge, wrong(pictures))).status).toBe(422);
    }
    expect((await signIn(badge, pictures)).status).toBe(422);
    const account = await server.identity.accounts.find({ personId: person });
    expect(account?.status).toBe('active');
    await server.identity.accounts.setPassword(account!.id, 'châtaigne bleue 7', BY);
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in`));
    await browser.submit(page, { username: account!.login, password: 'châtaigne bleue 7' });
    expect((await browser.get(`${server.issuer}/`)).text).toContain('acr');
    const fresh = await print(person);
    expect((await signIn(fresh.badge, pictures)).status).toBe(303);
  });

  it('lets five of sixteen parallel guesses through to the pictures, whatever their timing', async () => {
    const { badge, pictures } = await print();
    const results = await Promise.all(
      Array.from({ length: 16 }, () => server.identity.badges.prove(badge, wrong(pictures), '192.0.2.1')),
    );
    expect(results.every(({ verdict }) => verdict === 'refused')).toBe(true);
    expect(results.filter((each) => each.verdict === 'refused' && each.locked)).toHaveLength(1);
    expect((await server.identity.badges.prove(badge, pictures, '192.0.2.1')).verdict).toBe('refused');
    const spared = await print();
    for (let round = 0; round < 12; round += 1) {
      const answer = await server.identity.badges.prove(spared.badge, spared.pictures, '192.0.2.1');
      expect(answer.verdict).toBe('proven');
    }
  });

  it('tells nobody which badges exist: unknown, revoked and locked ones lead to the pictures and the same refusal', async () => {
    const revoked = await print();
    const live = await print(revoked.person);
    const locked = await print();
    for (let round = 0; round < 5; round += 1) {
      await server.identity.badges.prove(locked.badge, wrong(locked.pictures), '192.0.2.1');
    }
    const gone = await print();
    server.people.set(gone.person, { ...server.people.get(gone.person)!, status: 'departed' });
    const answers: string[] = [];
    for (const { badge, pictures } of [
      { badge: 'A'.repeat(27), pictures: revoked.pictures },
      { badge: 'ZZZZZ-ZZZZZ', pictures: revoked.pictures },
      { badge: 'nothing at all', pictures: revoked.pictures },
      revoked,
      locked,
      gone,
      { badge: live.badge, pictures: wrong(revoked.pictures) },
    ]) {
      const page = await signIn(badge, pictures);
      answers.push(`${page.status} ${page.text.replaceAll(/\/sign-in\/[\w-]{22}/g, '')}`);
    }
    expect(answers).toHaveLength(7);
    expect(new Set(answers).size).toBe(1);
    expect((await signIn(live.badge, revoked.pictures)).status).toBe(303);
  });

  it('binds what was touched to one sign-in of one browser, and refuses it touched up or from another site', async () => {
    const { badge, pictures } = await print();
    const browser = openBrowser();
    const page = await touch(browser, badge, pictures.slice(0, 3));
    const state = /name="state" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect(state).not.toBe('');
    expect(Buffer.from(state, 'base64url').toString('latin1')).not.toContain(badge);
    const last = { state, picture: pictures[3] ?? '' };
    const other = openBrowser();
    const elsewhere = await other.follow(await other.get(`${server.issuer}/sign-in/badge`));
    expect((await other.post(elsewhere.url, last)).status).toBe(422);
    expect((await other.post(page.url, last)).status).toBe(400);
    const touched = { ...last, state: `${state.slice(0, -2)}${state.endsWith('AA') ? 'BB' : 'AA'}` };
    expect((await browser.post(page.url, touched)).status).toBe(422);
    expect((await browser.post(page.url, last, { origin: 'https://evil.example' })).status).toBe(400);
    expect((await browser.post(page.url, last, { origin: server.issuer })).status).toBe(303);
  });

  it('opens at the hours and from the networks of the school only, and tells so to the right pictures alone', async () => {
    const { badge, pictures } = await print();
    const { badges } = server.identity;
    const setRule = (rule: Parameters<typeof badges.setRule>[2]) =>
      server.test.app.transaction((tx) => badges.setRule(tx, SCHOOL, rule, { ...BY, controller: 'c1' }), {
        scope: 'all',
      });
    const rule = {
      timeZone: 'Europe/Paris',
      opensAt: '08:00',
      closesAt: '17:00',
      weekdays: [1, 2, 4, 5],
      networks: ['192.0.2.0/24', '2001:db8::/48'],
    };
    await setRule(rule);
    const verdict = async (at: string, address: string, given = pictures) => {
      clock.set(new Date(at));
      return (await badges.prove(badge, given, address)).verdict;
    };
    // Monday 23 November 2026: Paris is one hour ahead of UTC
    expect(await verdict('2026-11-23T07:00:00Z', '192.0.2.7')).toBe('proven');
    expect(await verdict('2026-11-23T06:59:59Z', '192.0.2.7')).toBe('closed');
    expect(await verdict('2026-11-23T16:00:00Z', '192.0.2.7')).toBe('closed');
    expect(await verdict('2026-11-25T10:00:00Z', '192.0.2.7')).toBe('closed');
    expect(await verdict('2026-11-23T10:00:00Z', '203.0.113.1')).toBe('closed');
    expect(await verdict('2026-11-23T10:00:00Z', '2001:db8:0:5::1')).toBe('proven');
    expect(await verdict('2026-11-23T10:00:00Z', '::ffff:192.0.2.9')).toBe('proven');
    expect(await verdict('2026-11-23T10:00:00Z', '203.0.113.1', wrong(pictures))).toBe('refused');
    expect(await badges.findRule(SCHOOL)).toMatchObject({ opensAt: '08:00', networks: rule.networks });
    await setRule(undefined);
    expect(await verdict('2026-11-22T23:00:00Z', '203.0.113.1')).toBe('proven');
  });

  it('never writes a badge or its pictures down', async () => {
    const { badge, short, pictures } = await print();
    await signIn(badge, wrong(pictures));
    const admin = server.test.openAdmin();
    const names = await admin.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('identity', 'audit')`,
    );
    expect(names.length).toBeGreaterThan(10);
    for (const { name } of names) {
      const rows = await admin.query<{ text: string }>(`SELECT t::text AS text FROM ${name} AS t`);
      for (const { text } of rows) {
        for (const secret of [badge, short, short.replace('-', ''), pictures.join(' ')]) {
          expect(text).not.toContain(secret);
        }
      }
    }
  });
});
