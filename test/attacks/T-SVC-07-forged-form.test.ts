import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

describe('T-SVC-07 a form of another site, or of another session', () => {
  let world: SocleUnderTest;
  let academyAdmin: HttpBrowser;
  let other: HttpBrowser;
  beforeAll(async () => {
    world = await openSocleUnderTest();
    academyAdmin = await world.signIn(
      await world.add({ givenName: 'Servane', academyRoles: ['academy_admin'] }),
    );
    other = await world.signIn(await world.add({ givenName: 'Ronan', academyRoles: ['academy_admin'] }));
  });
  afterAll(() => world.close());

  const url = () => `${world.issuer}/approvals/00000000-0000-7000-8000-000000000000/confirmed`;

  async function tokenOf(browser: HttpBrowser): Promise<string> {
    await world.socle.database.transaction(
      (tx) =>
        world.socle.approvals.ask(tx, {
          kind: 'directory.import.force',
          subject: 'a feed',
          controller: world.academy.controller,
          place: { academy: world.academy.id },
          summary: { fr: ['3 départs'], en: ['3 departures'] },
          reason: 'fin d’année',
          by: { kind: 'system', id: 'command-line' },
        }),
      { scope: 'all' },
    );
    const page = await browser.get(`${world.issuer}/approvals`);
    return /name="_csrf" value="([^"]+)"/.exec(page.text)![1]!;
  }

  const own = () => ({ origin: world.issuer, 'sec-fetch-site': 'same-origin' });

  it('lets the session’s own form through (positive twin): nothing is refused but the unknown request', async () => {
    const answer = await academyAdmin.post(url(), { _csrf: await tokenOf(academyAdmin) }, own());
    expect(answer.status).toBe(404);
  });

  it('refuses a form without a token, with another session’s, and a cut one', async () => {
    const token = await tokenOf(academyAdmin);
    const foreign = await tokenOf(other);
    expect(foreign).not.toBe(token);
    for (const fields of [{}, { _csrf: '' }, { _csrf: foreign }, { _csrf: token.slice(0, -1) }]) {
      expect((await academyAdmin.post(url(), fields as Record<string, string>, own())).status).toBe(403);
    }
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
  ])('refuses a right token when the browser says %j', async (headers) => {
    const answer = await academyAdmin.post(url(), { _csrf: await tokenOf(academyAdmin) }, headers);
    expect(answer.status).toBe(403);
  });

  it('sends somebody who is not signed in to sign in, and does nothing', async () => {
    const answer = await openBrowser().post(url(), { _csrf: 'x' }, own());
    expect(answer.status).toBe(303);
    expect(answer.location).toContain('/sign-in');
  });
});
