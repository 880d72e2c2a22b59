import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { nameCell, newTotpSecret } from '@socle/identity';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-21 codes on paper: used twice, guessed, found in the database', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
  });
  afterAll(() => server.close());

  async function addWithPaper(login: string) {
    const { account } = await server.addPerson(login, PASSWORD);
    const { factors } = server.identity;
    await factors.assignTotp(account.id, newTotpSecret(), BY);
    const recovery = await factors.makePrinted(account.id, 'recovery', BY);
    const grid = await factors.makePrinted(account.id, 'grid', BY);
    return { account, recovery, grid };
  }
  const start = async (browser: HttpBrowser, username: string): Promise<Page> => {
    const page = await browser.follow(await browser.get(`${server.issuer}/sign-in?return-to=/private`));
    return browser.follow(
      await browser.submit(page, { username, password: PASSWORD }),
      `${server.issuer}/private`,
    );
  };
  const answer = async (username: string, fields: Record<string, string>) => {
    const browser = openBrowser();
    const page = await start(browser, username);
    const done = await browser.post(page.url, fields);
    return { done, isIn: done.location?.endsWith('/private') === true };
  };

  it('takes a recovery code once, however it is typed, and says how many are left', async () => {
    const { account, recovery } = await addWithPaper('lou.papier');
    const [first = '', second = ''] = recovery;
    expect(recovery).toHaveLength(10);
    expect(new Set(recovery).size).toBe(10);
    expect((await answer('lou.papier', { recovery: first.toLowerCase().replace('-', ' ') })).isIn).toBe(true);
    const again = await answer('lou.papier', { recovery: first });
    expect(again.done.status).toBe(422);
    expect(again.done.text).toContain('Il vous en reste 9');
    expect((await answer('lou.papier', { recovery: second })).isIn).toBe(true);
    expect((await server.identity.factors.list(account.id)).recovery?.left).toBe(8);
  });

  it('of eight browsers with one recovery code at the same time, lets one in', async () => {
    const { recovery, account } = await addWithPaper('max.papier');
    const browsers = Array.from({ length: 8 }, () => openBrowser());
    const pages = await Promise.all(browsers.map((browser) => start(browser, 'max.papier')));
    const answers = await Promise.all(
      pages.map((page, n) => browsers[n]!.post(page.url, { recovery: recovery[0] ?? '' })),
    );
    expect(answers.filter((page) => page.location?.endsWith('/private'))).toHaveLength(1);
    expect((await server.identity.factors.list(account.id)).recovery?.left).toBe(9);
  });

  it('asks for one cell of the grid, the same until it is used, and no other one fits', async () => {
    const { grid, account } = await addWithPaper('nora.papier');
    const { factors } = server.identity;
    expect(grid).toHaveLength(40);
    expect([nameCell(0), nameCell(7), nameCell(8), nameCell(39)]).toEqual(['A1', 'H1', 'A2', 'H5']);
    for (let n = 0; n < 2; n += 1) {
      const page = await start(openBrowser(), 'nora.papier');
      expect(page.text).toContain('case A1');
    }
    expect((await answer('nora.papier', { grid: grid[1] ?? '' })).isIn).toBe(false);
    expect((await answer('nora.papier', { grid: grid[0] ?? '' })).isIn).toBe(true);
    expect((await factors.list(account.id)).grid).toMatchObject({ left: 39, nextCell: 'B1' });
    expect((await answer('nora.papier', { grid: grid[0] ?? '' })).isIn).toBe(false);
    expect((await answer('nora.papier', { grid: grid[1] ?? '' })).isIn).toBe(true);
  });

  it('is a second factor by itself for whoever has no generator', async () => {
    const { account } = await server.addPerson('omar.grille', PASSWORD);
    const grid = await server.identity.factors.makePrinted(account.id, 'grid', BY);
    const page = await start(openBrowser(), 'omar.grille');
    expect(page.url).toMatch(/\/code$/);
    expect(page.text).not.toContain('name="code"');
    expect((await answer('omar.grille', { grid: grid[0] ?? '' })).isIn).toBe(true);
  });

  it('counts guesses at paper with those at the generator', async () => {
    await addWithPaper('pia.papier');
    const statuses: number[] = [];
    for (const fields of [
      { code: '000000' },
      { grid: '000000' },
      { recovery: 'AAAAA-AAAAA' },
      { recovery: '', code: '111111' },
      { grid: '111111' },
      { recovery: 'BBBBB-BBBBB' },
    ]) {
      statuses.push((await answer('pia.papier', fields)).done.status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });

  it('throws the former set away when a new one is printed, and keeps none in clear', async () => {
    const { account, recovery } = await addWithPaper('rita.papier');
    const fresh = await server.identity.factors.makePrinted(account.id, 'recovery', BY);
    expect((await answer('rita.papier', { recovery: recovery[0] ?? '' })).isIn).toBe(false);
    expect((await answer('rita.papier', { recovery: fresh[0] ?? '' })).isIn).toBe(true);
    const rows = await server.test
      .openAdmin()
      .query<{ text: string }>('SELECT row_to_json(p)::text AS text FROM identity.printed_codes AS p');
    expect(rows.length).toBeGreaterThan(50);
    const all = rows.map((row) => row.text).join('\n');
    for (const code of fresh) expect(all).not.toContain(code.replace('-', ''));
    const one = await addWithPaper('sacha.papier');
    expect((await answer('sacha.papier', { recovery: fresh[1] ?? '' })).isIn).toBe(false);
    expect((await answer('sacha.papier', { recovery: one.recovery[1] ?? '' })).isIn).toBe(true);
  });
});
