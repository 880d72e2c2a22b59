import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

describe('/school, where people of a school find each other', () => {
  let under: SocleUnderTest;
  let [teacher, stranger, head, cpe, otherAdmin, parent, pupil]: TestPerson[] = [];
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const { phare, embruns } = under;
    teacher = await under.add({ givenName: 'Hélène', school: phare, teaches: true });
    stranger = await under.add({ givenName: 'Camille', school: embruns, teaches: true });
    head = await under.add({ givenName: 'Irène', school: phare, roles: ['head'] });
    cpe = await under.add({ givenName: 'Sophie', school: phare, roles: ['cpe'] });
    otherAdmin = await under.add({ givenName: 'Aline', school: embruns, roles: ['local_admin'] });
    parent = await under.add({ givenName: 'Élise', school: phare, roles: ['guardian'] });
    pupil = await under.add({
      givenName: 'Noémie',
      familyName: 'Bâcle-Œuvrard',
      birthDate: '2013-05-04',
      school: phare,
      isPupil: true,
    });
    const { setGuardianAuthority } = await import('@socle/directory');
    await under.socle.database.transaction(
      (tx) =>
        setGuardianAuthority(
          tx,
          {
            child: pupil!.id,
            adult: parent!.id,
            exercise: 'sole',
            restrictions: ['no_image'],
            validFrom: new Date('2025-01-01'),
            declaresLink: true,
            recordedBy: head!.id,
            confirmedBy: cpe!.id,
          },
          under.context(),
        ),
      { scope: 'all' },
    );
  });
  afterAll(() => under.close());

  const search = async (person: TestPerson, fields: Record<string, string>) => {
    const browser = await under.signIn(person, '/school/people');
    const page = await browser.get(`${under.issuer}/school/people`);
    return { browser, page: await sendForm(browser, page, /people$/, fields) };
  };
  const reads = async () =>
    (await loadLoggedEvents(under.database, 'directory.person.read')).map(({ reason }) => reason);

  it('is closed to a parent and to a pupil', async () => {
    for (const person of [parent!, pupil!]) {
      const browser = await under.signIn(person);
      for (const path of ['/school', '/school/people', `/school/people/${pupil!.id}`])
        expect((await browser.get(`${under.issuer}${path}`)).status).toBe(403);
    }
  });

  it('hides the entry from a teacher and a local administrator of another school, and finds nobody for them', async () => {
    for (const person of [stranger!, otherAdmin!]) {
      const { browser, page } = await search(person, { name: 'noemie' });
      expect(mainText(page)).toContain('Personne ne correspond');
      expect((await browser.get(`${under.issuer}/school/people/${pupil!.id}`)).status).toBe(403);
    }
    expect(await reads()).toEqual([]);
  });

  it('answers alike for an entry that is not there', async () => {
    const browser = await under.signIn(stranger!);
    for (const id of ['018f0000-0000-7000-8000-000000000001', 'x'])
      expect((await browser.get(`${under.issuer}/school/people/${id}`)).status).toBe(403);
  });

  it('finds a pupil by beginnings without accents, by form, and keeps the name out of the address', async () => {
    const { browser, page } = await search(teacher!, { name: 'oeuv noe' });
    expect(page.url).toBe(`${under.issuer}/school/people`);
    expect(mainText(page)).toContain('1 personne trouvée');
    const entry = await browser.get(findLink(page, /Noémie/));
    expect(mainText(entry)).toContain('Classes et groupes : 4A');
    expect(mainText(entry)).toContain('Votre rôle ne montre pas la famille');
    expect(mainText(entry)).not.toContain('Élise');
    expect(await reads()).toEqual(['DIR-013']);
  });

  it('searches for a teacher in the classes they teach only', async () => {
    const { page } = await search(teacher!, { name: 'soph' });
    expect(mainText(page)).toContain('Personne ne correspond');
    expect(page.text).not.toContain('name="role"');
    const everybody = await search(cpe!, { name: 'soph' });
    expect(mainText(everybody.page)).toContain('Sophie');
  });

  it('asks for something to search by, and searches by class and by role', async () => {
    const { page } = await search(cpe!, {});
    expect(page.status).toBe(422);
    expect(mainText(page)).toContain('Écrivez le début d’un nom');
    const byClass = await search(cpe!, { division: under.phare.division });
    expect(mainText(byClass.page)).toContain('1 personne trouvée');
    const byRole = await search(cpe!, { role: 'head' });
    expect(mainText(byRole.page)).toContain('Irène');
    expect(mainText(byRole.page)).not.toContain('Noémie');
    expect(findForm(byRole.page, /people$/).fields['role']).toBe('head');
  });

  it('ignores a class that was not offered', async () => {
    const { page } = await search(cpe!, { name: 'noe', division: under.embruns.division });
    expect(mainText(page)).toContain('1 personne trouvée');
  });

  it('shows school life who exercises authority and what a judge forbade, and the parent’s child', async () => {
    const browser = await under.signIn(cpe!);
    const entry = await browser.get(`${under.issuer}/school/people/${pupil!.id}`);
    expect(mainText(entry)).toMatch(/Élise.*Responsable légal.*Exercée seul.*Diffuser l’image/);
    expect(mainText(entry)).toContain('Qui peut voir cette fiche');
    const adult = await browser.get(findLink(entry, /Élise/));
    expect(mainText(adult)).toMatch(/Enfants.*Noémie/);
  });

  it('shows each the schools where they act and what they may do there', async () => {
    const browser = await under.signIn(cpe!);
    const home = await browser.get(`${under.issuer}/school`);
    expect(mainText(home)).toContain('Rien ne vous attend');
    expect(mainText(home)).toMatch(/Collège Le Phare.*9800001A.*CPE/);
    expect(mainText(home)).not.toContain('Comptes de mes classes');
    const english = await browser.get(`${under.issuer}/school`, { 'accept-language': 'en' });
    expect(mainText(english)).toContain('Nothing waits for you');
  });
});
