import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLink, mainText, sendForm, titleOf } from '../support/forms.ts';
import type { HttpBrowser, Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

const PATH = /^\/account\/portal$/;

describe('arranging one’s own portal', () => {
  let under: SocleUnderTest;
  let browser: HttpBrowser;
  let colleague: HttpBrowser;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const both = { school: under.phare, roles: ['local_admin'], academyRoles: ['dpo'] } as const;
    browser = await under.signIn(await under.add({ givenName: 'Aline', ...both }));
    colleague = await under.signIn(await under.add({ givenName: 'Bérengère', ...both }));
  });
  afterAll(() => under.close());

  const open = (path = '/', by = browser) => by.get(`${under.issuer}${path}`);
  const tiles = (page: Page) =>
    [...page.text.matchAll(/class="tile-title"><a href="([^"]*)"/g)].map(([, href]) => href);
  const act = async (name: string, tile: string, by = browser) =>
    sendForm(by, await open('/account/portal', by), PATH, { act: name, tile });

  it('offers the areas that are open to the person, and the way to arrange them', async () => {
    const portal = await open();
    expect(tiles(portal)).toEqual(['/school', '/approvals', '/dpo']);
    const page = await browser.get(findLink(portal, /Ranger/));
    expect(titleOf(page)).toBe('Ranger mon accueil');
    expect(mainText(page)).toMatch(/Établissement.*Accords à deux.*Accès aux données/);
  });

  it('moves, pins and hides by buttons of ordinary forms, says what was done, and keeps it', async () => {
    const moved = await act('earlier', 'area:dpo');
    expect(mainText(moved)).toContain('Accès aux données avance d’une place.');
    expect(tiles(await open())).toEqual(['/school', '/dpo', '/approvals']);
    await act('pin', 'area:approvals');
    const hidden = await act('hide', 'area:school');
    expect(mainText(hidden)).toMatch(/Épinglés, toujours en premier Accords à deux.*Masqués.*Établissement/);
    const portal = await open();
    expect(tiles(portal)).toEqual(['/approvals', '/dpo', '/school']);
    expect(mainText(portal)).toMatch(/Épinglés.*Mes services.*Un service masqué/);
    // what is put away is a matter of place, not of rights
    expect((await open('/school')).status).toBe(200);
  });

  it('changes nobody else’s portal', async () => {
    expect(tiles(await open('/', colleague))).toEqual(['/school', '/approvals', '/dpo']);
  });

  it('keeps two changes that are made at once', async () => {
    const pages = await Promise.all([open('/account/portal', colleague), open('/account/portal', colleague)]);
    await Promise.all(
      pages.map((page, index) =>
        sendForm(colleague, page, PATH, { act: 'pin', tile: ['area:dpo', 'area:school'][index]! }),
      ),
    );
    expect(new Set(tiles(await open('/', colleague)).slice(0, 2))).toEqual(new Set(['/dpo', '/school']));
    expect(mainText(await open('/account/portal', colleague))).toMatch(/Épinglés.*Dans cet ordre Accords/);
  });

  it('takes no tile that is not offered, no act that it does not know, and no form of another page', async () => {
    const before = tiles(await open());
    expect((await act('pin', 'area:security')).status).toBe(200);
    expect((await act('open', 'area:dpo')).status).toBe(200);
    expect(tiles(await open())).toEqual(before);
    const forged = await browser.post(`${under.issuer}/account/portal`, { act: 'hide', tile: 'area:dpo' });
    expect(forged.status).toBe(403);
    expect(tiles(await open())).toEqual(before);
  });

  it('goes back to the first order', async () => {
    const page = await sendForm(browser, await open('/account/portal'), /\/portal\/reset$/);
    expect(mainText(page)).toContain('L’accueil est comme au départ.');
    expect(tiles(await open())).toEqual(['/school', '/approvals', '/dpo']);
  });
});
