import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, titleOf } from '../support/forms.ts';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const BY = { actor: { kind: 'system', id: 'test' } } as const;
const CHOSEN = 'les huîtres comptent les étoiles';

describe('T-IDN-75 somebody gets in by a way that nobody wrote down, or round what another way asks', () => {
  let under: SocleUnderTest;
  let accountsAtFirst: number;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const [row] = await under.database
      .openAdmin()
      .query<{ n: number }>('SELECT count(*)::int AS n FROM identity.accounts');
    accountsAtFirst = row?.n ?? Number.NaN;
  });
  afterAll(() => under.close());

  const passwordInputs = ({ text }: Page) =>
    [...text.matchAll(/<input[^>]*name="(?:password|repeat)"[^>]*>/g)].map(([tag]) => tag);
  const openSignIn = async (browser: HttpBrowser = openBrowser()) =>
    browser.follow(await browser.get(`${under.issuer}/sign-in`));
  const giveCode = async (person: TestPerson): Promise<string> => {
    const [printed] = await under.socle.database.transaction(
      (tx) =>
        under.socle.identity.activation.issue(
          tx,
          [
            {
              person: {
                id: person.id,
                givenName: 'Noé',
                familyName: 'Le Goff',
                controller: under.phare.controller,
              },
            },
          ],
          { kind: 'reset', ...BY },
        ),
      { scope: 'all' },
    );
    if (!printed) throw new Error('no code was given');
    return printed.code.revealText();
  };
  const chooseByCode = async (person: TestPerson) => {
    const browser = openBrowser();
    const asked = await browser.follow(await browser.get(`${under.issuer}/sign-in/activate`));
    const choose = await browser.submit(asked, { code: await giveCode(person) });
    const answer = await browser.submit(choose, { password: CHOSEN, repeat: CHOSEN });
    return { browser, choose, answer };
  };
  const isIn = async (browser: HttpBrowser) => (await browser.get(`${under.issuer}/account`)).status === 200;

  it('holds no account before somebody makes one', async () => {
    expect(accountsAtFirst).toBe(0);
    for (const login of ['admin', 'root', 'socle', 'test', 'demo']) {
      const browser = openBrowser();
      const answer = await browser.submit(await openSignIn(browser), { username: login, password: login });
      expect(answer.status, login).toBe(422);
    }
  });

  it('asks for the second factor after a password that was chosen by a reset', async () => {
    const plain = await under.add({ givenName: 'Ava', school: under.phare, isPupil: true });
    const without = await chooseByCode(plain);
    expect(await isIn(await followAll(without))).toBe(true);

    const guarded = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    await under.socle.identity.factors.assignTotp(guarded.accountId, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', BY);
    const { browser, answer } = await chooseByCode(guarded);
    expect(new URL(answer.location ?? '').pathname).toMatch(/^\/sign-in\/[\w-]+\/code$/);
    const page = await browser.follow(answer);
    expect(page.text).toContain('name="code"');
    expect(await isIn(browser)).toBe(false);
    expect((await browser.submit(page, { code: '000000' })).status).toBe(422);
    expect(await isIn(browser)).toBe(false);
  });

  it('hides passwords while they are typed, and lets people paste them and managers fill them in', async () => {
    const person = await under.add({ givenName: 'Iris', school: under.phare, isPupil: true });
    const own = await under.signIn(person);
    const { choose } = await chooseByCode(
      await under.add({ givenName: 'Ulysse', school: under.phare, isPupil: true }),
    );
    const pages = [
      [await openSignIn(), 1, 'current-password'],
      [choose, 2, 'new-password'],
      [await own.get(`${under.issuer}/account/password`), 2, 'new-password'],
    ] as const;
    for (const [page, count, hint] of pages) {
      const inputs = passwordInputs(page);
      expect(inputs, titleOf(page)).toHaveLength(count);
      for (const input of inputs) {
        expect(input).toContain('type="password"');
        expect(input).toContain(`autocomplete="${hint}"`);
        expect(input).not.toMatch(/maxlength|readonly|onpaste|oncopy|ondrop/i);
      }
    }
    const script = await (
      await fetch(new URL(/src="([^"]*page-[^"]*\.js)"/.exec(choose.text)?.[1] ?? '', under.issuer))
    ).text();
    expect(script.length).toBeGreaterThan(1_000);
    expect(script).not.toMatch(/['"](paste|copy|drop|beforeinput)['"]/);
  });

  it('shows the way out on every page of somebody who is signed in', async () => {
    const head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head', 'local_admin'] });
    const officer = await under.add({ givenName: 'Tania', academyRoles: ['security_officer', 'dpo'] });
    let seen = 0;
    for (const person of [head, officer]) {
      const browser = await under.signIn(person);
      const home = await browser.get(`${under.issuer}/`);
      const areas = [
        ...home.text.matchAll(/class="(?:rail|bar)[^"]*"[^>]*href="(\/[a-z]+)"|href="(\/[a-z]+)"/g),
      ]
        .map((match) => match[1] ?? match[2] ?? '')
        .filter((href) => /^\/(account|school|approvals|dpo|security)$/.test(href));
      expect(areas.length).toBeGreaterThan(1);
      for (const href of new Set(['/', ...areas])) {
        const page = await browser.follow(await browser.get(`${under.issuer}${href}`));
        expect(page.status, href).toBe(200);
        expect(findForm(page, /^\/sign-out$/).action, href).toContain('/sign-out');
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(6);
  });

  it('has every way in written down with what it proves, and no line for a way that is none', async () => {
    const ways = await readFile(path.join(REPOSITORY, 'packages/identity/src/sign-in/ways.ts'), 'utf8');
    const known = [...ways.matchAll(/^ {2}\['([a-z]+)', \w+Way\],$/gm)].map(([, name]) => name);
    const page = await readFile(path.join(REPOSITORY, 'docs/authentication.md'), 'utf8');
    const written = [...page.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(4);
    expect(new Set(written)).toEqual(new Set(known));
    expect(written).toHaveLength(known.length);
  });
});

async function followAll({ browser, answer }: { browser: HttpBrowser; answer: Page }): Promise<HttpBrowser> {
  await browser.follow(answer);
  return browser;
}
