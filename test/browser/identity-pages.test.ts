import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRITERIA } from '../evidence/rgaa/themes.ts';
import { launchChromium, openVisitor, readMain, type Visitor } from '../support/chromium.ts';
import {
  changeEveryField,
  findBareEdges,
  findMoving,
  listHeardEvents,
  readPaths,
} from '../support/circumstances.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { listIdentityPages } from '../support/identity-routes.ts';
import { tabTo } from '../support/keyboard.ts';
import { sendNextCode } from '../support/one-time-codes.ts';
import { openRelyingParty } from '../support/relying-party.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';
import { openWalk, type WalkedPages } from '../support/walked-pages.ts';

const OWN = 'tondeuse girafe vent';
const DOOR = '/sign-in/school/9800001A';
const BY = { actor: { kind: 'system', id: 'test' } } as const;

let browser: Browser;
let under: SocleUnderTest;
let gallery: Gallery;
let walk: WalkedPages;
let teacher: TestPerson;
let head: TestPerson;
beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('identity');
  walk = openWalk(gallery);
  under = await openSocleUnderTest();
  teacher = await under.add({ givenName: 'Hélène', school: under.phare, roles: ['teacher'] });
  head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
});
afterAll(async () => {
  await gallery.close();
  await under.close();
  await browser.close();
});

/** Somebody before the sign-in of the school, whose name every page then bears. */
async function arrive(path = '/', options = {}): Promise<Visitor> {
  const visitor = await openVisitor(browser, options);
  await visitor.page.goto(`${under.issuer}${DOOR}`);
  if (path !== '/') await visitor.page.goto(`${under.issuer}${path}`);
  return visitor;
}

