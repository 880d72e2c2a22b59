import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();

let browser: Browser;
let gallery: Gallery;

beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('english');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
});

describe('without JavaScript', () => {
  it('tells the same story: sign in, enter, publish, read, sign out', async () => {
    const teacher = await openVisitor(browser, { javaScriptEnabled: false });
    const { page } = teacher;
    await page.goto(`${territory.issuer}/`);
    await fillSignIn(page, { ...territory.account('raphaelle.noailles'), password: 'faux' });
    expect(await readMain(page)).toContain('n’est pas le bon');
    await fillSignIn(page, territory.account('raphaelle.noailles'));
    await page.click('main a:has-text("Notes")');
    await page.click('main a:has-text("4EME A")');
    await page.click('main a:has-text("Créer une évaluation")');
    await page.fill('input[name=title]', 'Sans script');
    await page.getByRole('button', { name: 'Créer et saisir' }).click();
    await page.fill('input[aria-label*="Zoé Lanoë"]', '13,25');
    await page.getByRole('button', { name: 'Publier…' }).click();
    await page.getByRole('button', { name: 'Publier les notes' }).click();
    expect(await readMain(page)).toContain('C’est publié : 1 note est visible');
    const mother = await openVisitor(browser, { javaScriptEnabled: false });
    await mother.page.goto(`${territory.gradesUrl}/`);
    await fillSignIn(mother.page, territory.account('helene.aubree'));
    await mother.page.click('main a:has-text("Zoé Lanoë")');
    expect(await readMain(mother.page)).toMatch(/Sans script.*13,25/);
    await mother.close();
    await page.click('header button:has-text("Se déconnecter")');
    await page.click('main button:has-text("Me déconnecter")');
    await page.goto(`${territory.gradesUrl}/`);
    expect(await page.locator('input[name=password]').count()).toBe(1);
    await teacher.close();
  });
});

describe('in English', () => {
  it('speaks English to a browser that asks for it, from the sign-in to the marks', async () => {
    const visitor = await openVisitor(browser, { locale: 'en-GB' });
    const { page } = visitor;
    await page.goto(`${territory.issuer}/`);
    await expectEnglish(page, 'Sign in');
    await fillSignIn(page, territory.account('etienne.lanoe'));
    await page.waitForURL(`${territory.issuer}/`);
    await expectEnglish(page, 'Hello Étienne');
    await gallery.look(page, 'portal-parent');
    await page.click('main a:has-text("Marks"), main a:has-text("Grades")');
    await expectEnglish(page, 'My children');
    await gallery.look(page, 'parent-home');
    await page.click('main a:has-text("Zoé Lanoë")');
    await page.waitForURL(/\/children\//);
    await gallery.look(page, 'parent-child');
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('changes language by a button on every page, and keeps the choice in every service', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${territory.issuer}/`);
    await page.click('button[name=language][value=en]');
    await expectEnglish(page, 'Sign in');
    await fillSignIn(page, territory.account('raphaelle.noailles'));
    await page.waitForURL(`${territory.issuer}/`);
    await expectEnglish(page, 'Hello Raphaëlle');
    await page.goto(`${territory.gradesUrl}/`);
    await expectEnglish(page, 'My classes');
    await gallery.look(page, 'teacher-home');
    await page.click('main a:has-text("4EME A")');
    await page.click('button[name=language][value=fr]');
    await page.waitForSelector('html[lang=fr]');
    expect(page.url()).toContain('/classes/');
    await page.goto(`${territory.issuer}/`);
    expect(await page.locator('h1').innerText()).toBe('Bonjour Raphaëlle');
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });
});

it('has no violation of accessibility, nothing beyond an edge, in English', () => {
  expect(gallery.names.length).toBeGreaterThan(3);
  expect(gallery.problems).toEqual([]);
});

async function expectEnglish(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  expect(await page.getAttribute('html', 'lang')).toBe('en');
}
