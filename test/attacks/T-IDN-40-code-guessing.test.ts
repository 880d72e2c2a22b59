import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, newId, type ManualClock, type PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const PASSWORD = 'trois châtaignes sous la pluie';

describe('T-IDN-40 a printed code is guessed, raced for or used again', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  let admin: Database;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
    admin = server.test.openAdmin();
  });
  beforeEach(() => clock.set(new Date()));
  afterAll(() => server.close());

  const print = async (person = newId<PersonId>()) => {
    const holder = { id: person, givenName: 'Maë', familyName: 'Le Goff', controller: 'c1' };
    if (!server.people.has(person)) {
      server.people.set(person, { ...holder, status: 'active', displayName: 'Maë Le Goff' });
    }
    const [sheet] = await server.test.app.transaction(
      (tx) => server.identity.activation.issue(tx, [{ person: holder }], { kind: 'activation', ...BY }),
      { scope: 'all' },
    );
    return { person, code: sheet!.code.revealText() };
  };
  const typeCode = async (browser: HttpBrowser, code: string): Promise<Page> => {
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in/activate`));
    return browser.submit(page, { code });
  };
  const choose = (browser: HttpBrowser, page: Page) =>
    browser.submit(page, { password: PASSWORD, repeat: PASSWORD });
  // What differs from one page to the next by itself: the sign-in's id, and what was typed.
  const bare = (page: Page, code: string) =>
    page.text.replaceAll(/\/sign-in\/[\w-]{22}/g, '').replaceAll(code, '');

  it('answers unknown, used, replaced, expired and suspended codes alike, to the byte', async () => {
    const used = await print();
    const owner = openBrowser();
    expect((await choose(owner, await typeCode(owner, used.code))).status).toBe(303);
    const replaced = await print();
    const fresh = await print(replaced.person);
    const suspended = await print();
    server.people.set(suspended.person, { ...server.people.get(suspended.person)!, status: 'suspended' });
    const expired = await print();
    await admin.query(
      `UPDATE identity.one_time_codes SET issued_at = $2::timestamptz - interval '2 days', expires_at = $2::timestamptz - interval '1 second'
        WHERE account_id = (SELECT id FROM identity.accounts WHERE person_id = $1)`,
      [expired.person, clock.now()],
    );
    const codes = [used, replaced, suspended, expired, { code: 'ZZZZZ-ZZZZZ' }];
    const answers: { status: number; text: string; headers: string }[] = [];
    for (const { code } of codes) {
      const page = await typeCode(openBrowser(), code);
      const headers = [...page.headers].filter(([name]) => name !== 'date' && name !== 'content-length');
      answers.push({ status: page.status, text: bare(page, code), headers: JSON.stringify(headers) });
    }
    const [first, ...others] = answers;
    expect(first?.status).toBe(422);
    for (const other of others) expect(other).toEqual(first);
    // the twin: the code that replaced the other works
    expect((await typeCode(openBrowser(), fresh.code)).status).toBe(200);
  });

  it('lets one of eight who race for a code through', async () => {
    const { code, person } = await print();
    const browsers = Array.from({ length: 8 }, () => openBrowser());
    const pages = await Promise.all(browsers.map((browser) => typeCode(browser, code)));
    expect(pages.every((page) => page.status === 200)).toBe(true);
    const done = await Promise.all(pages.map((page, index) => choose(browsers[index]!, page)));
    expect(done.filter((page) => page.status === 303)).toHaveLength(1);
    expect(done.filter((page) => page.status === 422)).toHaveLength(7);
    const account = await server.identity.accounts.find({ personId: person });
    expect(await server.identity.sessions.list(account!.id)).toHaveLength(1);
  });

  it('stops guesses on one code, whether it exists or not, and lets other codes through', async () => {
    const { code } = await print();
    const near = `${code.slice(0, -1)}${code.endsWith('Q') ? 'R' : 'Q'}`;
    for (const guessed of [near, 'AAAAA-AAAAA']) {
      const browser = openBrowser();
      const page = await browser.follow(await browser.get(`${server.issuer}/sign-in/activate`));
      const tries: number[] = [];
      for (let round = 0; round < 25; round += 1) {
        tries.push((await browser.submit(page, { code: guessed })).status);
      }
      expect(tries).toEqual([...Array<number>(20).fill(422), ...Array<number>(5).fill(429)]);
    }
    expect((await typeCode(openBrowser(), code)).status).toBe(200);
  });

  it('is refused from another site’s form and from a browser that did not open the page', async () => {
    const { code } = await print();
    const browser = openBrowser();
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in/activate`));
    const fields = { code, password: PASSWORD, repeat: PASSWORD };
    expect((await openBrowser().post(page.url, fields)).status).toBe(400);
    expect((await browser.post(page.url, fields, { origin: 'https://evil.example' })).status).toBe(400);
    expect((await browser.post(page.url, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
    expect((await browser.post(page.url, fields, { origin: server.issuer })).status).toBe(303);
  });

  it('never writes the code down: not in the database, not in the log', async () => {
    const { code } = await print();
    const bareCode = code.replace('-', '');
    await typeCode(openBrowser(), code);
    const tables = await admin.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('identity', 'audit')`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const rows = await admin.query<{ text: string }>(`SELECT t::text AS text FROM ${name} AS t`);
      for (const { text } of rows) {
        expect(text).not.toContain(code);
        expect(text).not.toContain(bareCode);
      }
    }
  });
});
