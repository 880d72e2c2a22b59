import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, newId, type ManualClock, type PersonId } from '@socle/base';
import type { Person, PrintedCode } from '@socle/identity';
import { openBrowser, type HttpBrowser, type Page } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const PASSWORD = 'trois châtaignes sous la pluie';

describe('activating an account with the code of a sheet', () => {
  let server: IdentityServer;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    server = await startIdentityServer({ clock });
  });
  // The provider stamps its rows with the machine's time.
  beforeEach(() => clock.set(new Date()));
  afterAll(() => server.close());

  const addPupil = (givenName: string, familyName: string, change: Partial<Person> = {}): PersonId => {
    const id = newId<PersonId>();
    const displayName = `${givenName} ${familyName}`;
    server.people.set(id, {
      id,
      status: 'active',
      displayName,
      givenName,
      familyName,
      controller: 'c1',
      ...change,
    });
    return id;
  };
  const print = async (...people: readonly [PersonId, string, string][]): Promise<readonly PrintedCode[]> =>
    server.test.app.transaction(
      (tx) =>
        server.identity.activation.issue(
          tx,
          people.map(([id, givenName, familyName]) => ({
            person: { id, givenName, familyName, controller: 'c1' },
          })),
          { kind: 'activation', ...BY },
        ),
      { scope: 'all' },
    );
  const openCodePage = async (browser: HttpBrowser) =>
    browser.follow(await browser.get(`${server.issuer}/sign-in/activate`));
  const typeCode = async (browser: HttpBrowser, code: string): Promise<Page> =>
    browser.submit(await openCodePage(browser), { code });
  const choose = (browser: HttpBrowser, page: Page, password = PASSWORD, repeat = password) =>
    browser.submit(page, { password, repeat });
  const home = async (browser: HttpBrowser) => (await browser.get(`${server.issuer}/`)).text;

  it('asks for the code, then for a password of one’s own, and signs in', async () => {
    const lea = addPupil('Léa', 'Œrsted-Noël');
    const [sheet] = await print([lea, 'Léa', 'Œrsted-Noël']);
    expect(sheet?.login).toBe('lea.oersted-noel');
    const browser = openBrowser();
    const asked = await typeCode(browser, sheet!.code.revealText().toLowerCase().replace('-', ' '));
    expect(asked.status).toBe(200);
    expect(asked.text).toContain('Bonjour Léa');
    expect(asked.text).toContain('lea.oersted-noel');
    const done = await choose(browser, asked);
    expect(done.status).toBe(303);
    expect(await home(browser)).toContain('"acr":"password"');
    // and with the password from then on
    const again = openBrowser();
    const page = await again.follow(await again.get(`${server.issuer}/sign-in`));
    await again.submit(page, { username: 'lea.oersted-noel', password: PASSWORD });
    expect(await home(again)).toContain('Léa');
  });

  it('gives namesakes a login each, and a person who has an account the same one', async () => {
    const [first, second] = [addPupil('Zoé', 'Martin'), addPupil('Zoé', 'Martin')];
    const sheets = await print([first, 'Zoé', 'Martin'], [second, 'Zoé', 'Martin']);
    expect(sheets.map(({ login }) => login)).toEqual(['zoe.martin', 'zoe.martin2']);
    expect((await print([second, 'Zoé', 'Martin']))[0]?.login).toBe('zoe.martin2');
  });

  it('keeps the code in the fragment of the printed address, which no server receives', async () => {
    const [sheet] = await print([addPupil('Ana', 'Lopez'), 'Ana', 'Lopez']);
    const address = new URL(sheet!.address.revealText());
    expect(address.origin + address.pathname).toBe(`${server.issuer}/sign-in/activate`);
    expect(address.search).toBe('');
    expect(address.hash.slice(1)).toBe(sheet!.code.revealText());
    const redirect = await openBrowser().get(`${address.origin}${address.pathname}`);
    expect(redirect.status).toBe(303);
    // a fragment of its own would replace the one that the browser carries along
    expect(redirect.headers.get('location')).toMatch(/^\/sign-in\/[\w-]+\/activate$/);
  });

  it('does not use the code up for a password that is refused or mistyped', async () => {
    const [sheet] = await print([addPupil('Tom', 'Petit'), 'Tom', 'Petit']);
    const browser = openBrowser();
    const page = await typeCode(browser, sheet!.code.revealText());
    const different = await choose(browser, page, PASSWORD, `${PASSWORD}!`);
    expect(different.status).toBe(422);
    expect(different.text).toContain('ne sont pas les mêmes');
    const weak = await choose(browser, different, 'court', 'court');
    expect(weak.status).toBe(422);
    expect(weak.text).toContain('trop facile');
    expect((await choose(browser, weak)).status).toBe(303);
  });

  it('ends the sessions that others had opened on the account', async () => {
    const { account, person } = await server.addPerson('ugo.blanc', PASSWORD);
    const thief = openBrowser();
    await thief.submit(await thief.follow(await thief.get(`${server.issuer}/sign-in`)), {
      username: 'ugo.blanc',
      password: PASSWORD,
    });
    expect(await home(thief)).toContain('acr');
    const [sheet] = await print([person.id, 'Ugo', 'Blanc']);
    const owner = openBrowser();
    await choose(owner, await typeCode(owner, sheet!.code.revealText()), 'un autre mot de passe');
    expect(await home(thief)).not.toContain('acr');
    expect(await home(owner)).toContain('acr');
    expect(await server.identity.sessions.list(account.id)).toHaveLength(1);
  });

  it('speaks English to those who ask for it', async () => {
    const page = await openCodePage(openBrowser({ language: 'en' }));
    expect(page.text).toContain('Code on the sheet');
    expect(page.text).toContain('lang="en"');
  });
});
