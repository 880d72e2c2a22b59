import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { setGuardianAuthority } from '@socle/directory';
import { findForm, mainText, sendForm } from '../support/forms.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const REASON = 'Un élève n’est pas rentré de la sortie.';
const PATH = '/account/emergency';

describe('T-IDN-70 emergency access is opened by whoever may not, lasts too long, or beats the law', () => {
  let under: SocleUnderTest;
  let clock: ManualClock;
  let dpo: TestPerson;
  let pupil: TestPerson;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    under = await openSocleUnderTest({ clock });
    dpo = await under.add({ givenName: 'Fabien', academyRoles: ['dpo'] });
    pupil = await under.add({ givenName: 'Léa', school: under.phare, isPupil: true });
  });
  beforeEach(() => clock.set(new Date()));
  afterAll(() => under.close());

  const addHead = (givenName: string) => under.add({ givenName, school: under.phare, roles: ['head'] });
  const open = (person: TestPerson, reason = REASON, minutes = 60) =>
    under.socle.emergency.open({ person: person.id, session: 's', school: under.phare.id, reason, minutes });
  const suspends = async (person: TestPerson, acr: string, of: TestPerson = pupil, school = under.phare) => {
    const facts = await under.socle.decisions.loadFacts(person.id);
    return under.socle.decisions.decide(facts!, {
      action: 'accounts.account.suspend',
      resource: { type: 'accounts.account', id: of.id, pupil: of.id, school: school.id },
      acr,
    });
  };
  const countEvents = async (action: string, person: TestPerson) => {
    const [row] = await under.database
      .openAdmin()
      .query<{ count: number }>(
        `SELECT count(*)::int AS count FROM audit.events WHERE action = $1 AND at > now() - interval '1 hour'`,
        [action],
      );
    return person && row ? row.count : 0;
  };

  it('opens it by the page for the head of the school, who can then suspend an account there, and closes it (positive twin)', async () => {
    const head = await addHead('Irène');
    expect((await suspends(head, 'factor')).allowed).toBe(false);
    const browser = await under.signIn(head, PATH);
    const page = await browser.get(`${under.issuer}${PATH}`);
    const opened = await sendForm(browser, page, /^\/account\/emergency$/, { reason: REASON, minutes: '15' });
    expect(mainText(opened)).toContain('Ouvert en ce moment');
    expect(mainText(opened)).toContain(REASON);
    expect(await suspends(head, 'factor')).toMatchObject({ allowed: true, rule: 'BRK-005' });
    await sendForm(browser, opened, /\/closed$/);
    expect((await suspends(head, 'factor')).allowed).toBe(false);
  });

  it('gives nothing by a password alone, nor in another school', async () => {
    const head = await addHead('Gwenaël');
    await open(head);
    expect((await suspends(head, 'factor')).allowed).toBe(true);
    expect((await suspends(head, 'password')).allowed).toBe(false);
    expect((await suspends(head, 'factor', pupil, under.embruns)).allowed).toBe(false);
  });

  it('asks somebody who signed in by a password alone for a second factor first', async () => {
    const cpe = await under.add({ givenName: 'Sophie', school: under.phare, roles: ['cpe'] });
    const browser = await under.signIn(cpe);
    const answer = await browser.get(`${under.issuer}${PATH}`);
    expect(answer.status).toBe(303);
    expect(answer.location).toContain('acr=factor');
  });

  it('tells somebody who may open none so, and asks them for no proof', async () => {
    const teacher = await under.add({ givenName: 'Yann', school: under.phare, roles: ['teacher'] });
    const browser = await under.signIn(teacher);
    const page = await browser.get(`${under.issuer}${PATH}`);
    expect(page.status).toBe(200);
    expect(mainText(page)).toContain('aucun établissement');
  });

  it('asks again after five minutes, on the page and on the form', async () => {
    const head = await addHead('Awen');
    const browser = await under.signIn(head, PATH);
    const page = await browser.get(`${under.issuer}${PATH}`);
    expect(page.status).toBe(200);
    const form = findForm(page, /^\/account\/emergency$/);
    clock.advanceSeconds(301);
    expect((await browser.get(`${under.issuer}${PATH}`)).location).toContain('acr=factor');
    const sent = await browser.post(form.action, { ...form.fields, reason: REASON });
    expect(sent.location).toContain('acr=factor');
    expect(await under.socle.emergency.listOfDay(head.id)).toEqual([]);
  });

  it('refuses a school that is not theirs, and a person whose role opens none', async () => {
    const head = await addHead('Corentin');
    const browser = await under.signIn(head, PATH);
    const page = await browser.get(`${under.issuer}${PATH}`);
    const form = findForm(page, /^\/account\/emergency$/);
    const other = await browser.post(form.action, {
      ...form.fields,
      school: under.embruns.id,
      reason: REASON,
    });
    expect(other.status).toBe(403);
    const admin = await under.add({ givenName: 'Aline', school: under.phare, roles: ['local_admin'] });
    const hers = await under.signIn(admin, PATH);
    const nothing = await hers.get(`${under.issuer}${PATH}`);
    expect(mainText(nothing)).toContain('Aucun établissement');
    const token = findForm(nothing, /^\/account\/emergency|\/session\/end|\/sign-out/);
    expect(token.action).not.toMatch(/\/account\/emergency$/);
    expect(await under.socle.emergency.listOfDay(head.id)).toEqual([]);
  });

  it('refuses a reason of a few letters and a length that is not offered', async () => {
    const head = await addHead('Malo');
    await expect(open(head, 'urgent')).rejects.toMatchObject({ code: 'emergency_refused' });
    await expect(open(head, REASON, 61)).rejects.toMatchObject({ code: 'emergency_refused' });
    await expect(open(head, REASON, 600)).rejects.toMatchObject({ code: 'emergency_refused' });
    expect(await under.socle.emergency.listOfDay(head.id)).toEqual([]);
  });

  it('ends by itself: it holds to the last millisecond before its end, and not at its end', async () => {
    const head = await addHead('Ewen');
    const access = await open(head, REASON, 15);
    expect(access.to.getTime() - access.from.getTime()).toBe(15 * 60_000);
    clock.set(new Date(access.to.getTime() - 1));
    expect((await suspends(head, 'factor')).allowed).toBe(true);
    clock.set(access.to);
    expect((await suspends(head, 'factor')).allowed).toBe(false);
    expect((await under.socle.emergency.listOpen()).map(({ id }) => id)).not.toContain(access.id);
  });

  it('refuses in the database what would last over an hour', async () => {
    const head = await addHead('Tanguy');
    const access = await open(head);
    const longer = under.database
      .openAdmin()
      .query(`UPDATE directory.roles SET valid_to = valid_to + interval '1 second' WHERE id = $1`, [
        access.id,
      ]);
    await expect(longer).rejects.toThrow(/emergency_access_ends/);
  });

  it('stands below the law: a parent without authority reads nothing of the child, and goes on with others', async () => {
    const head = await addHead('Bruno');
    const child = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    const [one, two] = [await addHead('Yann'), await addHead('Rozenn')];
    await under.socle.database.transaction(
      (tx) =>
        setGuardianAuthority(
          tx,
          {
            adult: head.id,
            child: child.id,
            exercise: 'withdrawn',
            validFrom: new Date(clock.now().getTime() - 1000),
            recordedBy: one.id,
            confirmedBy: two.id,
            evidenceReference: 'TEST-2',
            declaresLink: true,
          },
          under.context(),
        ),
      { scope: 'all' },
    );
    await open(head);
    expect((await suspends(head, 'factor')).allowed).toBe(true);
    expect(await suspends(head, 'factor', child)).toMatchObject({ allowed: false, rule: 'DNY-002' });
  });

  it('opens three times a day and no more, of eight requests at once, and says so in the log', async () => {
    const admin = await under.add({ givenName: 'Denis', academyRoles: ['academy_admin'] });
    const before = await countEvents('service.emergency.refused', admin);
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        under.socle.emergency.open({
          person: admin.id,
          session: 's',
          school: index % 2 ? under.phare.id : under.embruns.id,
          reason: REASON,
          minutes: 15,
        }),
      ),
    );
    // one a school at a time
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    clock.advanceSeconds(3_600);
    await under.socle.emergency.open({
      person: admin.id,
      session: 's',
      school: under.phare.id,
      reason: REASON,
      minutes: 15,
    });
    clock.advanceSeconds(3_600);
    const fourth = Promise.all(Array.from({ length: 4 }, () => open(admin)));
    await expect(fourth).rejects.toMatchObject({ code: 'emergency_limit' });
    expect(await under.socle.emergency.listOfDay(admin.id)).toHaveLength(3);
    expect(await countEvents('service.emergency.refused', admin)).toBeGreaterThan(before);
    clock.advanceSeconds(86_400);
    await expect(open(admin)).resolves.toMatchObject({ person: admin.id });
  });

  it('is seen at once by the DPO of the academy, who closes it, and by no DPO of elsewhere', async () => {
    const head = await addHead('Katell');
    const reason = 'Compte volé, messages envoyés aux familles.';
    const access = await open(head, reason);
    const browser = await under.signIn(dpo, '/dpo/access');
    const overview = await browser.get(`${under.issuer}/dpo/access`);
    expect(mainText(overview)).toMatch(/accès d’urgence/);
    const page = await browser.get(`${under.issuer}/dpo/emergency`);
    expect(mainText(page)).toContain(reason);
    const elsewhere = await under.add({ givenName: 'Dora', school: under.embruns, roles: ['dpo'] });
    const hers = await under.signIn(elsewhere, '/dpo/access');
    const list = await hers.get(`${under.issuer}/dpo/emergency`);
    expect(list.status).toBe(200);
    expect(mainText(list)).not.toContain(reason);
    const form = findForm(page, new RegExp(`${access.id}/closed$`));
    const done = await browser.post(form.action, form.fields);
    expect(done.status).toBe(303);
    expect((await suspends(head, 'factor')).allowed).toBe(false);
    const again = await browser.post(form.action, form.fields);
    expect(again.status).toBe(404);
  });

  it('writes each opening and closing in the log, without the reason', async () => {
    const events = await under.database.openAdmin().query<{ action: string; leaked: boolean }>(
      `SELECT action, bool_or(e::text LIKE '%sortie%') AS leaked FROM audit.events e
         WHERE action LIKE 'service.emergency.%' OR action LIKE 'directory.role.%' GROUP BY action ORDER BY action`,
    );
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'directory.role.ended',
        'directory.role.granted',
        'service.emergency.closed',
        'service.emergency.opened',
        'service.emergency.refused',
      ]),
    );
    expect(events.filter(({ leaked }) => leaked)).toEqual([]);
  });
});
