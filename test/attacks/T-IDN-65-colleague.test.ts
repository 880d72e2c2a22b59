import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { sendForm } from '../support/forms.ts';
import { openBrowser, type Page } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const TOTP = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const BY = { actor: { kind: 'system', id: 'test' } } as const;

describe('T-IDN-65 a colleague’s word is taken twice, from oneself, from a weak sign-in or from another school', () => {
  let under: SocleUnderTest;
  let clock: ManualClock;
  let paul: TestPerson;
  let helene: TestPerson;
  let camille: TestPerson;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    under = await openSocleUnderTest({ clock });
    paul = await under.add({ givenName: 'Paul', school: under.phare, teaches: true });
    helene = await under.add({ givenName: 'Hélène', school: under.phare, teaches: true });
    camille = await under.add({ givenName: 'Camille', school: under.embruns, teaches: true });
    await under.socle.identity.factors.assignTotp(paul.accountId, TOTP, BY);
  });
  afterAll(() => under.close());

  /** Paul gives his password and asks a colleague. */
  const ask = async () => {
    const browser = openBrowser();
    const start = await browser.follow(await browser.get(`${under.issuer}/sign-in`));
    const page = await sendForm(browser, start, /^\/sign-in\/[\w-]+$/, {
      username: paul.login,
      password: paul.password,
    });
    const waiting = await browser.post(page.url, { colleague: 'ask' }, { origin: under.issuer });
    const code = />([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})</.exec(waiting.text)?.[1] ?? '';
    const check = (): Promise<Page> =>
      browser.post(page.url, { colleague: 'check', shown: code }, { origin: under.issuer });
    return { browser, code, check };
  };
  const { vouch, find } = {
    find: (code: string, by: TestPerson) => under.socle.identity.colleagues.find(code, by.id),
    vouch: async (code: string, by: TestPerson, acr: 'password' | 'factor' = 'factor') => {
      const request = await under.socle.identity.colleagues.find(code, by.id);
      if (!request) return false;
      const person = { id: by.id, status: 'active', displayName: 'x' } as const;
      return under.socle.database.transaction(
        (tx) =>
          under.socle.identity.colleagues.vouch(tx, request, { person, acr, session: crypto.randomUUID() }),
        { scope: 'all' },
      );
    },
  };

  it('lets the sign-in that asked through once a colleague vouched with a strong sign-in, and no other', async () => {
    const { browser, code, check } = await ask();
    expect(code).not.toBe('');
    expect((await check()).status).toBe(422);
    const other = await ask();
    expect(await vouch(code, helene)).toBe(true);
    expect((await other.check()).status).toBe(422);
    expect((await check()).status).toBe(303);
    expect((await browser.get(`${under.issuer}/`)).text).toContain('Un ou une collègue a répondu de vous');
    const sessions = await under.socle.identity.sessions.list(paul.accountId);
    expect(sessions[0]?.acr).toBe('factor');
    // said once, used once
    expect(await vouch(code, helene)).toBe(false);
    expect((await under.socle.identity.notices.list(helene.id))[0]?.kind).toBe('vouched');
  });

  it('refuses oneself, and whoever signed in without a second factor', async () => {
    const { code, check } = await ask();
    expect(await find(code, paul)).toBeUndefined();
    const request = await find(code, helene);
    const person = { id: paul.id, status: 'active', displayName: 'x' } as const;
    expect(
      await under.socle.database.transaction(
        (tx) =>
          under.socle.identity.colleagues.vouch(tx, request!, {
            person,
            acr: 'factor',
            session: crypto.randomUUID(),
          }),
        { scope: 'all' },
      ),
    ).toBe(false);
    expect(await vouch(code, helene, 'password')).toBe(false);
    expect((await check()).status).toBe(422);
    expect(await vouch(code, helene)).toBe(true);
    expect((await check()).status).toBe(303);
  });

  it('is asked on the page for a second factor of whoever vouches', async () => {
    const browser = await under.signIn(helene);
    const page = await browser.get(`${under.issuer}/school/colleagues`);
    expect(page.text).not.toContain('Chercher la demande');
  });

  it('finds no request of another school, with a strong sign-in', async () => {
    const { code } = await ask();
    const show = async (by: TestPerson) => {
      const browser = await under.signIn(by);
      const admin = under.database.openAdmin();
      // what a second factor would have left
      await admin.query(`UPDATE identity.sessions SET acr = 'factor' WHERE account_id = $1`, [by.accountId]);
      const page = await browser.get(`${under.issuer}/school/colleagues`);
      expect(page.text).toContain('Chercher la demande');
      return sendForm(browser, page, /colleagues$/, { code });
    };
    const stranger = await show(camille);
    expect(stranger.status).toBe(422);
    expect(stranger.text).not.toContain('Paul');
    const colleague = await show(helene);
    expect(colleague.status).toBe(200);
    expect(colleague.text).toContain('Je réponds de Paul');
  });

  it('runs out after a quarter of an hour', async () => {
    const late = await ask();
    const ready = await ask();
    expect(await vouch(ready.code, helene)).toBe(true);
    clock.advanceSeconds(15 * 60 + 1);
    expect(await find(late.code, helene)).toBeUndefined();
    const of = {
      signIn: new URL((await ready.check()).url).pathname.split('/')[2] ?? '',
      accountId: paul.accountId,
    };
    const person = { id: paul.id, status: 'active', displayName: 'x' } as const;
    expect(await under.socle.identity.colleagues.use({ ...of, person })).toBe(false);
  });
});