async function signIn(page: Page, { login, password }: TestPerson, typed = password): Promise<void> {
  await walk.type(page, /^Identifiant/, login);
  await walk.type(page, /^Mot de passe/, typed);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

async function leave(visitor: Visitor, school = 'Collège Le Phare'): Promise<void> {
  expect(await visitor.page.locator('.brand-name').innerText()).toBe(school);
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
}

const inScopeOfAll = <T>(work: Parameters<typeof under.socle.database.transaction<T>>[0]) =>
  under.socle.database.transaction(work, { scope: 'all' });

const titleOf = (page: Page) => page.locator('h1').innerText();

describe('by keyboard alone', () => {
  it('signs in: what is missing and what is wrong is told at its field', async () => {
    const visitor = await arrive();
    const { page } = visitor;
    await walk.see(page, 'sign-in', '/sign-in/:uid');
    await walk.pressTo(page, /^Se connecter$/);
    await walk.requireTiedError(page, 'username');
    await signIn(page, teacher, 'ce n’est pas lui');
    await walk.requireTiedError(page, 'username');
    await walk.see(page, 'sign-in-refused', undefined, { afterForm: true });
    await signIn(page, teacher);
    expect(await titleOf(page)).toBe('Bonjour Hélène');
    await walk.see(page, 'portal', '/');
    await leave(visitor);
  });

  it('goes through the account, changes its password, and prints codes', async () => {
    const person = await under.add({ givenName: 'Bénédicte', school: under.phare, roles: ['teacher'] });
    const visitor = await arrive('/account');
    const { page } = visitor;
    await signIn(page, person);
    const pages = ['', '/devices', '/services', '/activity', '/access', '/portal', '/emergency'];
    for (const path of [...pages, '/passkeys', '/codes', '/password']) {
      await page.goto(`${under.issuer}/account${path}`);
      await walk.see(page, `account${path.replace('/', '-')}`, `/account${path}`);
    }
    await walk.type(page, /^Nouveau mot de passe/, OWN);
    expect(await page.locator('.strength').innerText()).toBe('Bonne longueur.');
    await walk.type(page, /^Le même/, 'autre chose');
    await walk.pressTo(page, /^Garder/);
    await walk.requireTiedError(page, 'repeat');
    await walk.see(page, 'account-password-refused', undefined, { afterForm: true });
    await walk.type(page, /^Nouveau mot de passe/, OWN);
    await walk.type(page, /^Le même/, OWN);
    await walk.pressTo(page, /^Garder/);
    expect(await page.locator('[role=status]').innerText()).toMatch(/./);
    await page.goto(`${under.issuer}/account/codes`);
    await walk.type(page, /^Code à six/, '000000');
    await walk.pressTo(page, /^Activer/);
    await walk.requireTiedError(page, 'code');
    await page.goto(`${under.issuer}/account`);
    for (const [kind, name] of [
      ['recovery', /codes de secours$/],
      ['grid', /grille$/],
    ] as const) {
      await walk.pressTo(page, name);
      await walk.see(page, `account-${kind}`, undefined, { afterForm: true });
      await walk.pressTo(page, /^C’est imprimé/);
    }
    await leave(visitor);
  });

  it('activates an account with the code of a sheet, and one whose password was given anew', async () => {
    const pupil = await under.add({
      givenName: 'Zoé',
      familyName: 'Œrsted',
      school: under.phare,
      isPupil: true,
    });
    const person = { ...pupil, givenName: 'Zoé', familyName: 'Œrsted', controller: under.phare.controller };
    const { activation } = under.socle.identity;
    const [sheet] = await inScopeOfAll((tx) =>
      activation.issue(tx, [{ person }], { kind: 'activation', ...BY }),
    );
    const visitor = await arrive('/sign-in/activate');
    const { page } = visitor;
    await walk.see(page, 'activate', '/sign-in/:uid/activate');
    await walk.type(page, /^Code de la fiche/, 'ZZZZZ-ZZZZZ');
    await walk.pressTo(page, /^Continuer/);
    await walk.requireTiedError(page, 'code');
    await walk.see(page, 'activate-refused', undefined, { afterForm: true });
    await walk.type(page, /^Code de la fiche/, sheet!.code.revealText());
    await walk.pressTo(page, /^Continuer/);
    await walk.see(page, 'activate-choose', undefined, { afterForm: true });
    await walk.type(page, /^Nouveau mot de passe/, OWN);
    await walk.pressTo(page, /^Choisir/);
    await walk.requireTiedError(page, 'repeat');
    await walk.type(page, /^Nouveau mot de passe/, OWN);
    await walk.type(page, /^Le même/, OWN);
    await walk.pressTo(page, /^Choisir/);
    expect(await titleOf(page)).toBe('Bonjour Zoé');
    await leave(visitor);
    await under.socle.identity.accounts.setPassword(pupil.accountId, pupil.password, {
      ...BY,
      mustChange: true,
    });
    const again = await arrive();
    await signIn(again.page, pupil);
    await walk.see(again.page, 'new-password', '/sign-in/:uid/:prompt');
    await walk.pressTo(again.page, /^Garder/);
    await walk.requireTiedError(again.page, 'password');
    await leave(again);
  });

  it('comes in by a badge and four pictures, whose names are read and whose choice is not', async () => {
    const pupil = await under.add({ givenName: 'Côme', school: under.phare, isPupil: true });
    const person = { ...pupil, givenName: 'Côme', familyName: 'Le Goff', controller: under.phare.controller };
    const [badge] = await inScopeOfAll((tx) =>
      under.socle.identity.badges.issue(tx, [person], { ...BY, schoolId: under.phare.id }),
    );
    const visitor = await arrive('/sign-in/badge');
    const { page } = visitor;
    await walk.see(page, 'badge', '/sign-in/:uid/badge');
    await walk.pressTo(page, /^C’est mon badge/);
    await walk.requireTiedError(page, 'badge');
    await walk.type(page, /^Code du badge/, badge!.shortCode.revealText());
    await walk.pressTo(page, /^C’est mon badge/);
    await walk.see(page, 'pictures', undefined, { afterForm: true });
    const names = await page.locator('.pad-key').allInnerTexts();
    expect(new Set(names).size).toBe(12);
    const before = await page.locator('.pad').ariaSnapshot();
    for (const [index, picture] of (badge!.pictures?.revealText() ?? '').split(' ').entries()) {
      expect(await page.title()).toMatch(new RegExp(`^Tes images, ${index} images? touchées? sur 4`));
      // only the count differs: nothing says or shows which were touched
      expect((await page.locator('.pad').ariaSnapshot()).replace(/\d images? sur/g, '')).toBe(
        before.replace(/\d images? sur/g, ''),
      );
      const name = await page.locator(`.pad-key[value=${picture}]`).innerText();
      await walk.pressTo(page, new RegExp(`^${name.trim()}$`));
    }
    expect(await titleOf(page)).toBe('Bonjour Côme');
    await leave(visitor);
  });

  it('asks a parent for their code', async () => {
    const visitor = await arrive('/sign-in/parent');
    const { page } = visitor;
    await walk.see(page, 'parent', '/sign-in/:uid/parent');
    await walk.pressTo(page, /^Continuer/);
    await walk.requireTiedError(page, 'code');
    await leave(visitor);
  });

  it('asks for a second factor: the code, a recovery code that unfolds, a colleague, and a first generator', async () => {
    const visitor = await arrive('/account/emergency');
    const { page } = visitor;
    await under.socle.identity.factors.makePrinted(head.accountId, 'recovery', BY);
    await signIn(page, head);
    await walk.see(page, 'code');
    await walk.pressTo(page, /^Continuer/);
    await walk.requireTiedError(page, 'code');
    await tabTo(page, /^Utiliser un code de secours/);
    await page.keyboard.press('Enter');
    await walk.type(page, /^Code de secours/, 'AAAAA-AAAAA');
    gallery.findings.note('12.11', 'code', []);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await walk.requireTiedError(page, 'recovery');
    await walk.see(page, 'code-recovery-refused', undefined, { afterForm: true });
    await walk.pressTo(page, /demander à un collègue/);
    await walk.see(page, 'colleague', undefined, { afterForm: true });
    await walk.pressTo(page, /retrouvé mes codes/);
    await sendNextCode(head.totpSecret!, async (code) => {
      await walk.type(page, /^Code à six/, code);
      await walk.pressTo(page, /^Continuer/);
    });
    expect(new URL(page.url()).pathname).toBe('/account/emergency');
    await walk.see(page, 'emergency-open');
    await leave(visitor);
    const newcomer = await under.add({ givenName: 'Awen', school: under.phare, roles: ['local_admin'] });
    await under.socle.identity.factors.removeTotp(newcomer.accountId, BY);
    const again = await arrive();
    await signIn(again.page, newcomer);
    expect(again.page.url()).toMatch(/\/set-up$/);
    await walk.see(again.page, 'set-up');
    await leave(again);
  });

  it('agrees to what a service from outside receives', async () => {
    const publisher = await openRelyingParty(under.socle.identity, under.issuer, {
      client_id: 'manuel',
      client_name: 'Manuel d’histoire',
      socle_kind: 'publisher',
      socle_purpose: { fr: 'Afficher votre prénom dans le manuel', en: 'Show your first name in the book' },
      socle_attributes: ['given_name'],
    });
    const pupil = await under.add({ givenName: 'Célestine', school: under.phare, isPupil: true });
    const visitor = await openVisitor(browser);
    const { page } = visitor;
    await page.goto(publisher.request().url);
    await signIn(page, pupil);
    expect(await readMain(page)).toMatch(/Il recevra.*pseudonyme.*Votre prénom : Célestine.*Pourquoi/);
    await walk.see(page, 'consent', '/receives/:uid');
    // a browser that was never here bears the school of the person all the same
    expect(await page.locator('.brand-name').innerText()).toBe('Collège Le Phare');
    await tabTo(page, /^Donner mon accord/);
    await Promise.all([page.waitForURL(`${publisher.redirectUri}**`), page.keyboard.press('Enter')]);
    await visitor.close();
    await publisher.close();
  });

  it('connects a device', async () => {
    const screen = await openRelyingParty(under.socle.identity, under.issuer, {
      client_name: 'Écran du CDI',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    });
    const { body } = await screen.post('/device/auth', { scope: 'openid profile' });
    const visitor = await arrive('/device');
    const { page } = visitor;
    await walk.see(page, 'device', '/device');
    await walk.pressTo(page, /^Continuer/);
    await walk.requireTiedError(page, 'user_code');
    await walk.type(page, /^Code/, String(body['user_code']));
    await walk.pressTo(page, /^Continuer/);
    await walk.see(page, 'device-confirm', undefined, { afterForm: true });
    await walk.pressTo(page, /^C’est bien mon appareil/);
    await signIn(page, teacher);
    expect(await titleOf(page)).toMatch(/connecté/);
    await walk.see(page, 'device-connected', undefined, { afterForm: true });
    await leave(visitor);
    await screen.close();
  });

  it('signs out, and meets a refusal and a page that has expired', async () => {
    const visitor = await arrive();
    const { page } = visitor;
    await signIn(page, teacher);
    await page.goto(`${under.issuer}/session/end`);
    await walk.see(page, 'sign-out', '/session/end');
    await walk.pressTo(page, /^Me déconnecter/);
    await page.waitForURL(/success/);
    await walk.see(page, 'signed-out', '/session/end/success');
    await page.goto(`${under.issuer}/auth?client_id=nobody`);
    await walk.see(page, 'refused', '/auth');
    await page.goto(`${under.issuer}/sign-in/nowhere`);
    await walk.see(page, 'expired');
    const { embruns } = under;
    const order = { ...BY, controller: embruns.controller, reason: 'Des mots de passe ont fuité.' };
    await under.socle.identity.defences.stop({ kind: 'school', target: embruns.id, ...order });
    await page.goto(`${under.issuer}${DOOR}`);
    await signIn(page, await under.add({ givenName: 'Malo', school: embruns, isPupil: true }));
    await walk.see(page, 'stopped', undefined, { afterForm: true });
    await page.goto(`http://127.0.0.1:${new URL(under.issuer).port}/sign-in`);
    await walk.see(page, 'wrong-host');
    await leave(visitor, 'Socle');
  });

  it('reads the accessibility statement, and a site map whose every link opens', async () => {
    const visitor = await arrive('/accessibility');
    const { page } = visitor;
    await walk.see(page, 'statement', '/accessibility');
    await page.goto(`${under.issuer}/site-map`);
    await walk.see(page, 'site-map', '/site-map');
    await page.goto(`${under.issuer}${DOOR}`);
    await signIn(page, teacher);
    await page.goto(`${under.issuer}/account`);
    const opened = await readPaths(page, '.area-rail a, .tabs a');
    await page.goto(`${under.issuer}/site-map`);
    const listed = await readPaths(page, 'main .link-list a');
    expect(listed.length).toBeGreaterThan(8);
    const missing = opened.filter(
      (path) => !listed.includes(path) && !listed.some((each) => each.startsWith(`${path}/`)),
    );
    const broken: string[] = [];
    for (const path of listed) {
      const answer = await page.goto(`${under.issuer}${path}`);
      if (answer?.status() !== 200) broken.push(`${path} answers ${answer?.status()}`);
    }
    gallery.findings.note('12.3', 'site-map', [...missing.map((path) => `${path} is not listed`), ...broken]);
    expect([...missing, ...broken]).toEqual([]);
    await visitor.close();
  });
});

describe('in other circumstances', () => {
  it('without JavaScript: signs in with a code, and changes what it can', async () => {
    const visitor = await openVisitor(browser, { javaScriptEnabled: false });
    const { page } = visitor;
    await page.goto(`${under.issuer}/account/password`);
    await page.fill('input[name=username]', teacher.login);
    await page.fill('input[name=password]', teacher.password);
    await page.click('main form button[type=submit]');
    expect(await titleOf(page)).toMatch(/mot de passe/);
    await page.fill('input[name=password]', `${OWN} deux`);
    await page.fill('input[name=repeat]', `${OWN} deux`);
    await page.click('main form button[type=submit]');
    expect(new URL(page.url()).pathname).toBe('/account');
    gallery.findings.note('7.2', 'without JavaScript', []);
    expect(await page.locator('main form[hidden]').count()).toBe(0);
    await visitor.close();
  });

  it('in forced colours and with reduced motion: edges stay, the focus is seen, nothing moves', async () => {
    const visitor = await arrive('/', { forcedColors: 'active' });
    const { page } = visitor;
    for (const path of [DOOR, '/sign-in/badge']) {
      await page.goto(`${under.issuer}${path}`);
      expect(await findBareEdges(page)).toEqual([]);
      expect((await tabTo(page, /^(Identifiant|Code)/)).visible).toBe(true);
    }
    expect(await findMoving(page)).toEqual([]);
    await visitor.close();
  });

  it('changing a field changes nothing but itself, and the kit’s scripts listen to clicks alone', async () => {
    const visitor = await arrive();
    const { page } = visitor;
    const before = page.url();
    const count = await changeEveryField(page);
    await page.waitForLoadState();
    gallery.findings.note('7.4', 'sign-in', page.url() === before && count > 2 ? [] : ['a field leads away']);
    await visitor.close();
    const heard = await listHeardEvents();
    expect(heard.length).toBeGreaterThan(5);
    const wrong = (types: RegExp) => heard.filter((type) => types.test(type));
    gallery.findings.note('13.10', 'scripts', wrong(/^(touch|drag|gesture)/));
    gallery.findings.note('13.11', 'scripts', wrong(/^(mousedown|pointerdown|touchstart)$/));
    gallery.findings.note('13.12', 'scripts', wrong(/^device/));
    gallery.findings.note('12.10', 'scripts', wrong(/^key/));
  });
});

describe('what the walk has seen', () => {
  it('is every page of sign-in and account: a new one needs a line in this story', async () => {
    const { routes, pages } = await listIdentityPages(under.socle.identity);
    expect(routes.length).toBeGreaterThan(25);
    expect(pages.filter((route) => !walk.routes.has(route))).toEqual([]);
  });

  it('has no violation, in French or English, by day or night, at any width', () => {
    expect(gallery.names.length).toBeGreaterThan(35);
    expect(gallery.problems).toEqual([]);
  });

  for (const { id, says, shown } of CRITERIA.filter((criterion) => !('eye' in criterion.shown))) {
    it(`RGAA ${id} ${'outside' in shown ? 'applies to nothing here' : says}`, () => {
      const { seen, wrong } = gallery.findings.of(id);
      expect(seen).toBeGreaterThan(0);
      expect(wrong).toEqual([]);
    });
  }
});
