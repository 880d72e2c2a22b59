import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain, type Visitor } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { walkByKeyboard } from '../support/keyboard.ts';
import { publishTerm } from '../support/marks-of-a-term.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
const notes = territory.gradesUrl;

let browser: Browser;
let gallery: Gallery;
let term: { readonly draft: string; readonly published: string };

beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('states');
  term = await publishTerm(territory);
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
});

/** Lets someone sign in, do something in their browser, and leave it without complaints. */
async function visit(
  username: string,
  start: string,
  act: (page: Visitor['page']) => Promise<void>,
): Promise<void> {
  const visitor = await openVisitor(browser);
  await visitor.page.goto(start);
  await fillSignIn(visitor.page, territory.account(username));
  await visitor.page.waitForURL(`${new URL(start).origin}/**`);
  await act(visitor.page);
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
}

describe('what a teacher meets in a term', () => {
  it('shows drafts first, then classes; the book, the marks of one pupil, and the way to change or delete', async () => {
    await visit('raphaelle.noailles', `${notes}/`, async (page) => {
      expect(await readMain(page)).toMatch(/À terminer.*Statistiques.*Classes et matières/);
      await gallery.look(page, 'teacher-home');
      await page.click('main a:has-text("4EME A")');
      await page.waitForURL(/\/classes\//);
      expect(await readMain(page)).toMatch(/Moyenne de la classe.*Proportionnalité/);
      await gallery.look(page, 'book', { hasWideTable: true });
      await page.click('main a:has-text("Zoé Lanoë")');
      await page.waitForURL(/\/pupils\//);
      await gallery.look(page, 'pupil-to-teacher');
      await page.goto(term.draft);
      await gallery.look(page, 'sheet-half');
      const stops = await walkByKeyboard(page);
      expect(stops.length).toBeGreaterThan(20);
      expect(stops.filter((stop) => !stop.visible || !stop.uncovered)).toEqual([]);
      await page.goto(`${term.draft}/edit`);
      await gallery.look(page, 'edit');
      await page.goto(`${term.draft}/delete`);
      await gallery.look(page, 'delete');
      await page.getByRole('button', { name: 'Supprimer le brouillon' }).click();
      await page.waitForSelector('.flash');
      await gallery.look(page, 'deleted');
      await page.getByRole('button', { name: 'Annuler la suppression' }).click();
      await page.waitForSelector('.flash-good');
      expect(await readMain(page)).toContain('Le brouillon est revenu');
    });
  });

  it('tells what to do first where there is nothing yet', async () => {
    await visit('raphaelle.noailles', `${notes}/`, async (page) => {
      await page.click('main a:has-text("6EME B")');
      await page.waitForURL(/\/classes\//);
      expect(await readMain(page)).toContain('Aucune évaluation pour l’instant');
      await gallery.look(page, 'book-empty');
      await page.click('main a:has-text("Créer une évaluation")');
      await page.fill('input[name=title]', 'Tables de multiplication');
      await page.getByRole('button', { name: 'Créer et saisir' }).click();
      await page.waitForURL(/\/assessments\/[0-9a-f-]{36}/);
      await page.goto(`${page.url().replace(/\?.*$/, '')}/publish`);
      expect(await readMain(page)).toContain('Pas encore de note à publier');
      await gallery.look(page, 'publish-empty');
    });
    await visit('joel.d-hauterive', `${notes}/`, async (page) => {
      expect(await readMain(page)).toContain('Aucune classe pour le moment');
      await gallery.look(page, 'teacher-without-class');
    });
  });

  it('shows the head teacher every subject of the class', async () => {
    await visit('gregoire.pelissier', `${notes}/`, async (page) => {
      await gallery.look(page, 'head-teacher-home');
      await page
        .getByRole('link', { name: /Ma classe/ })
        .first()
        .click();
      await page.waitForURL(/\/classes\//);
      expect(await readMain(page)).toContain('toutes les matières');
      await gallery.look(page, 'class-overview', { hasWideTable: true });
      await page.click('main a:has-text("Zoé Lanoë")');
      await page.waitForURL(/\/pupils\//);
      await gallery.look(page, 'pupil-to-head-teacher');
    });
  });
});

describe('what families and the others meet', () => {
  it('shows a pupil averages, marks and their way over time', async () => {
    await visit('zoe.lanoe', `${notes}/`, async (page) => {
      expect(await readMain(page)).toMatch(/Moyenne générale.*Proportionnalité/);
      await gallery.look(page, 'pupil-marks');
    });
  });

  it('shows a mother each child, then the marks of one', async () => {
    await visit('helene.aubree', `${notes}/`, async (page) => {
      await gallery.look(page, 'parent-home');
      await page.click('main a:has-text("Zoé Lanoë")');
      await page.waitForURL(/\/children\//);
      await gallery.look(page, 'parent-child');
    });
    await visit('solene.evrard', `${notes}/`, async (page) => {
      await gallery.look(page, 'parent-of-one');
    });
  });

  it('has a portal for each role, and says what to do where there is no service yet', async () => {
    for (const username of ['francoise.chateau-gaillard', 'gael.montfleury', 'victor.clairefontaine']) {
      await visit(username, `${territory.issuer}/`, (page) =>
        gallery.look(page, `portal-${territory.account(username).role}`),
      );
    }
    await visit('gael.montfleury', `${notes}/`, async (page) => {
      expect(await readMain(page)).toContain('Rien à afficher ici');
      await gallery.look(page, 'notes-without-place');
    });
    await visit('francoise.chateau-gaillard', `${notes}/`, async (page) => {
      await gallery.look(page, 'head-home');
      await page.click('main a:has-text("4EME A")');
      await page.waitForURL(/\/classes\//);
      expect(await readMain(page)).toMatch(/Moyenne de la classe.*Zoé Lanoë/);
    });
  });
});

describe('what goes wrong', () => {
  it('says on a page of its own what happened, what to do, and where to go', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    const expected: readonly [string, string, number, RegExp][] = [
      ['socle-404', `${territory.issuer}/nulle-part`, 404, /n’existe pas/],
      ['sign-in-expired', `${territory.issuer}/sign-in/nulle-part`, 400, /a expiré/],
      ['sign-in-refused', `${territory.issuer}/auth?client_id=grades`, 400, /n’a pas abouti/],
      ['notes-404', `${notes}/nulle-part`, 404, /n’existe pas/],
      ['notes-signed-out', `${notes}/signed-out`, 200, /À bientôt/],
      ['notes-sign-in-expired', `${notes}/oidc/callback?state=x&code=y`, 403, /connexion/],
    ];
    for (const [name, address, status, words] of expected) {
      const answer = await page.goto(address);
      expect(answer?.status(), name).toBe(status);
      expect(await readMain(page), name).toMatch(words);
      expect(await page.locator('main a[href], main button').count(), name).toBeGreaterThan(0);
      // those of sign-in are looked at in identity-pages.test.ts
      if (!name.startsWith('sign-in')) await gallery.look(page, name);
    }
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('asks to wait after many wrong passwords, and says how long', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${territory.issuer}/`);
    const account = { ...territory.account('ophelie.le-bihan'), password: 'faux' };
    for (let attempt = 0; attempt < 11; attempt += 1) {
      await fillSignIn(page, account);
      await page.waitForSelector('[data-error-summary]');
    }
    expect(await readMain(page)).toMatch(/Trop d’essais. Attendez \d+ min/);
    await gallery.look(page, 'sign-in-throttled');
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});

it('has no violation of accessibility, nothing beyond an edge, in any state', () => {
  expect(gallery.names.length).toBeGreaterThan(25);
  expect(gallery.problems).toEqual([]);
});
