import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-06 someone who may not be here any more', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  const signedIn = async (login: string) => {
    const added = await server.addPerson(login, PASSWORD);
    const browser = openBrowser();
    const { code, verifier } = await party.signIn(browser, login, PASSWORD);
    return { ...added, browser, code, verifier };
  };
  const depart = (person: { id: string }) => {
    const known = [...server.people.values()].find(({ id }) => id === person.id);
    if (known) server.people.set(known.id, { ...known, status: 'departed' });
  };

  it('is refused at code, refresh and user info once the directory says so', async () => {
    const waiting = await signedIn('hugo.morel');
    depart(waiting.person);
    expect((await party.redeem(waiting.code, waiting.verifier)).body['error']).toBe('invalid_grant');

    const holding = await signedIn('ines.faure');
    const { body } = await party.redeem(holding.code, holding.verifier);
    const me = () =>
      fetch(`${server.issuer}/me`, { headers: { authorization: `Bearer ${String(body['access_token'])}` } });
    expect((await me()).status).toBe(200);
    depart(holding.person);
    expect((await me()).status).toBe(401);
    const refresh = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    });
    expect(refresh.body['error']).toBe('invalid_grant');
  });

  it('with a live session gets a page that says so, not a failure, and the session ends', async () => {
    const { browser, person, account } = await signedIn('lou.girard');
    expect((await browser.get(`${server.issuer}/`)).text).toContain('acr');
    depart(person);
    const page = await browser.get(party.request().url);
    expect(page.status).toBe(403);
    expect(page.text).toContain('compte');
    expect(page.location).toBeUndefined();
    expect(await server.identity.sessions.list(account.id)).toEqual([]);
    expect((await browser.get(`${server.issuer}/`)).text).not.toContain('acr');
  });

  it('loses sessions and tokens when the account is suspended, and may sign in again once resumed', async () => {
    const { account, browser, code, verifier } = await signedIn('tom.rey');
    const { body } = await party.redeem(code, verifier);
    const before = party.logoutTokens.length;
    await server.identity.accounts.suspend(account.id, { ...BY, reason: 'lost_device' });
    expect(party.logoutTokens.length).toBe(before + 1);
    expect((await browser.get(`${server.issuer}/`)).text).not.toContain('acr');
    const refresh = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    });
    expect(refresh.body['error']).toBe('invalid_grant');
    await server.identity.accounts.resume(account.id, BY);
    const again = await party.signIn(openBrowser(), 'tom.rey', PASSWORD);
    expect((await party.redeem(again.code, again.verifier)).status).toBe(200);
  });

  it('loses every session when the password is changed', async () => {
    const { account, browser } = await signedIn('zoe.marchand');
    await server.identity.accounts.setPassword(account.id, 'une autre phrase longue', BY);
    expect((await browser.get(`${server.issuer}/`)).text).not.toContain('acr');
    expect((await party.signIn(openBrowser(), 'zoe.marchand', 'une autre phrase longue')).code).not.toBe('');
  });
});
