import { openDivision, type DivisionId } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser, Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('/school/classes, where a school decides over its feed until a day', () => {
  let under: SocleUnderTest;
  let [admin, head, teacher, spare, aed, otherAdmin, parent, pupil, visitor]: TestPerson[] = [];
  let browser: HttpBrowser;
  let fourB: DivisionId;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const { phare, embruns } = under;
    admin = await under.add({ givenName: 'Aline', school: phare, roles: ['local_admin'] });
    head = await under.add({ givenName: 'Irène', school: phare, roles: ['head'] });
    teacher = await under.add({ givenName: 'Hélène', school: phare, teaches: true });
    spare = await under.add({ givenName: 'Rémi', school: phare, roles: ['teacher'] });
    aed = await under.add({ givenName: 'Tom', school: phare, roles: ['aed'] });
    otherAdmin = await under.add({ givenName: 'Victoire', school: embruns, roles: ['local_admin'] });
    parent = await under.add({ givenName: 'Élise', school: phare, roles: ['guardian'] });
    pupil = await under.add({ givenName: 'Noé', familyName: 'Caradec', school: phare, isPupil: true });
    visitor = await under.add({ givenName: 'Maïwenn', school: embruns, isPupil: true });
    fourB = await under.socle.database.transaction(
      (tx) => openDivision(tx, { school: phare.id, kind: 'class', code: '4B', name: '4B' }, under.context()),
      { scope: 'all' },
    );
    browser = await under.signIn(admin);
  });
  afterAll(() => under.close());

  const at = (path = '') => `${under.issuer}/school/classes${path}`;
  const open = (path = '', who = browser) => who.get(at(path));
  const classPage = () => open(`/${under.phare.division}`);
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const why = 'Accord de la famille';
  const undo = async (page: Page) => sendForm(browser, page, /undo$/);

  it('is closed to parents; lets teachers and school life look at their classes, and change nothing', async () => {
    expect((await open('', await under.signIn(parent!))).status).toBe(403);
    for (const person of [teacher!, aed!]) {
      const own = await under.signIn(person);
      const list = await open('', own);
      expect(mainText(list)).toContain('4A');
      expect(mainText(list)).not.toContain('Vos décisions');
      const page = await own.get(findLink(list, /^4A$/));
      expect(mainText(page)).toMatch(/1 élève · Collège Le Phare.*Hélène Le Goff FRANCAIS.*Noé Caradec/);
      expect(page.text).not.toContain('/add');
      for (const path of [
        `/${under.phare.division}/add`,
        `/${under.phare.division}/people/${pupil!.id}`,
        `/schools/${under.phare.id}/substitute`,
        `/schools/${under.phare.id}/group`,
      ])
        expect((await open(path, own)).status).toBe(403);
    }
  });

  it('is closed to another school, page by page and form by form', async () => {
    const stranger = await under.signIn(otherAdmin!);
    const token = findForm(await open(`/${under.embruns.division}/add`, stranger), /find$/).fields;
    const paths = [
      `/${under.phare.division}`,
      `/${under.phare.division}/add`,
      `/schools/${under.phare.id}/substitute`,
    ];
    for (const path of paths) expect((await open(path, stranger)).status).toBe(403);
    for (const path of [
      `/${under.phare.division}/add`,
      `/${under.phare.division}/people/${pupil!.id}`,
      `/schools/${under.phare.id}/substitute`,
      `/schools/${under.phare.id}/group`,
      `/schools/${under.phare.id}/undo`,
    ]) {
      const sent = await stranger.post(at(path), {
        ...token,
        person: pupil!.id,
        name: 'CHORALE',
        to: 'none',
        until: day(3),
        reason: why,
      });
      expect(sent.status).toBe(403);
    }
    // a pupil of whom they know the id is not theirs to add to their own class
    const theirs = await stranger.post(at(`/${under.embruns.division}/add`), {
      ...token,
      person: pupil!.id,
      until: day(3),
      reason: why,
    });
    expect(theirs.status).toBe(403);
    expect((await open(`/${under.embruns.division}`, stranger)).status).toBe(200);
  });

  it('says what is empty', async () => {
    const page = await open();
    expect(mainText(page)).toMatch(/Aucune décision en cours.*Aucune décision n’est encore terminée/);
    expect(mainText(await open(`/${fourB}`))).toMatch(/Personne n’enseigne encore.*Aucun élève/);
  });

  it('moves a pupil with a reason until a day, takes it back, and keeps the history', async () => {
    const form = await browser.get(findLink(await classPage(), /^Retirer ou changer/));
    const missing = await sendForm(browser, form, /people/, { until: '', reason: '' });
    expect(missing.status).toBe(422);
    expect(mainText(missing)).toMatch(/nouvelle classe.*jour de fin.*Dites pourquoi/);
    const past = await sendForm(browser, form, /people/, { to: fourB, until: day(-1), reason: why });
    expect(past.status).toBe(422);
    const far = await sendForm(browser, form, /people/, { to: fourB, until: day(400), reason: why });
    expect(mainText(far)).toContain('un an au plus');
    const moved = await sendForm(browser, form, /people/, { to: fourB, reason: why });
    expect(moved.text).toContain('Noé Caradec est maintenant dans 4B');
    expect(mainText(moved)).toMatch(/passe de 4A à 4B.*Accord de la famille.*Aline Le Goff/);
    expect(mainText(moved)).toContain('Aucun élève');
    expect(mainText(await open(`/${fourB}`))).toMatch(/1 élève.*Noé Caradec/);
    const back = await undo(moved);
    expect(back.text).toContain('La décision est annulée');
    expect(mainText(back)).toContain('1 élève');
    expect(mainText(await open())).toMatch(
      /Décisions passées.*Noé Caradec : passe de 4A à 4B.*Annulée par Aline/,
    );
    const again = await browser.post(findForm(moved, /undo$/).action, findForm(moved, /undo$/).fields);
    expect((await browser.follow(again)).text).toContain('déjà annulé');
  });

  it('adds a pupil who is found by name, and has them leave their class', async () => {
    const page = await open(`/${fourB}/add`);
    expect(mainText(await sendForm(browser, page, /find$/))).toContain('Écrivez le début d’un nom');
    expect(mainText(await sendForm(browser, page, /find$/, { name: 'zzz' }))).toContain(
      'Personne ne correspond',
    );
    // of another school, and not this visitor's to search
    expect(mainText(await sendForm(browser, page, /find$/, { name: 'maiwenn' }))).toContain(
      'Personne ne correspond',
    );
    const found = await sendForm(browser, page, /find$/, { name: 'caradec noe' });
    expect(mainText(found)).toContain('quittera 4A');
    const missing = await sendForm(browser, found, /add$/, { reason: '' });
    expect(missing.status).toBe(422);
    const added = await sendForm(browser, missing, /add$/, { reason: why });
    expect(added.text).toContain('La décision est enregistrée pour 4B');
    expect(mainText(added)).toMatch(/passe de 4A à 4B/);
    await undo(added);
    const twice = await sendForm(browser, found, /add$/, { reason: why });
    const refused = await sendForm(browser, found, /add$/, { reason: why });
    expect(refused.text).toContain('déjà dans cette classe');
    // who is here by a decision leaves by taking it back
    expect(mainText(twice)).toContain('Ici par votre décision');
    const form = await open(`/${fourB}/people/${pupil!.id}`);
    const first = await sendForm(browser, form, /people/, { to: 'none', reason: why });
    expect(first.text).toContain('Annulez-la d’abord');
    await undo(first);
  });

  it('gives a substitute what the absent teacher has, and takes it back', async () => {
    const headBrowser = await under.signIn(head!);
    const form = await headBrowser.get(findLink(await open('', headBrowser), /^Nommer un remplaçant/));
    const same = await sendForm(headBrowser, form, /substitute$/, {
      replaced: teacher!.id,
      substitute: teacher!.id,
      reason: why,
    });
    expect(same.status).toBe(422);
    expect(mainText(same)).toContain('qui est une autre personne');
    const idle = await sendForm(headBrowser, form, /substitute$/, {
      replaced: spare!.id,
      substitute: teacher!.id,
      reason: why,
    });
    expect(idle.text).toContain('remplacer quelqu’un qui enseigne ici');
    const done = await sendForm(headBrowser, form, /substitute$/, {
      replaced: teacher!.id,
      substitute: spare!.id,
      reason: why,
    });
    expect(mainText(done)).toMatch(/Rémi Le Goff remplace Hélène Le Goff/);
    expect(mainText(await classPage())).toContain('Rémi Le Goff FRANCAIS');
    await undo(await open());
    expect(mainText(await classPage())).not.toContain('Rémi');
  });

  it('opens a group for a project, whose people may come from every school of the visitor', async () => {
    const both = await under.add({ givenName: 'Denise', school: under.phare, roles: ['head'] });
    const { grantRole } = await import('@socle/directory');
    await under.socle.database.transaction(
      (tx) =>
        grantRole(
          tx,
          { person: both.id, role: 'head', domain: { school: under.embruns.id }, reason: 'test' },
          under.context(),
        ),
      { scope: 'all' },
    );
    const own = await under.signIn(both);
    const form = await open(`/schools/${under.phare.id}/group`, own);
    expect((await sendForm(own, form, /group$/, { name: '=1+1' })).status).toBe(422);
    const group = await sendForm(own, form, /group$/, { name: 'Chorale' });
    expect(mainText(group)).toMatch(/Chorale.*0 élève/);
    expect((await sendForm(own, form, /group$/, { name: 'Chorale' })).text).toContain('existe déjà');
    const add = await own.get(findLink(group, /^Ajouter quelqu’un/));
    const join = async (name: string) =>
      sendForm(own, await sendForm(own, add, /find$/, { name }), /add$/, { reason: why });
    expect(mainText(await join('maiwenn'))).toMatch(/Maïwenn Le Goff participe à Chorale/);
    expect(mainText(await join('helene'))).toMatch(/Enseignants Nom Matières Hélène Le Goff/);
    expect(mainText(await sendForm(own, add, /find$/, { name: 'maiwenn' }))).toContain(
      'Personne ne correspond',
    );
    // the visitor of one school sees the pupil of the other in the group, and cannot take back what is not theirs
    const page = await browser.get(group.url);
    expect(mainText(page)).toContain('Maïwenn Le Goff');
    const stranger = await under.signIn(otherAdmin!);
    const { fields } = findForm(page, /undo$/);
    const foreign = await open(`/schools/${under.embruns.id}/group`, stranger);
    const forged = await stranger.post(at(`/schools/${under.embruns.id}/undo`), {
      ...findForm(foreign, /group$/).fields,
      change: fields['change']!,
    });
    expect((await stranger.follow(forged)).text).toContain('déjà annulé');
    expect(mainText(await browser.get(group.url))).toContain('Maïwenn Le Goff');
    expect(visitor).toBeDefined();
  });
});
