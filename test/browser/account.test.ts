import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
let browser: Browser;
let gallery: Gallery;

beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('account');
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
});

/** A device that checks a finger, as far as the browser can tell. */
async function plugAuthenticator(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return session;
}

describe('a passkey in a browser; the other pages are in identity-pages.test.ts', () => {
  it('registers a passkey, signs in with it without a name, and forgets it', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await plugAuthenticator(page);
    await page.goto(`${territory.issuer}/account/passkeys`);
    // somebody of no other file: a new passkey ends the person's other sessions
    await fillSignIn(page, territory.account('mathilde.bellerive'));
    await page.waitForURL(`${territory.issuer}/account/passkeys`);
    await page.fill('input[name=name]', 'Téléphone');
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
    await page.waitForSelector('.flash-good');
    expect(await readMain(page)).toContain('Téléphone');
    await gallery.look(page, 'passkeys-one');
    await page.context().clearCookies();
    await page.goto(`${territory.issuer}/account`);
    // Conditional mediation, or the button: both are the person's wish.
    const button = page.getByRole('button', { name: 'Utiliser une clé d’accès' });
    await Promise.race([page.waitForURL(`${territory.issuer}/account`), button.click()]);
    await page.waitForURL(`${territory.issuer}/account`);
    expect(await readMain(page)).toContain(territory.account('mathilde.bellerive').username);
    await page.goto(`${territory.issuer}/account/passkeys`);
    await page.getByRole('button', { name: /^Retirer/ }).click();
    await page.waitForSelector('.flash-good');
    expect(await readMain(page)).toContain('Aucune clé d’accès');
    expect(visitor.complaints).toEqual([]);
    expect(gallery.problems).toEqual([]);
    await visitor.close();
  });
});
