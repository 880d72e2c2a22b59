import { runCommandLine } from '@socle/service';
import { openEntity, placeEntity, type EntityId } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm, findLink, mainText, sendForm } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const PATH = '/school/administrators';

describe('who administers', () => {
  let under: SocleUnderTest;
  let denis: TestPerson;
  let browser: HttpBrowser;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    denis = await under.add({ givenName: 'Denis', academyRoles: ['academy_admin'] });
    browser = await under.signIn(denis, PATH);
  });
  afterAll(() => under.close());

  const at = (place: string) => browser.get(`${under.issuer}${PATH}?place=${place}`);
  const roleOf = async (person: TestPerson) => {
    const [row] = await under.database.openAdmin().query<{ id: string; valid_to: Date | null }>(
      `SELECT id, valid_to FROM directory.roles WHERE person_id = $1 AND role = 'local_admin' AND valid_to IS DISTINCT FROM valid_from
         ORDER BY valid_from DESC LIMIT 1`,
      [person.id],
    );
    return row!;
  };
  const nextYear = (days: number) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(Date.now() + days * 86_400_000);

  it('shows an academy its administrators and the schools that have none, and leads to them', async () => {
    const page = await at(under.academy.id);
    expect(mainText(page)).toContain('Denis Le Goff');
    expect(mainText(page)).toContain('Seule personne à ce rôle');
    expect(mainText(page)).toContain('2 établissements sans administrateur');
    const school = await browser.get(findLink(page, /Collège Le Phare/));
    expect(mainText(school)).toContain('Qui administre : Collège Le Phare');
    expect(mainText(school)).toContain('Personne n’administre ici');
  });

  it('gives until a day, prolongs, ends and gives back, with the history of each', async () => {
    const aline = await under.add({ givenName: 'Aline', school: under.phare, roles: ['staff'] });
    const form = await browser.get(findLink(await at(under.phare.id), /Nommer quelqu’un/));
    const confirm = await sendForm(browser, form, /\/check$/, {
      login: aline.login,
      'window-to': nextYear(100),
      reason: 'Référente numérique du collège',
    });
    expect(mainText(confirm)).toContain('Personnel');
    const given = await sendForm(browser, confirm, /\/given$/);
    expect(mainText(given)).toContain('Référente numérique du collège');
    expect(mainText(given)).toContain('Aline Le Goff');

    const { id } = await roleOf(aline);
    const shorter = await sendForm(browser, given, /\/prolonged$/, {
      [`to-${id}`]: nextYear(50),
      [`reason-prolong-${id}`]: 'Rentrée',
    });
    expect(mainText(shorter)).toContain('La fin doit venir après');
    const prolonged = await sendForm(browser, shorter, /\/prolonged$/, {
      [`to-${id}`]: nextYear(200),
      [`reason-prolong-${id}`]: 'Rentrée',
    });
    expect(mainText(prolonged)).toContain('Le rôle est prolongé.');
    expect(mainText(prolonged)).toMatch(/rôle de Aline Le Goff prolongé/);

    const bea = await under.add({ givenName: 'Béa', school: under.phare, roles: ['local_admin'] });
    const ended = await sendForm(browser, await at(under.phare.id), new RegExp(`${id}/ended$`), {
      [`reason-end-${id}`]: 'Erreur de personne',
    });
    expect(mainText(ended)).toContain('Le rôle est retiré.');
    expect(mainText(ended)).toContain('Erreur de personne');
    const restored = await sendForm(browser, ended, /\/restored$/);
    expect(mainText(restored)).toContain('Le rôle est rendu.');
    const again = await roleOf(aline);
    expect(again.id).not.toBe(id);
    expect(again.valid_to).not.toBeNull();

    // a local administrator sees the same page, and leaves their own role
    const hers = await under.signIn(bea, PATH);
    const seen = await hers.get(`${under.issuer}${PATH}`);
    expect(mainText(seen)).toContain('Aline Le Goff');
    expect(mainText(seen)).toContain('Vous');
    const own = await roleOf(bea);
    const left = await hers.post(findForm(seen, new RegExp(`${own.id}/ended$`)).action, {
      ...findForm(seen, new RegExp(`${own.id}/ended$`)).fields,
      [`reason-end-${own.id}`]: 'Mutation',
    });
    expect(left.status).toBe(303);
    expect((await hers.get(`${under.issuer}${PATH}`)).location).toContain('/sign-in');
  });

  it('says what is wrong beside the field, and names no pupil by their user name', async () => {
    const pupil = await under.add({ givenName: 'Léa', school: under.phare, isPupil: true });
    const page = await browser.get(`${under.issuer}${PATH}/new?place=${under.phare.id}`);
    const answer = await sendForm(browser, page, /\/check$/, {
      login: pupil.login,
      reason: 'x',
      'window-to': '2020-01-01',
    });
    expect(answer.status).toBe(422);
    expect(mainText(answer)).toContain('Écrivez le motif');
    expect(mainText(answer)).toContain('Choisissez une date à venir');
    const named = await sendForm(browser, page, /\/check$/, { login: pupil.login, reason: 'Essai' });
    expect(mainText(named)).toContain('Aucun adulte n’a cet identifiant');
    expect(mainText(named)).not.toContain('Léa');
  });

  it('gives in each school of a commune at once', async () => {
    const commune = await under.socle.database.transaction(
      async (tx) => {
        const context = under.context();
        const parent = await openEntity(
          tx,
          {
            kind: 'department',
            code: 'D98',
            name: 'Finistérien',
            parent: under.academy.id as string as EntityId,
          },
          context,
        );
        const id = await openEntity(
          tx,
          { kind: 'commune', code: '98001', name: 'Port-Blanc', parent },
          context,
        );
        for (const school of [under.phare, under.embruns])
          await placeEntity(tx, school.id as string as EntityId, id, context);
        return id;
      },
      { scope: 'all' },
    );
    const yann = await under.add({ givenName: 'Yann' });
    expect(mainText(await at(under.academy.id))).toContain('Nommer dans plusieurs établissements');
    const form = await browser.get(`${under.issuer}${PATH}/new?place=${commune}`);
    expect(mainText(form)).toContain('Port-Blanc, 2 établissements');
    const confirm = await sendForm(browser, form, /\/check$/, {
      login: yann.login,
      reason: 'Écoles de la commune',
    });
    await sendForm(browser, confirm, /\/given$/);
    const facts = await under.socle.decisions.loadFacts(yann.id);
    expect(facts!.roles.map(({ domain }) => domain).toSorted()).toEqual(
      [under.phare.id, under.embruns.id].toSorted(),
    );
  });

  it('is read by the DPO and the security officer under their own areas, and closed to teachers', async () => {
    for (const [role, area] of [
      ['dpo', '/dpo'],
      ['security_officer', '/security'],
    ] as const) {
      const officer = await under.add({ givenName: `Tania-${role}`, academyRoles: [role] });
      const theirs = await under.signIn(officer, `${area}/administrators`);
      const page = await theirs.get(`${under.issuer}${area}/administrators`);
      expect(mainText(page)).toContain('Denis Le Goff');
      expect(mainText(page)).toContain(role === 'dpo' ? 'Délégué' : 'Sécurité');
    }
    const teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    const hers = await under.signIn(teacher);
    const page = await hers.get(`${under.issuer}${PATH}?place=${under.phare.id}`);
    expect(page.status).toBe(403);
  });

  it('speaks English', async () => {
    const page = await browser.get(`${under.issuer}${PATH}?place=${under.phare.id}`, {
      'accept-language': 'en',
    });
    expect(mainText(page)).toContain('Who administers: Collège Le Phare');
  });

  describe('socle admin', () => {
    async function run(...args: string[]) {
      const out = { stdout: '', stderr: '' };
      const code = await runCommandLine(['admin', ...args], {
        stdout: (text) => (out.stdout += text),
        stderr: (text) => (out.stderr += text),
        env: {
          SOCLE_ISSUER: under.issuer,
          SOCLE_DATA_DIR: under.dataDir,
          SOCLE_DATABASE_URL: under.database.url('app'),
        },
      });
      return { code, ...out };
    }

    it('makes the first administrator of a place, lists who is, and asks a second person for another', async () => {
      const [first, second] = [
        await under.add({ givenName: 'Première' }),
        await under.add({ givenName: 'Seconde' }),
      ];
      const where = ['--role', 'academy_admin', '--region', 'academie-98'];
      const given = await run(
        'grant',
        first.login,
        ...where,
        '--reason',
        'Ouverture',
        '--until',
        '2030-08-31',
      );
      expect([given.code, given.stderr]).toEqual([0, '']);
      const list = await run('list', '--region', 'academie-98', '--json');
      const [listed] = JSON.parse(list.stdout) as { id: string; displayName: string; until: string }[];
      expect(listed).toMatchObject({ displayName: 'Première Le Goff', until: '2030-09-01T00:00:00.000Z' });
      const another = await run('grant', second.login, ...where, '--reason', 'Renfort', '--json');
      expect(another.code).toBe(1);
      expect(JSON.parse(another.stdout)).toMatchObject({ done: false });
      const last = await run('end', listed!.id, '--reason', 'Départ');
      expect(last.code).toBe(1);
      expect(last.stdout).toContain('a second person has to agree');
    });

    it('says what it was not given', async () => {
      const reason = ['--reason', 'Essai'];
      const at = ['--academy', '98'];
      expect((await run('grant', denis.login, '--role', 'dpo', ...at)).code).toBe(2);
      expect((await run('list')).code).toBe(1);
      expect((await run('grant', 'nobody', '--role', 'dpo', ...at, ...reason)).stderr).toContain(
        'no account',
      );
      expect((await run('grant', denis.login, '--role', 'head', ...at, ...reason)).stderr).toContain(
        '--role',
      );
      expect((await run('end', 'x', ...reason)).stderr).toContain('id of a role');
      expect((await run('list', '--academy', 'none')).stderr).toContain('no academy');
      expect(
        (await run('grant', denis.login, '--role', 'dpo', ...at, '--until', 'demain', ...reason)).code,
      ).toBe(1);
    });
  });
});
