import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain, type Visitor } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { tabTo, walkByKeyboard } from '../support/keyboard.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
const TITLE = 'Théorème de Thalès';

let browser: Browser;
let gallery: Gallery;
let teacher: Visitor;
let sheetUrl: string;

beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('story');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
});

/** Opens a browser for a demo account and signs in where `start` leads. */
async function arrive(username: string, start = territory.gradesUrl, options = {}): Promise<Visitor> {
  const visitor = await openVisitor(browser, options);
  await visitor.page.goto(`${start}/`);
  await fillSignIn(visitor.page, territory.account(username));
  return visitor;
}

async function leave(visitor: Visitor): Promise<void> {
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
}

const press = (page: Page, key: string) => page.keyboard.press(key);

/** Presses a button or link that the focus stands on, and waits for the page it leads to. */
async function enterTo(page: Page, address: RegExp): Promise<void> {
  await Promise.all([page.waitForURL(address), press(page, 'Enter')]);
}

describe('a teacher who uses the keyboard alone', () => {
  it('signs in, and comes to her portal', async () => {
    teacher = await openVisitor(browser);
    const { page } = teacher;
    await page.goto(`${territory.issuer}/`);
    const account = territory.account('raphaelle.noailles');
    await tabTo(page, /^Identifiant/);
    await page.keyboard.type(account.username);
    await tabTo(page, /^Mot de passe/);
    await page.keyboard.type(account.password);
    await enterTo(page, /\/$/);
    expect(await page.locator('h1').innerText()).toBe('Bonjour Raphaëlle');
    await gallery.look(page, 'portal-teacher');
  });

  it('skips the header by the first link of a page, and is never caught in it', async () => {
    const { page } = teacher;
    await page.reload();
    const stops = await walkByKeyboard(page);
    expect(stops.length).toBeGreaterThan(4);
    expect(stops[0]).toMatchObject({ name: 'Aller au contenu' });
    expect(stops.filter((stop) => !stop.visible || !stop.uncovered)).toEqual([]);
    await page.reload();
    await tabTo(page, /^Aller au contenu/);
    await press(page, 'Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('opens Notes from the portal without signing in again, and creates an assessment', async () => {
    const { page } = teacher;
    await tabTo(page, /^Notes/);
    await enterTo(page, new RegExp(`^${territory.gradesUrl}/$`));
    expect(await page.locator('h1').innerText()).toBe('Mes classes');
    await tabTo(page, /^4EME A/);
    await enterTo(page, /\/classes\//);
    await tabTo(page, /^Créer une évaluation/);
    await enterTo(page, /\/assessments\/new/);
    await gallery.look(page, 'create');
    await tabTo(page, /^Titre/);
    await press(page, 'Enter');
    await page.waitForSelector('[data-error-summary]');
    await gallery.look(page, 'create-error');
    await tabTo(page, /^Titre/);
    await page.keyboard.type(TITLE);
    await tabTo(page, /^Créer et saisir/);
    await enterTo(page, /\/assessments\/[0-9a-f-]{36}/);
    sheetUrl = page.url().replace(/\?.*$/, '');
    await gallery.look(page, 'sheet-new');
  });

  it('enters marks with commas, "abs" and the tabulation, and is told where one is wrong', async () => {
    const { page } = teacher;
    const cells = page.locator('input[name^="mark."]');
    const total = await cells.count();
    expect(total).toBeGreaterThan(15);
    const values = ['12,5', 'abs', '9', '17,25', '8,5', '14', 'disp', '11', '15,5', 'ne'];
    for (let index = 0; index < total; index += 1) {
      const { name } = await tabTo(page, /^Note de /);
      if (name.includes('Zoé Lanoë')) await page.keyboard.type('14,5');
      else await page.keyboard.type(name.includes('Malo') ? '25' : (values[index % values.length] ?? '10'));
    }
    await tabTo(page, /^Enregistrer$/);
    await press(page, 'Enter');
    await page.waitForSelector('[data-error-summary]');
    expect(await readMain(page)).toContain('Rien n’est perdu');
    await gallery.look(page, 'sheet-error');
    await tabTo(page, /Malo/);
    await press(page, 'Enter');
    await press(page, 'Control+A');
    await page.keyboard.type('18');
    await press(page, 'Enter');
    await page.waitForSelector('.flash-good');
    expect(await page.locator('input[aria-label*="Zoé Lanoë"]').inputValue()).toBe('14,5');
    await gallery.look(page, 'sheet-saved');
  });

  it('keeps the draft from the family', async () => {
    for (const username of ['zoe.lanoe', 'helene.aubree']) {
      const visitor = await arrive(username);
      expect(await readMain(visitor.page)).not.toContain(TITLE);
      const answer = await visitor.page.goto(sheetUrl);
      expect(answer?.status()).toBe(403);
      if (username === 'zoe.lanoe') await gallery.look(visitor.page, 'refused-assessment');
      await leave(visitor);
    }
  });

  it('chooses between two values when two tabs changed the same mark', async () => {
    const { page } = teacher;
    const other = await teacher.openTab();
    await other.goto(sheetUrl);
    const cell = 'input[aria-label*="Zoé Lanoë"]';
    await page.fill(cell, '15');
    await save(page);
    await page.waitForSelector('.flash-good');
    await other.fill(cell, '16');
    await save(other);
    await other.waitForSelector('input[type=radio]');
    expect(await readMain(other)).toMatch(/Garder 15.*Mettre 16/);
    await gallery.look(other, 'sheet-conflict');
    await other.check('input[value=mine]');
    await other.getByRole('button', { name: 'Enregistrer mes choix' }).click();
    await other.waitForSelector('.flash');
    expect(await other.inputValue(cell)).toBe('16');
    await other.fill(cell, '14,5');
    await save(other);
    await other.waitForSelector('.flash-good');
    await other.close();
  });

  it('publishes, after reading who will see what', async () => {
    const { page } = teacher;
    await page.goto(sheetUrl);
    await tabTo(page, /^Publier…/);
    await enterTo(page, /\/publish/);
    expect(await readMain(page)).toContain('On ne peut pas dépublier');
    await gallery.look(page, 'publish');
    await tabTo(page, /^Publier les notes/);
    await press(page, 'Enter');
    await page.waitForSelector('.flash-good');
    expect(await readMain(page)).toContain('C’est publié');
    await gallery.look(page, 'sheet-published');
  });

  it('corrects a mark, saying why, and keeps what it was', async () => {
    const { page } = teacher;
    await tabTo(page, /^Corriger.*Zoé Lanoë/);
    await enterTo(page, /\/pupils\//);
    const correction = page.url();
    await gallery.look(page, 'correct');
    await tabTo(page, /^Nouvelle note/);
    await press(page, 'Control+A');
    await page.keyboard.type('15,5');
    await press(page, 'Enter');
    await page.waitForSelector('[data-error-summary]');
    await gallery.look(page, 'correct-error');
    await tabTo(page, /^Pourquoi/);
    await press(page, 'ArrowDown');
    await tabTo(page, /^Corriger la note/);
    await press(page, 'Enter');
    await page.waitForSelector('.flash-good');
    await page.goto(correction);
    expect(await readMain(page)).toContain('14,5 / 20 → 15,5 / 20');
    await gallery.look(page, 'correct-history');
  });
});

describe('her pupil and his family', () => {
  it('shows the pupil her mark on her own page', async () => {
    const pupil = await arrive('zoe.lanoe', territory.issuer);
    expect(await pupil.page.locator('h1').innerText()).toBe('Bonjour Zoé');
    await gallery.look(pupil.page, 'portal-pupil');
    await pupil.page.click('main a:has-text("Notes")');
    await pupil.page.waitForURL(`${territory.gradesUrl}/**`);
    expect(await readMain(pupil.page)).toMatch(new RegExp(`${TITLE}.*15,5`));
    await leave(pupil);
  });

  it('shows it to both parents who hold authority', async () => {
    for (const username of ['helene.aubree', 'etienne.lanoe']) {
      const parent = await arrive(username, territory.issuer);
      if (username === 'helene.aubree') await gallery.look(parent.page, 'portal-parent');
      await parent.page.click('main a:has-text("Notes")');
      await parent.page.click('main a:has-text("Zoé Lanoë")');
      await parent.page.waitForURL(/\/children\//);
      expect(await readMain(parent.page)).toMatch(new RegExp(`${TITLE}.*15,5`));
      await leave(parent);
    }
  });

  it('shows nothing to the father without authority nor to the grandmother who is a contact', async () => {
    const mother = await arrive('helene.aubree');
    await mother.page.click('main a:has-text("Malo Quéméneur")');
    await mother.page.waitForURL(/\/children\//);
    expect(await readMain(mother.page)).toContain(TITLE);
    const child = mother.page.url();
    await leave(mother);
    for (const username of ['loic.quemeneur', 'berenice.aubree']) {
      const visitor = await arrive(username);
      expect(await readMain(visitor.page)).not.toMatch(/Malo|Zoé/);
      if (username === 'loic.quemeneur') await gallery.look(visitor.page, 'parent-without-child');
      const answer = await visitor.page.goto(child);
      expect(answer?.status()).toBe(403);
      expect(await readMain(visitor.page)).not.toMatch(/Malo|Thalès/);
      if (username === 'loic.quemeneur') await gallery.look(visitor.page, 'refused-child');
      await leave(visitor);
    }
  });
});

describe('signing out and in', () => {
  it('signs out of the socle from the module, in every tab', async () => {
    const { page } = teacher;
    const other = await teacher.openTab();
    await other.goto(`${territory.issuer}/`);
    await other.click('main a:has-text("Notes")');
    await page.goto(`${territory.gradesUrl}/`);
    await page.click('header button:has-text("Se déconnecter")');
    await confirmSignOut(page);
    await other.reload();
    await other.waitForSelector('input[name=password]');
    await other.goto(`${territory.issuer}/`);
    await other.waitForSelector('input[name=password]');
    await leave(teacher);
  });

  it('signs out of the module from the portal', async () => {
    const pupil = await arrive('malo.quemeneur', territory.issuer);
    const notes = await pupil.openTab();
    await notes.goto(`${territory.gradesUrl}/`);
    expect(await readMain(notes)).toContain(TITLE);
    await pupil.page.click('header button:has-text("Se déconnecter")');
    await pupil.page.waitForSelector('main button:has-text("Me déconnecter")');
    await confirmSignOut(pupil.page);
    await notes.reload();
    await notes.waitForSelector('input[name=password]');
    await gallery.look(notes, 'sign-in-to-notes');
    await leave(pupil);
  });

  it('lets two tabs sign in, one after the other', async () => {
    const visitor = await openVisitor(browser);
    const other = await visitor.openTab();
    for (const tab of [visitor.page, other]) await tab.goto(`${territory.gradesUrl}/`);
    for (const tab of [visitor.page, other]) {
      await fillSignIn(tab, territory.account('zoe.lanoe'));
      await tab.waitForURL(`${territory.gradesUrl}/**`);
    }
    await leave(visitor);
  });

  it('says what is wrong with a password, keeps the name, and lets in who then types it well', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    const account = territory.account('timothee.echard');
    await page.goto(`${territory.issuer}/`);
    await fillSignIn(page, { ...account, password: 'ce n’est pas lui' });
    await page.waitForSelector('[data-error-summary]');
    expect(await readMain(page)).toContain('n’est pas le bon');
    expect(await page.inputValue('input[name=username]')).toBe(account.username);
    expect(await page.inputValue('input[name=password]')).toBe('');
    await fillSignIn(page, account);
    await page.waitForURL(`${territory.issuer}/`);
    await leave(visitor);
  });
});

it('has no violation of accessibility, nothing beyond an edge, in any page of the story', () => {
  expect(gallery.names.length).toBeGreaterThan(17);
  expect(gallery.problems).toEqual([]);
});

function save(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
}

/** Says yes where the socle asks whether to sign out, and waits until it is done. */
async function confirmSignOut(page: Page): Promise<void> {
  await page.click('main button:has-text("Me déconnecter")');
  await page.getByRole('heading', { name: /déconnecté|fermée/ }).waitFor();
}
