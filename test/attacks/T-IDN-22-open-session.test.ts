import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildManualClock, type ManualClock } from '@socle/base';
import { findForm } from '../support/forms.ts';
import type { HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

const OWN = 'tondeuse girafe vent';

describe('T-IDN-22 changing somebody’s credentials from their open session', () => {
  let service: SocleUnderTest;
  let clock: ManualClock;
  beforeAll(async () => {
    clock = buildManualClock(new Date());
    service = await openSocleUnderTest({ clock });
  });
  // The provider stamps its rows with the machine's time.
  beforeEach(() => clock.set(new Date()));
  afterAll(() => service.close());

  const addParent = (givenName: string) => service.add({ givenName, familyName: 'Ferrand' });
  const open = (browser: HttpBrowser, path: string) => browser.get(`${service.issuer}${path}`);
  const isIn = async (browser: HttpBrowser) => (await open(browser, '/account')).status === 200;

  it('asks again who they are after five minutes, on the page and on the form', async () => {
    const person = await addParent('Gaston');
    const browser = await service.signIn(person);
    const page = await open(browser, '/account/password');
    expect(page.status).toBe(200);
    clock.advanceSeconds(301);
    expect((await open(browser, '/account/password')).location).toContain('/sign-in?');
    const late = await browser.post(
      `${service.issuer}/account/password`,
      { ...findForm(page, /^\/account\/password$/).fields, password: OWN, repeat: OWN },
      { origin: service.issuer },
    );
    expect(late.location).toContain('/sign-in?');
    for (const path of [
      '/account/codes',
      '/account/codes/removed',
      '/account/recovery',
      '/account/grid',
      '/account/grid/removed',
    ]) {
      const form = findForm(await open(browser, '/account'), /^\/account\/recovery$/);
      const answer = await browser.post(`${service.issuer}${path}`, form.fields, {
        origin: service.issuer,
      });
      expect(answer.location, path).toContain('/sign-in?');
    }
    clock.set(new Date());
    expect(await isIn(await service.signIn(person))).toBe(true);
  });

  it('refuses every form without the session’s token, or from another site', async () => {
    const person = await addParent('Hugo');
    const browser = await service.signIn(person);
    const page = await open(browser, '/account');
    const { fields } = findForm(page, /^\/account\/recovery$/);
    const paths = [
      '/account/password',
      '/account/codes',
      '/account/codes/removed',
      '/account/recovery',
      '/account/grid',
      '/account/grid/removed',
      '/account/devices/ended',
      '/account/devices/0198a000-0000-7000-8000-000000000000/ended',
      '/account/services/x/withdrawn',
    ];
    for (const path of paths) {
      const url = `${service.issuer}${path}`;
      expect((await browser.post(url, {}, { origin: service.issuer })).status, path).toBe(403);
      expect((await browser.post(url, fields, { origin: 'https://evil.example' })).status, path).toBe(403);
      expect((await browser.post(url, fields, { 'sec-fetch-site': 'cross-site' })).status, path).toBe(403);
    }
    expect((await browser.post(`${service.issuer}/account/recovery`, fields)).status).toBe(200);
  });

  it('ends no session of somebody else, whatever its id', async () => {
    const victim = await addParent('Inès');
    const theirs = await service.signIn(victim);
    const [entry] = await service.socle.identity.sessions.list(victim.accountId);
    const browser = await service.signIn(await addParent('Jonas'));
    const { fields } = findForm(await open(browser, '/account'), /^\/account\/recovery$/);
    await browser.post(`${service.issuer}/account/devices/${entry?.id}/ended`, fields);
    expect(await isIn(theirs)).toBe(true);
  });
});
