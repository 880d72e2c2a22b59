import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { walkByKeyboard } from '../support/keyboard.ts';
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

describe('/account in a browser', () => {
  it('shows its pages to a parent, walks by keyboard, and finds nothing wrong', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(`${territory.issuer}/account`);
    await gallery.look(page, 'sign-in');
    await fillSignIn(page, territory.account('helene.aubree'));
    await page.waitForURL(`${territory.issuer}/account`);
    expect(await readMain(page)).toContain('Clés d’accès');
    await gallery.look(page, 'account');
    const stops = await walkByKeyboard(page);
    expect(stops.length).toBeGreaterThan(8);
    expect(stops.filter((stop) => !stop.visible || !stop.uncovered)).toEqual([]);
    for (const name of ['devices', 'services', 'activity', 'password', 'codes', 'passkeys']) {
      await page.goto(`${territory.issuer}/account/${name}`);
      await gallery.look(page, name);
    }
    await page.goto(`${territory.issuer}/account/password`);
    await page.fill('input[name=password]', 'abc');
    await gallery.look(page, 'password-strength');
    expect(visitor.complaints).toEqual([]);
    expect(gallery.problems).toEqual([]);
    await visitor.close();
  });

  it('registers a passkey, signs in with it without a name, and forgets it', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await plugAuthenticator(page);
    await page.goto(`${territory.issuer}/account/passkeys`);
    await fillSignIn(page, territory.account('raphaelle.noailles'));
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
    expect(await readMain(page)).toContain(territory.account('raphaelle.noailles').username);
    await page.goto(`${territory.issuer}/account/passkeys`);
    await page.getByRole('button', { name: /^Retirer/ }).click();
    await page.waitForSelector('.flash-good');
    expect(await readMain(page)).toContain('Aucune clé d’accès');
    expect(visitor.complaints).toEqual([]);
    expect(gallery.problems).toEqual([]);
    await visitor.close();
  });

  it('asks a head of school for a code', async () => {
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    const head = territory.account('francoise.chateau-gaillard');
    await page.goto(`${territory.issuer}/account`);
    await page.fill('input[name=username]', head.username);
    await page.fill('input[name=password]', head.password);
    await page.click('main form button[type=submit]');
    await page.waitForURL(/\/code$/);
    await gallery.look(page, 'code');
    expect(gallery.problems).toEqual([]);
    await visitor.close();
  });
});
