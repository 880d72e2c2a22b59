import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, launchChromium, openVisitor, readMain, type Visitor } from '../support/chromium.ts';
import { openGallery, type Gallery } from '../support/gallery.ts';
import { walkByKeyboard } from '../support/keyboard.ts';
import { joinTerritory } from '../support/running-territory.ts';

const territory = joinTerritory();

/** Pages of the areas as they stand in the demo territory: who opens which, and what it must say. */
const pages: readonly {
  readonly name: string;
  readonly role: string;
  readonly path: string;
  readonly says: RegExp;
}[] = [
  {
    name: 'policies',
    role: 'security_officer',
    path: '/security/policies',
    says: /Interdictions qui l’emportent/,
  },
  {
    name: 'policies-of-a-role',
    role: 'security_officer',
    path: '/security/policies?role=guardian',
    says: /GRA-015/,
  },
  { name: 'policy-changes', role: 'security_officer', path: '/security/policies/changes', says: /droits/ },
  {
    name: 'decision-asked',
    role: 'security_officer',
    path: '/security/decisions',
    says: /Numéro de la décision/,
  },
  {
    name: 'decision-none',
    role: 'security_officer',
    path: '/security/decisions?number=999999999&purpose=check',
    says: /Aucune décision à ce numéro/,
  },
  { name: 'access-purpose', role: 'dpo', path: '/dpo/access', says: /Pourquoi consultez-vous le journal/ },
  { name: 'access-overview', role: 'dpo', path: '/dpo/access?purpose=check', says: /Quand, où et par qui/ },
  { name: 'access-events', role: 'dpo', path: '/dpo/access/events?purpose=check', says: /Journal des accès/ },
  { name: 'access-person', role: 'dpo', path: '/dpo/access/person', says: /Nom de la personne/ },
  { name: 'emergency-none', role: 'dpo', path: '/dpo/emergency', says: /Aucun accès d’urgence n’est ouvert/ },
  { name: 'defences', role: 'security_officer', path: '/security', says: /Le journal/ },
  { name: 'stops', role: 'security_officer', path: '/security/switches', says: /Rien n’est arrêté/ },
  { name: 'school-home', role: 'head', path: '/school', says: /Que voulez-vous faire/ },
  { name: 'school-people', role: 'head', path: '/school/people', says: /Le début suffit/ },
  { name: 'school-classes', role: 'local_admin', path: '/school/classes', says: /Aucune décision en cours/ },
  { name: 'school-imports', role: 'academy_admin', path: '/school/imports', says: /Derniers imports/ },
  { name: 'school-imports-followed', role: 'local_admin', path: '/school/imports', says: /Derniers imports/ },
  { name: 'school-year', role: 'local_admin', path: '/school/year', says: /Préparer la rentrée/ },
  { name: 'school-authority', role: 'head', path: '/school/authority', says: /Aucune décision n’attend/ },
  { name: 'school-duplicates', role: 'local_admin', path: '/school/duplicates', says: /Doublons/ },
  {
    name: 'administrators-academy',
    role: 'academy_admin',
    path: '/school/administrators',
    says: /Seule personne à ce rôle/,
  },
  { name: 'administrators-school', role: 'local_admin', path: '/school/administrators', says: /Vous/ },
  {
    name: 'administrators-new',
    role: 'academy_admin',
    path: '/school/administrators/new',
    says: /Identifiant de la personne/,
  },
  { name: 'administrators-dpo', role: 'dpo', path: '/dpo/administrators', says: /En fonction et à venir/ },
  { name: 'school-colleagues', role: 'head', path: '/school/colleagues', says: /codes qui protègent/ },
  { name: 'views', role: 'local_admin', path: '/school/views', says: /Ce que vous ne verrez pas/ },
  { name: 'views-watched', role: 'security_officer', path: '/security/views', says: /Aucune vue/ },
  { name: 'approvals-none', role: 'academy_admin', path: '/approvals', says: /Rien n’attend votre accord/ },
];

let browser: Browser;
let gallery: Gallery;
/** One sign-in a role: a code generator gives few codes a minute. */
const visitors = new Map<string, Visitor>();
beforeAll(async () => {
  browser = await launchChromium();
  gallery = await openGallery('areas');
});
afterAll(async () => {
  await gallery.close();
  for (const visitor of visitors.values()) await visitor.close();
  await browser.close();
});

/** The page as somebody of this role sees it. */
async function openPage(role: string, path: string): Promise<Visitor> {
  const url = `${territory.issuer}${path}`;
  const known = visitors.get(role);
  const visitor = known ?? (await openVisitor(browser));
  visitors.set(role, visitor);
  await visitor.page.goto(url);
  if (known) return visitor;
  await fillSignIn(visitor.page, territory.accounts.find((account) => account.role === role)!);
  await visitor.page.waitForURL(url);
  return visitor;
}

describe('the pages of the areas', () => {
  for (const { name, role, path, says } of pages) {
    it(`${name}: axe clean, whole at every width, walked by keyboard`, async () => {
      const visitor = await openPage(role, path);
      expect(await readMain(visitor.page)).toMatch(says);
      const before = gallery.problems.length;
      await gallery.look(visitor.page, name);
      expect(gallery.problems.slice(before)).toEqual([]);
      const stops = await walkByKeyboard(visitor.page);
      expect(stops.length).toBeGreaterThan(3);
      expect(stops.filter((stop) => !stop.visible || !stop.uncovered)).toEqual([]);
      expect(visitor.complaints).toEqual([]);
    });
  }

  it('a view in a pupil’s place: the banner is on every page and at every width, and ends it', async () => {
    const accounts = territory.accounts;
    const admin = accounts.find(({ role }) => role === 'local_admin')!;
    const pupil = accounts.find(({ role, school }) => role === 'pupil' && school === admin.school)!;
    const { page } = await openPage('local_admin', '/school/views');
    await page.getByLabel('Identifiant de la personne').fill(pupil.username);
    await page.getByLabel('Motif').fill('La page des notes ne s’ouvre pas chez cet élève.');
    await page.getByRole('button', { name: 'Ouvrir la vue' }).click();
    const before = gallery.problems.length;
    for (const [name, path] of [
      ['view-portal', '/'],
      ['view-account', '/account'],
      ['view-refused', '/account/access'],
    ] as const) {
      await page.goto(`${territory.issuer}${path}`);
      expect(await page.getByRole('complementary', { name: 'Vue à la place d’une personne' }).count()).toBe(
        1,
      );
      await gallery.look(page, name);
    }
    expect(gallery.problems.slice(before)).toEqual([]);
    await page.getByRole('button', { name: 'Terminer la vue' }).click();
    expect(await readMain(page)).toContain('La vue est terminée');
    await page.goto(`${territory.issuer}/school/views`);
    await gallery.look(page, 'views-past');
    const watched = await openPage('security_officer', '/security/views');
    await gallery.look(watched.page, 'views-watched-past');
    expect(gallery.problems.slice(before)).toEqual([]);
  });
});
