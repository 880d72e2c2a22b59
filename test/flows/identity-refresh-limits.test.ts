import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const HOUR = 3_600_000;

describe('how long a refresh token may go on', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('mona.haddad', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const at = (instant: number) => vi.useFakeTimers({ toFake: ['Date'], now: instant });
  const refresh = (token: unknown) =>
    party.token({ grant_type: 'refresh_token', refresh_token: String(token) });

  it('ends twelve hours after the sign-in, however often it is rotated and however busy the person is', async () => {
    const start = Date.now();
    const browser = openBrowser();
    const { code, verifier } = await party.signIn(browser, 'mona.haddad', PASSWORD);
    let { body } = await party.redeem(code, verifier);
    for (let hours = 1; hours < 12; hours += 1) {
      at(start + hours * HOUR);
      expect((await browser.get(`${server.issuer}/`)).text).toContain('acr');
      const next = await refresh(body['refresh_token']);
      expect([hours, next.status]).toEqual([hours, 200]);
      body = next.body;
    }
    at(start + 12 * HOUR + 60_000);
    expect((await refresh(body['refresh_token'])).body['error']).toBe('invalid_grant');
  });

  it('of a session ends with it: nobody came for two hours, nothing is left', async () => {
    const start = Date.now();
    const { code, verifier } = await party.signIn(openBrowser(), 'mona.haddad', PASSWORD);
    const { body } = await party.redeem(code, verifier);
    at(start + HOUR);
    const next = await refresh(body['refresh_token']);
    expect(next.status).toBe(200);
    at(start + 4 * HOUR);
    expect((await refresh(next.body['refresh_token'])).body['error']).toBe('invalid_grant');
  });
});
