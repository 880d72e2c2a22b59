import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('/school/authority, where two people decide who exercises parental authority', () => {
  let under: SocleUnderTest;
  let [head, office, cpe, teacher, admin, otherHead, mother, father, pupil]: TestPerson[] = [];
  let [headBrowser, officeBrowser]: HttpBrowser[] = [];
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const { phare, embruns } = under;
    head = await under.add({ givenName: 'Irène', school: phare, roles: ['head'] });
    office = await under.add({ givenName: 'Luc', school: phare, roles: ['staff', 'guardian'] });
    cpe = await under.add({ givenName: 'Sophie', school: phare, roles: ['cpe'] });
    teacher = await under.add({ givenName: 'Hélène', school: phare, teaches: true });
    admin = await under.add({ givenName: 'Aline', school: phare, roles: ['local_admin'] });
    otherHead = await under.add({ givenName: 'Gilles', school: embruns, roles: ['head'] });
    mother = await under.add({ givenName: 'Élise', school: phare, roles: ['guardian'] });
    father = await under.add({ givenName: 'Marc', school: phare, roles: ['guardian'] });
    pupil = await under.add({
      givenName: 'Noé',
      birthDate: '2015-05-04',
      school: phare,
      isPupil: true,
    });
    const { setGuardianAuthority } = await import('@socle/directory');
    for (const adult of [mother, father])
      await under.socle.database.transaction(
        (tx) =>
          setGuardianAuthority(
            tx,
            {
              child: pupil!.id,
              adult: adult!.id,
              exercise: 'joint',
              validFrom: new Date('2025-01-01'),
              declaresLink: true,
              recordedBy: head!.id,
              confirmedBy: office!.id,
            },
            under.context(),
          ),
        { scope: 'all' },
      );
    headBrowser = await under.signIn(head);
    officeBrowser = await under.signIn(office);
  });
  afterAll(() => under.close());

  const pupilPage = (browser: HttpBrowser) =>
    browser.get(`${under.issuer}/school/authority/pupils/${pupil!.id}`);
  const list = (browser: HttpBrowser) => browser.get(`${under.issuer}/school/authority`);
  const enter = async (browser: HttpBrowser, changes: Record<string, string> = {}) =>
    sendForm(browser, await pupilPage(browser), /pupils/, {
      adult: father!.id,
      exercise: 'suspended',
      restrictions: 'no_contact',
      from: '2026-01-15',
      reference: 'JAF 2026/77',
      ...changes,
    });

  it('is closed to teachers, the local administrator, parents and the head of another school', async () => {
    for (const person of [teacher!, admin!, father!, otherHead!]) {
      const browser = await under.signIn(person);
      expect((await pupilPage(browser)).status).toBe(403);
    }
    for (const person of [teacher!, admin!, father!])
      expect((await list(await under.signIn(person))).status).toBe(403);
  });

  it('says field by field what is missing, and keeps what was typed', async () => {
    const page = await enter(headBrowser!, { adult: '', reference: 'jugé à Rennes', until: '2026-01-14' });
    expect(page.status).toBe(422);
    expect(mainText(page)).toContain('Choisissez l’adulte concerné');
    expect(mainText(page)).toContain('Écrivez le numéro du jugement');
    expect(mainText(page)).toContain('La fin doit être un jour après le début');
    expect(findForm(page, /pupils/).fields).toMatchObject({
      reference: 'jugé à Rennes',
      exercise: 'suspended',
    });
  });

  it('changes nothing until another person confirms it, and then opens the late time for review', async () => {
    const entered = await enter(headBrowser!);
    expect(mainText(entered)).toContain('Vous l’avez saisie');
    const exercise = async () => {
      const page = await (await under.signIn(cpe!)).get(`${under.issuer}/school/people/${pupil!.id}`);
      return /Marc Le Goff Responsable légal (.+?) (?:Entrer|Rien)/.exec(mainText(page))?.[1];
    };
    expect(await exercise()).toBe('Exercée avec l’autre parent');
    // what the father read meanwhile, and what another read, which is not this review's
    for (const reader of [father!, mother!])
      await under.socle.audit.record({
        controller: under.phare.controller,
        actor: { kind: 'person', id: reader.id },
        action: 'directory.person.read',
        target: { kind: 'person', id: pupil!.id },
        outcome: 'success',
      });
    const again = await enter(headBrowser!);
    expect(again.text).toContain('attend déjà d’être confirmée');

    // the one who entered it may not confirm it, whatever form they send
    const own = await list(headBrowser!);
    const form = findForm(own, /refused$/);
    const forged = await headBrowser!.post(form.action.replace('refused', 'confirmed'), form.fields);
    expect(forged.status).toBe(403);
    const cpeBrowser = await under.signIn(cpe!);
    expect(mainText(await list(cpeBrowser))).toContain('Saisie par Irène');
    expect((await list(cpeBrowser)).text).not.toContain('/confirmed');

    expect(mainText(await officeBrowser!.get(`${under.issuer}/school`))).toContain('1 décision à confirmer');
    const confirmed = await sendForm(officeBrowser!, await list(officeBrowser!), /confirmed$/);
    expect(confirmed.text).toContain('La décision est confirmée');
    expect(await exercise()).toBe('Suspendue');
    expect(mainText(await pupilPage(officeBrowser!))).toMatch(
      /Irène Le Goff, confirmé par Luc Le Goff \(JAF 2026\/77\)/,
    );

    expect(mainText(confirmed)).toMatch(/Jugements arrivés tard.*Exercée avec l’autre parent.*Suspendue/);
    const link = findLink(confirmed, /^Voir ce qui a été lu/);
    const accesses = await officeBrowser!.get(link);
    expect(mainText(accesses)).toMatch(/Ce qui a été lu ou fait au sujet de Noé.*Par Marc Le Goff/);
    expect(mainText(accesses).match(/Fiche d’une personne lue/g)).toHaveLength(1);
    for (const person of [cpe!, teacher!]) {
      const own = await under.signIn(person);
      expect((await own.get(link)).status).toBe(person === cpe ? 404 : 403);
    }
    const [read] = await under.database
      .openAdmin()
      .query<{ n: number }>(
        `SELECT count(*)::int AS n FROM audit.events WHERE convert_from(payload, 'UTF8')::jsonb ->> 'action' = 'audit.log.read'`,
      );
    expect(read!.n).toBe(1);
    const missing = await sendForm(officeBrowser!, confirmed, /closed$/);
    expect(missing.text).toContain('Dites d’abord ce que vous avez trouvé');
    const closed = await sendForm(officeBrowser!, missing, /closed$/, { outcome: 'told' });
    expect(closed.text).toContain('La vérification est terminée');
    expect(mainText(closed)).not.toContain('Jugements arrivés tard');
  });

  it('tells what held on a day as it was known on a day, and that something else is known since', async () => {
    const known = async (on: string, day: string) => {
      const url = `${under.issuer}/school/authority/pupils/${pupil!.id}/known?on=${on}&known=${day}`;
      return mainText(await officeBrowser!.get(url));
    };
    const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
    const day = (days: number) =>
      new Date(Date.now() + days * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
    expect(await known('2026-03-01', today)).toMatch(
      /Marc Le Goff Suspendue Entrer en contact Décision.*JAF 2026\/77/,
    );
    expect(await known('2026-01-10', today)).toMatch(/Marc Le Goff Exercée avec l’autre parent/);
    // nothing was recorded before today
    expect(await known('2026-03-01', day(-2))).toMatch(
      /On sait aujourd’hui autre chose.*Aucun responsable légal n’était connu/,
    );
    expect(await known('2026-03-01', today)).not.toContain('On sait aujourd’hui autre chose');
    for (const wrong of ['hier', day(2)])
      expect(await known(wrong, today)).toContain('aujourd’hui au plus tard');
    for (const person of [teacher!, otherHead!, father!]) {
      const own = await under.signIn(person);
      const url = `${under.issuer}/school/authority/pupils/${pupil!.id}/known`;
      expect((await own.get(url)).status).toBe(403);
    }
  });

  it('lets the author take a decision back', async () => {
    await enter(headBrowser!, { exercise: 'withdrawn' });
    const back = await sendForm(headBrowser!, await list(headBrowser!), /refused$/);
    expect(back.text).toContain('La décision est écartée');
    expect(mainText(back)).toContain('Aucune décision n’attend');
  });

  it('refuses a decision from somebody whom it concerns', async () => {
    const { setGuardianAuthority } = await import('@socle/directory');
    await under.socle.database.transaction(
      (tx) =>
        setGuardianAuthority(
          tx,
          {
            child: pupil!.id,
            adult: office!.id,
            exercise: 'joint',
            validFrom: new Date('2025-01-01'),
            declaresLink: true,
            recordedBy: head!.id,
            confirmedBy: cpe!.id,
          },
          under.context(),
        ),
      { scope: 'all' },
    );
    const page = await enter(officeBrowser!, { adult: office!.id, exercise: 'sole' });
    expect(page.text).toContain('jamais par quelqu’un qu’elle concerne');
  });
});
