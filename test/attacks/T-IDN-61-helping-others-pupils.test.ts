import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';
import { loadLoggedEvents } from '../support/logged-events.ts';

describe('T-IDN-61 a teacher acts on the account of a colleague, or of a pupil of another class or school', () => {
  let under: SocleUnderTest;
  let teacher: TestPerson;
  let colleague: TestPerson;
  let stranger: TestPerson;
  let head: TestPerson;
  let pupil: TestPerson;
  let browser: HttpBrowser;
  let fields: Readonly<Record<string, string>>;
  beforeAll(async () => {
    under = await openSocleUnderTest();
    teacher = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    colleague = await under.add({ givenName: 'Paul', school: under.phare, teaches: true });
    stranger = await under.add({ givenName: 'Camille', school: under.embruns, teaches: true });
    head = await under.add({ givenName: 'Irène', school: under.phare, roles: ['head'] });
    pupil = await under.add({ givenName: 'Noé', school: under.phare, isPupil: true });
    await under.add({ givenName: 'Inès', school: under.embruns, isPupil: true });
    browser = await under.signIn(teacher);
    const page = await browser.get(classPage(under.phare.division));
    fields = findForm(page, /sheets$/).fields;
  });
  afterAll(() => under.close());

  const classPage = (division: string) => `${under.issuer}/school/accounts/classes/${division}`;
  const acts = ['sheets', 'badges', 'end-lesson'] as const;
  const act = (by: HttpBrowser, division: string, name: string, sent = fields) =>
    by.post(
      `${classPage(division)}/${name}`,
      { ...sent, who: 'all', format: 'page' },
      { origin: under.issuer },
    );
  const deniedActions = async () =>
    (await loadLoggedEvents(under.database, 'service.page.denied')).map(({ detail }) => detail?.['action']);
  const sessionsOf = async (person: TestPerson) => under.socle.identity.sessions.list(person.accountId);

  it('refuses another school’s class, and lets one’s own through', async () => {
    expect((await browser.get(classPage(under.embruns.division))).status).toBe(403);
    for (const name of acts) expect((await act(browser, under.embruns.division, name)).status).toBe(403);
    expect((await browser.get(classPage(under.phare.division))).status).toBe(200);
    expect((await act(browser, under.phare.division, 'sheets')).status).toBe(200);
    expect((await act(browser, under.phare.division, 'end-lesson')).status).toBe(303);
  });

  it('refuses those who do not teach the class, even who may list its pupils', async () => {
    const other = await under.signIn(head);
    const page = await other.get(classPage(under.phare.division));
    expect(page.status).toBe(200);
    expect(() => findForm(page, /sheets$/)).toThrow();
    // what a page of theirs would carry, if it had a form
    const [session] = await sessionsOf(head);
    const token = createHmac('sha256', under.socle.areaKeys.formToken)
      .update(session!.id)
      .digest('base64url');
    for (const name of acts) {
      const answer = await act(other, under.phare.division, name, { _csrf: token });
      expect(answer.status).toBe(403);
      expect(await deniedActions()).toContain(
        name === 'end-lesson' ? 'accounts.lesson.end' : 'accounts.account.activate',
      );
    }
  });

  it('refuses pupils, strangers to the school and those who are not signed in', async () => {
    for (const person of [pupil, stranger]) {
      const other = await under.signIn(person);
      expect((await other.get(classPage(under.phare.division))).status).toBe(403);
      for (const name of acts) expect((await act(other, under.phare.division, name)).status).toBe(403);
    }
  });

  it('prints no sheet for a colleague and ends no colleague’s session', async () => {
    const theirs = await under.signIn(colleague);
    const child = await under.signIn(pupil);
    expect(await sessionsOf(pupil)).not.toHaveLength(0);
    const printed = await act(browser, under.phare.division, 'sheets');
    expect(printed.text).toContain('Noé');
    expect(printed.text).not.toContain('Paul');
    await act(browser, under.phare.division, 'end-lesson');
    expect(await sessionsOf(pupil)).toHaveLength(0);
    expect((await child.get(`${under.issuer}/`)).status).toBe(303);
    expect((await theirs.get(`${under.issuer}/`)).status).toBe(200);
    expect(await sessionsOf(teacher)).not.toHaveLength(0);
  });

  it('refuses a form without the session’s token, with another session’s, or from another site', async () => {
    const theirs = await under.signIn(colleague);
    const foreign = findForm(await theirs.get(classPage(under.phare.division)), /sheets$/).fields;
    for (const name of acts) {
      expect((await act(browser, under.phare.division, name, {})).status).toBe(403);
      expect((await act(browser, under.phare.division, name, foreign)).status).toBe(403);
      const site = { origin: 'https://evil.example' };
      expect((await browser.post(`${classPage(under.phare.division)}/${name}`, fields, site)).status).toBe(
        403,
      );
    }
    expect((await act(browser, under.phare.division, 'sheets')).status).toBe(200);
  });

  it('does nothing for a class that the teacher no longer teaches', async () => {
    const admin = under.database.openAdmin();
    await admin.query('UPDATE directory.teaching_assignments SET valid_to = now() WHERE person_id = $1', [
      colleague.id,
    ]);
    const theirs = await under.signIn(colleague);
    expect((await theirs.get(classPage(under.phare.division))).status).toBe(403);
    for (const name of acts) expect((await act(theirs, under.phare.division, name)).status).toBe(403);
    expect((await act(browser, under.phare.division, 'sheets')).status).toBe(200);
  });
});
