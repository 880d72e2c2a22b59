import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain } from '../support/chromium.ts';
import { runSocle } from '../support/command-line.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { walkByKeyboard } from '../support/keyboard.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();
/** A publisher's service, as its registration describes it. */
const PUBLISHER = {
  client_id: 'manuel',
  client_name: 'Manuel d’histoire',
  application_type: 'web',
  redirect_uris: ['http://localhost:1/callback'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
  scope: 'openid profile',
  subject_type: 'pairwise',
  token_endpoint_auth_method: 'private_key_jwt',
  token_endpoint_auth_signing_alg: 'ES256',
  id_token_signed_response_alg: 'ES256',
  socle_kind: 'publisher',
  socle_purpose: { fr: 'Afficher votre prénom dans le manuel', en: 'Show your first name in the book' },
  socle_attributes: ['given_name'],
} as const;
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

  it('shows what a service from outside the school will receive, before it does', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'socle-consent-'));
    const registered = path.join(folder, 'client.json');
    const key = await runSocle(territory.env, ['client', 'key', path.join(folder, 'key.json')]);
    const { jwks } = JSON.parse(key.stdout) as { jwks: unknown };
    await writeFile(registered, JSON.stringify({ ...PUBLISHER, jwks }));
    expect(await runSocle(territory.env, ['client', 'register', registered])).toMatchObject({ code: 0 });
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    const query = new URLSearchParams({
      client_id: PUBLISHER.client_id,
      redirect_uri: PUBLISHER.redirect_uris[0],
      response_type: 'code',
      scope: 'openid profile',
      state: 'state',
      code_challenge: createHash('sha256').update('verifier'.repeat(8)).digest('base64url'),
      code_challenge_method: 'S256',
    });
    await page.goto(`${territory.issuer}/auth?${query.toString()}`);
    await fillSignIn(page, territory.account('celestine.evrard'));
    await page.waitForURL(/\/receives\//);
    expect(await readMain(page)).toMatch(/Il recevra.*pseudonyme.*Votre prénom : Célestine.*Pourquoi/);
    await gallery.look(page, 'consent');
    const stops = await walkByKeyboard(page);
    expect(stops.filter((stop) => !stop.visible || !stop.uncovered)).toEqual([]);
    expect(gallery.problems).toEqual([]);
    await visitor.close();
    await rm(folder, { recursive: true });
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
    await page.getByRole('button', { name: /demander à un collègue/ }).click();
    await page.waitForSelector('.sheet-code');
    await gallery.look(page, 'colleague');
    await page.click('main a:has-text("retrouvé mes codes")');
    expect(await page.locator('h1').innerText()).toBe('Votre code');
    expect(gallery.problems).toEqual([]);
    await visitor.close();
  });
});
