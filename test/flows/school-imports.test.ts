import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findPersonByJoinKey, moveToDivision, openDivision } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser, Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const PUPILS = 60;

describe('/school/imports, where feeds are tried, applied and followed', () => {
  let under: SocleUnderTest;
  let [admin, second, local, otherLocal, teacher]: TestPerson[] = [];
  let browser: HttpBrowser;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    const { phare, embruns } = under;
    admin = await under.add({ givenName: 'Servane', academyRoles: ['academy_admin'] });
    second = await under.add({ givenName: 'Ronan', academyRoles: ['academy_admin'] });
    local = await under.add({ givenName: 'Aline', school: phare, roles: ['local_admin'] });
    otherLocal = await under.add({ givenName: 'Victoire', school: embruns, roles: ['local_admin'] });
    teacher = await under.add({ givenName: 'Hélène', school: phare, teaches: true });
    browser = await under.signIn(admin);
  });
  afterAll(() => under.close());

  const at = (rest = '') => `${under.issuer}/school/imports${rest}`;
  const table = (pupils: number, className = '4A') =>
    [
      'type;key;family_name;given_name;birth_date;school;classes;kind;degree;language;time_zone',
      'school;9800001A;Collège Le Phare;;;;;college;2D;fr;Europe/Paris',
      ...Array.from(
        { length: pupils },
        (_, index) =>
          `pupil;E-${index + 1};Caradec;Élève${index + 1};2013-03-0${(index % 9) + 1};9800001A;${className};;;;`,
      ),
    ].join('\n');
  const send = async (
    content: string,
    changes: { name?: string; format?: string; token?: string; source?: string; with?: HttpBrowser } = {},
  ) => {
    const own = changes.with ?? browser;
    const { fields } = findForm(await own.get(at()), /rehearse$/);
    const { file: _, ...rest } = fields;
    const sent = {
      ...rest,
      format: changes.format ?? 'csv',
      source: changes.source ?? '',
      ...(changes.token === undefined ? {} : { _csrf: changes.token }),
    };
    const name = changes.name ?? 'rentrée 2026.csv';
    return own.follow(await own.upload(at('/rehearse'), sent, { field: 'file', name, content }));
  };
  /** Refreshes the page until the import is over, as a browser without JavaScript does. */
  const ended = async (page: Page, own = browser): Promise<Page> => {
    for (let turn = 0; turn < 2_000; turn += 1) {
      const now = await own.get(page.url);
      if (!now.text.includes('data-live')) return now;
    }
    throw new Error('the import does not end');
  };
  const uploads = () => readdir(path.join(under.dataDir, 'uploads')).catch(() => []);

  it('is closed to teachers; a local administrator follows and brings nothing in', async () => {
    expect((await (await under.signIn(teacher!)).get(at())).status).toBe(403);
    const own = await under.signIn(local!);
    const page = await own.get(at());
    expect(mainText(page)).toContain('Aucun import pour le moment');
    expect(page.text).not.toContain('rehearse');
    const { fields } = findForm(await browser.get(at()), /rehearse$/);
    const token = findForm(await own.get(`${under.issuer}/school/people`), /people$/).fields['_csrf']!;
    const sent = await own.upload(
      at('/rehearse'),
      { ...fields, _csrf: token },
      { field: 'file', name: 'x.csv', content: table(1) },
    );
    expect(sent.status).toBe(403);
    expect((await own.get(at('/template.csv'))).status).toBe(403);
    expect(await uploads()).toEqual([]);
  });

  it('refuses a forged form before a byte of its file is kept', async () => {
    const forged = await send(table(1), { token: 'AAAA' });
    expect(forged.status).toBe(403);
    const foreign = await browser.upload(
      at('/rehearse'),
      findForm(await browser.get(at()), /rehearse$/).fields,
      { field: 'file', name: 'x.csv', content: table(1) },
      { origin: 'https://elsewhere.example' },
    );
    expect(foreign.status).toBe(403);
    expect(await uploads()).toEqual([]);
  });

  it('says field by field what is missing', async () => {
    const wrong = await send(table(1), { name: 'annuaire.xlsx', source: 'École' });
    expect(wrong.status).toBe(422);
    expect(mainText(wrong)).toMatch(/lettres minuscules sans accent.*Un tableau est un fichier .csv/);
    const { file: _, ...fields } = findForm(await browser.get(at()), /rehearse$/).fields;
    const none = await browser.upload(at('/rehearse'), fields, { field: 'file', name: '', content: '' });
    expect(mainText(none)).toContain('Choisissez un fichier');
    const template = await browser.get(findLink(await browser.get(at()), /modèle/));
    expect(template.text).toMatch(/^type[;,]key/);
  });

  it('says line by line what is wrong in a table, and applies nothing', async () => {
    const page = await ended(await send(table(2).replace('2013-03-01', 'hier')));
    expect(mainText(page)).toMatch(/Des lignes du tableau sont à corriger.*line 3, column birth_date/);
    expect(page.text).not.toContain('/apply');
  });

  it('tries a file, shows what would change, and applies it on a second word of the same person', async () => {
    const tried = await ended(await send(table(PUPILS)));
    expect(mainText(tried)).toMatch(/Essai d’un import.*60 nouvelles personnes.*Tout est dans les limites/);
    expect(mainText(tried)).toContain('Collège Le Phare 60');
    const members = await browser.get(at());
    expect(mainText(members)).toMatch(/Essai, rien n’a changé.*rentree_2026.csv.*Servane Le Goff/);
    const done = await ended(await sendForm(browser, tried, /apply$/));
    expect(mainText(done)).toMatch(/L’annuaire est appliqué.*60 nouvelles personnes/);
    // the file is no longer kept
    const again = await sendForm(browser, tried, /apply$/);
    expect(again.text).toContain('Le fichier n’est plus gardé');
    const same = await ended(await send(table(PUPILS)));
    expect(mainText(same)).toContain('Rien à appliquer');
  });

  it('shows the school what an import did there, without keys; another school nothing of it', async () => {
    const own = await under.signIn(local!);
    const page = await own.get(findLink(await own.get(at()), /202\d/));
    expect(mainText(page)).toMatch(/L’annuaire est appliqué.*Collège Le Phare 60/);
    const stranger = await under.signIn(otherLocal!);
    expect(mainText(await stranger.get(page.url))).not.toContain('Collège Le Phare');
    expect((await own.get(at('/018f3c1e-7a00-7000-8000-00000000000e'))).status).toBe(403);
  });

  it('tells the contradictions between the feed and what the school decided', async () => {
    const { phare, socle } = under;
    await socle.database.transaction(
      async (tx) => {
        const pupil = await findPersonByJoinKey(tx, { kind: 'csv', value: 'csv-E-1' });
        const division = await openDivision(
          tx,
          { school: phare.id, kind: 'class', code: '4B', name: '4B' },
          under.context(),
        );
        await moveToDivision(
          tx,
          {
            person: pupil!.id,
            leaves: phare.division,
            division,
            until: new Date(Date.now() + 86_400_000),
            reason: 'essai',
          },
          under.context(),
        );
      },
      { scope: 'all' },
    );
    const page = await ended(await send(table(PUPILS + 1)));
    expect(mainText(page)).toMatch(/contredit une décision de l’établissement.*Voir vos décisions 1 E-1/);
    const done = await ended(await sendForm(browser, page, /apply$/));
    expect(mainText(done)).toMatch(/1 nouvelle personne.*contredit une décision/);
    const own = await under.signIn(local!);
    const seen = await own.get(done.url);
    expect(mainText(seen)).toMatch(/contredit une décision de l’établissement/);
    expect(mainText(seen)).not.toContain('E-1');
  });

  it('leads a feed that the guard stops to a second person, and applies it once', async () => {
    const tried = await ended(await send(table(20)));
    expect(mainText(tried)).toMatch(/La garde arrête cet import.*41 des 61 personnes connues partiraient/);
    // sent past the page: the guard holds
    const token = findForm(tried, /ask$/).fields;
    const forced = await ended(await browser.follow(await browser.post(tried.url.concat('/apply'), token)));
    expect(mainText(forced)).toMatch(
      /n’a pas été appliqué.*Une autre personne doit d’abord donner son accord/,
    );
    expect((await sendForm(browser, tried, /ask$/)).status).toBe(422);
    const asked = await sendForm(browser, tried, /ask$/, { reason: 'Fermeture de classes' });
    expect(mainText(asked)).toContain('Une autre personne doit donner son accord');
    expect(asked.text).not.toContain('/apply');
    const other = await under.signIn(second!);
    const waiting = await other.get(`${under.issuer}/approvals`);
    expect(mainText(waiting)).toMatch(/41 des 61.*Fermeture de classes/);
    await sendForm(other, waiting, /confirmed$/);
    const ready = await browser.get(tried.url);
    expect(mainText(ready)).toContain('L’accord est donné');
    const done = await ended(await sendForm(browser, ready, /apply$/));
    expect(mainText(done)).toMatch(/L’annuaire est appliqué.*41 personnes qui partent/);
  });
});
