import { planPerson, type RolloverId } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('/school/year, where a school passes to its next year', () => {
  let under: SocleUnderTest;
  let [head, admin, otherHead, teacher, leaver, pupil, newcomer]: TestPerson[] = [];
  let browser: HttpBrowser;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const { phare, embruns } = under;
    head = await under.add({ givenName: 'Irène', school: phare, roles: ['head'] });
    admin = await under.add({ givenName: 'Aline', school: phare, roles: ['local_admin'] });
    otherHead = await under.add({ givenName: 'Gilles', school: embruns, roles: ['head'] });
    teacher = await under.add({ givenName: 'Hélène', school: phare, teaches: true });
    leaver = await under.add({ givenName: 'Rémi', familyName: 'Kervran', school: phare, teaches: true });
    pupil = await under.add({ givenName: 'Noé', familyName: 'Caradec', school: phare, isPupil: true });
    newcomer = await under.add({ givenName: 'Maïwenn', school: embruns, isPupil: true });
    browser = await under.signIn(head);
  });
  afterAll(() => under.close());

  const at = (rest = '') => `${under.issuer}/school/year${rest}`;
  const open = (own = browser) => own.get(at());
  const isSignedIn = async (own: HttpBrowser) =>
    (await own.get(`${under.issuer}/account`)).location === undefined;
  const plan = async () => {
    const [row] = await under.database
      .openAdmin()
      .query<{ id: RolloverId }>(`SELECT id FROM directory.rollovers WHERE state = 'preparing'`);
    await under.socle.database.transaction(
      async (tx) => {
        const classes = [{ kind: 'class', code: '3A', name: '3A' }] as const;
        await planPerson(tx, row!.id, { person: head!.id, role: 'head' });
        await planPerson(tx, row!.id, { person: pupil!.id, role: 'pupil', classes });
        await planPerson(tx, row!.id, { person: newcomer!.id, role: 'pupil', classes });
        await planPerson(tx, row!.id, { person: teacher!.id, role: 'teacher', teaches: classes });
      },
      { scope: 'all' },
    );
  };

  it('is closed to teachers and to another school, page by page and form by form', async () => {
    expect((await open(await under.signIn(teacher!))).status).toBe(403);
    const stranger = await under.signIn(otherHead!);
    const { fields } = findForm(await open(stranger), /prepare$/);
    for (const act of ['prepare', 'switch', 'drop', 'undo']) {
      const sent = await stranger.post(at(`/${under.phare.id}/${act}`), { ...fields, rollover: 'x' });
      expect([act, sent.status]).toEqual([act, 403]);
    }
    for (const act of ['switch', 'drop', 'undo'])
      expect((await stranger.get(at(`/${under.phare.id}/${act}`))).status).toBe(403);
    expect((await open(stranger)).status).toBe(200);
  });

  it('prepares a year, says that nobody is planned, and drops it', async () => {
    const first = await open();
    expect(mainText(first)).toMatch(/Préparer la rentrée.*Personne ne perd rien avant la bascule/);
    const missing = await sendForm(browser, first, /prepare$/, { year: '1998-1999' });
    expect(missing.text).toContain('Choisissez l’année');
    const prepared = await sendForm(browser, first, /prepare$/);
    expect(mainText(prepared)).toContain('Personne n’est encore prévu');
    const again = await sendForm(browser, first, /prepare$/);
    expect(again.text).toContain('déjà en préparation');
    // an empty plan cannot be switched to, whatever form is sent
    const question = await browser.get(findLink(prepared, /^Abandonner/));
    const { fields } = findForm(question, /drop$/);
    const empty = await browser.follow(await browser.post(at(`/${under.phare.id}/switch`), fields));
    expect(empty.text).toContain('tout le monde partirait');
    const dropped = await sendForm(browser, question, /drop$/);
    expect(dropped.text).toContain('La préparation est abandonnée');
    expect(mainText(dropped)).toMatch(
      /Historique.*ouverte par Irène Le Goff.*Cette préparation a été abandonnée/,
    );
  });

  it('shows counts, classes, who leaves and who loses what, and changes nothing by showing it', async () => {
    const own = await under.signIn(admin!);
    await sendForm(own, await open(own), /prepare$/);
    await plan();
    for (let turn = 0; turn < 2; turn += 1) {
      const text = mainText(await open(own));
      expect(text).toMatch(/1 élève change de classe.*1 personne arrive.*1 personne part/);
      expect(text).toMatch(/Qui part \(1\) Rémi Kervran/);
      expect(text).toMatch(/Rémi Kervran part Enseignant.*? 4A Hélène/);
      expect(text).toMatch(/Hélène Le Goff – 4A/);
      expect(text).toMatch(/3A nouvelle 2 1/);
    }
    expect(await isSignedIn(await under.signIn(leaver!))).toBe(true);
  });

  it('switches, ends the sessions of those who lost a right, and takes it all back', async () => {
    const [gone, changed, kept] = await Promise.all(
      [leaver!, teacher!, admin!].map((person) => under.signIn(person)),
    );
    const question = await browser.get(findLink(await open(), /^Basculer vers/));
    expect(mainText(question)).toMatch(/1 personne sera suspendue aussitôt/);
    const switched = await sendForm(browser, question, /switch$/);
    expect(switched.text).toContain('L’établissement est passé');
    expect(mainText(switched)).toMatch(/en cours.*Vous pouvez revenir à l’année d’avant jusqu’au/);
    expect([await isSignedIn(gone!), await isSignedIn(changed!), await isSignedIn(kept!)]).toEqual([
      false,
      false,
      true,
    ]);
    await expect(under.signIn(leaver!)).rejects.toThrow('was not signed in');
    const classes = mainText(await browser.get(`${under.issuer}/school/classes`));
    expect(classes).toContain('3A');
    expect(classes).not.toContain('4A');
    // sent twice, it happens once
    const twice = await sendForm(browser, question, /switch$/);
    expect(twice.status).toBe(200);
    const back = await sendForm(browser, await browser.get(findLink(switched, /^Revenir/)), /undo$/);
    expect(back.text).toContain('La bascule est annulée');
    expect(mainText(await browser.get(`${under.issuer}/school/classes`))).toContain('4A');
    expect(await isSignedIn(await under.signIn(leaver!))).toBe(true);
    expect(mainText(back)).toMatch(/en préparation.*Historique/);
  });
});
