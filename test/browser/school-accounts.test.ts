import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { walkByKeyboard } from '../support/keyboard.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
const { issuer } = territory;

let browser: Browser;
let gallery: Gallery;
beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('school-accounts');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
});

describe('accounts of a school, in a browser', () => {
  it('signs a young pupil in with a badge that the camera read, then four pictures', async () => {
    const { badge, badgeCode, pictures } = territory.account('come.lanoe');
    const child = await openVisitor(browser);
    const { page } = child;
    // what a tablet's camera opens: the badge leaves the address bar at once and the form is sent
    await page.goto('about:blank');
    await page.goto(`${issuer}/sign-in/badge#${badge}`);
    await page.waitForSelector('.pad-key');
    expect(page.url()).not.toContain(badge ?? '#');
    for (const picture of [...(pictures ?? []).slice(0, 3), 'cat', 'dog'].slice(0, 3)) {
      await Promise.all([page.waitForNavigation(), page.click(`.pad-key[value="${picture}"]`)]);
    }
    const wrong = pictures?.[3] === 'cat' ? 'dog' : 'cat';
    await Promise.all([page.waitForNavigation(), page.click(`.pad-key[value="${wrong}"]`)]);
    expect(await readMain(page)).toContain('Ce n’est pas le bon badge');
    await gallery.look(page, 'badge-refused');
    await page.fill('input[name=badge]', badgeCode ?? '');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    for (const picture of pictures ?? []) {
      await Promise.all([page.waitForNavigation(), page.click(`.pad-key[value="${picture}"]`)]);
    }
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await readMain(page)).toContain('Côme');
    await gallery.look(page, 'portal-young');
    await page.goto(`${issuer}/account`);
    expect(await readMain(page)).toMatch(/Mon badge et mes images.*ton maître/);
    await gallery.look(page, 'account-young');
    await child.close();
  });

  it('lets the teacher of a young class see it, print, and give codes', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${issuer}/school/accounts`);
    await fillSignIn(page, territory.account('joel.d-hauterive'));
    await page.waitForURL(`${issuer}/school/accounts`);
    await gallery.look(page, 'classes');
    await page.click('main .tile a');
    await page.waitForURL(/\/classes\//);
    expect(await readMain(page)).toMatch(/Fin de cours.*Badges.*Fiches de compte/);
    await gallery.look(page, 'class');
    const stops = await walkByKeyboard(page);
    expect(stops.filter((stop) => !stop.visible || !stop.uncovered)).toEqual([]);
    await Promise.all([
      page.waitForNavigation(),
      page.getByRole('button', { name: /Préparer une page à imprimer/ }).click(),
    ]);
    expect(await page.locator('.sheet').count()).toBeGreaterThan(3);
    await gallery.look(page, 'sheets');
    // what is asked anew of somebody who is signed in says so
    await page.goto(`${issuer}/school/colleagues`);
    expect(await page.locator('h1').innerText()).toBe('Confirmez que c’est vous');
    await gallery.look(page, 'confirm');
    await visitor.close();
  });

  it('finds no violation of accessibility and nothing beyond the right edge', () => {
    expect(gallery.names.length).toBeGreaterThan(6);
    expect(gallery.problems).toEqual([]);
  });
});
