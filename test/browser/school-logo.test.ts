import path from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
const { issuer } = territory;

const LIGHTHOUSE = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300" viewBox="0 0 300 100">
<path d="M20 90h40l-8-60h-24z" fill="#c2413b"/><path d="M26 48h28l2 14h-32z" fill="#fff"/><rect x="26" y="16" width="28" height="14" fill="#213547"/>
<path d="M54 20l60-14v34z" fill="#f2c14e"/><path d="M10 92q20-8 40 0t40 0 40 0 40 0 40 0 40 0" stroke="#1f6fb2" stroke-width="6" fill="none"/></svg>`;

let browser: Browser;
let gallery: Gallery;
let folder: string;
beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('school-logo');
  folder = await mkdtemp('/tmp/socle-logo-');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
  await rm(folder, { recursive: true });
});

describe('the logo of a school, in a browser', () => {
  it('is set by an administrator, stands on their pages, on sheets and at the door, and can be taken away and brought back', async () => {
    const file = path.join(folder, 'phare.png');
    await sharp(Buffer.from(LIGHTHOUSE)).png().toFile(file);
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    const send = async (name: RegExp) => {
      await Promise.all([page.waitForNavigation(), page.getByRole('button', { name }).click()]);
    };
    await page.goto(`${issuer}/school/appearance`);
    await fillSignIn(page, territory.account('edouard.vaucresson'));
    await page.waitForURL(/\/school\/appearance\/[\w-]+$/);
    await gallery.look(page, 'none-yet');
    await page.setInputFiles('input[name=logo]', {
      name: 'blason.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from(LIGHTHOUSE),
    });
    await send(/Mettre ce logo/);
    expect(await readMain(page)).toContain('pas une image PNG, JPEG ou WebP');
    await gallery.look(page, 'refused');
    await page.setInputFiles('input[name=logo]', file);
    await send(/Mettre ce logo/);
    expect(await readMain(page)).toContain('Le nouveau logo est en place');
    const logo = page.locator('.brand-logo');
    expect(await logo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)).toBe(
      480,
    );
    await gallery.look(page, 'in-place');
    const door = await page.locator('main code').innerText();
    await send(/Retirer le logo/);
    expect(await logo.count()).toBe(0);
    await gallery.look(page, 'removed-with-undo');
    await send(/Annuler/);
    expect(await logo.count()).toBe(1);
    await page.goto(`${issuer}/`);
    await gallery.look(page, 'portal');
    expect(visitor.complaints).toEqual([]);
    await visitor.close();

    const stranger = await openVisitor(browser);
    await stranger.page.goto(door);
    expect(await stranger.page.locator('.brand-logo').count()).toBe(1);
    await gallery.look(stranger.page, 'sign-in');
    await stranger.page.getByRole('link', { name: /badge/ }).click();
    await stranger.page.waitForURL(/\/badge$/);
    expect(await stranger.page.locator('.brand-logo').count()).toBe(1);
    expect(stranger.complaints).toEqual([]);
    await stranger.close();
  });

  it('finds no violation of accessibility and nothing beyond the right edge', () => {
    expect(gallery.names.length).toBe(6);
    expect(gallery.problems).toEqual([]);
  });
});
