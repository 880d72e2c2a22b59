import { readFile, readdir } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { startTerritory, type Territory } from '../support/territory.ts';

let browser: Browser;
let gallery: Gallery;
let territory: Territory;

beforeAll(async () => {
  // a territory of its own: the tests of the other files must not wait for this one's socle
  territory = await startTerritory();
  browser = await launchChromium();
  gallery = await openGallery('outage');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
  await territory.remove();
});

describe('while the socle does not answer', () => {
  it('keeps what was typed in the page, and saves it by one button afterwards', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${territory.gradesUrl}/`);
    await fillSignIn(page, territory.account('teacher'));
    await page.click('main a:has-text("4EME A")');
    await page.click('main a:has-text("Créer une évaluation")');
    await page.fill('input[name=title]', 'Pendant la panne');
    await page.getByRole('button', { name: 'Créer et saisir' }).click();
    await page.waitForURL(/\/assessments\/[0-9a-f-]{36}/);
    const sheet = page.url();
    await page.fill('input[aria-label*="Zoé Lanoë"]', '16,5');
    const socle = await findSocle();
    process.kill(socle, 'SIGSTOP');
    const other = await visitor.openTab();
    try {
      await page.getByRole('button', { name: 'Enregistrer', exact: true }).click();
      await page.getByRole('button', { name: /Réessayer/ }).waitFor({ timeout: 60_000 });
      expect(await readMain(page)).toContain('rien n’est perdu');
      await gallery.look(page, 'outage-typed');
      const answer = await other.goto(sheet);
      expect(answer?.status()).toBe(503);
      await gallery.look(other, 'outage');
    } finally {
      process.kill(socle, 'SIGCONT');
    }
    await page.getByRole('button', { name: /Réessayer/ }).click();
    await page.waitForSelector('.flash-good');
    expect(await page.inputValue('input[aria-label*="Zoé Lanoë"]')).toBe('16,5');
    await other.reload();
    expect(await other.inputValue('input[aria-label*="Zoé Lanoë"]')).toBe('16,5');
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
    expect(gallery.names.length).toBe(2);
    expect(gallery.problems).toEqual([]);
  });
});

/** The process of the socle itself, by its command line and its data folder. */
async function findSocle(): Promise<number> {
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const commandLine = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (commandLine.includes('services/socle/src/main.ts') && environment.includes(territory.dataDir))
      return Number(name);
  }
  throw new Error('the socle does not run');
}
