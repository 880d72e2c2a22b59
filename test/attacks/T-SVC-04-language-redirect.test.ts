import { describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { joinTerritory } from '../support/running-territory.ts';

const { issuer } = joinTerritory();

describe('T-SVC-04 the choice of language leads nowhere else', () => {
  const choose = (returnTo: string) =>
    openBrowser().post(`${issuer}/sign-in/language`, { language: 'en', returnTo }, { origin: issuer });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/%0d%0aSet-Cookie:x',
    ' //evil.example',
  ])('stays here when asked to return to %j', async (returnTo) => {
    const answer = await choose(returnTo);
    expect(answer.status).toBe(303);
    expect(new URL(answer.location!).origin).toBe(issuer);
    expect(answer.headers.getSetCookie().join()).not.toMatch(/(^|,)\s*x/);
  });

  it('returns to a page of this service, in the language that was chosen', async () => {
    const browser = openBrowser();
    const answer = await browser.post(
      `${issuer}/sign-in/language`,
      { language: 'en', returnTo: '/sign-in?return-to=%2F' },
      { origin: issuer },
    );
    expect(answer.location).toBe(`${issuer}/sign-in?return-to=%2F`);
    expect((await browser.follow(answer)).text).toContain('<html lang="en">');
  });
});
