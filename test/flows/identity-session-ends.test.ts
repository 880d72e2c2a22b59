import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildManualClock } from '@socle/base';
import { SESSIONS_ENDED_CHANNEL } from '@socle/identity';
import { openBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('the end of a session reaches every service', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  let deaf: RelyingParty;
  let listener: Server;
  let status = 503;
  let calls = 0;
  const clock = buildManualClock(new Date());
  beforeAll(async () => {
    server = await startIdentityServer({ clock });
    listener = createServer((request, response) => {
      calls += 1;
      request.resume().on('end', () => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    party = await openRelyingParty(server.identity, server.issuer);
    deaf = await openRelyingParty(server.identity, server.issuer, {
      backchannel_logout_uri: `http://localhost:${(listener.address() as AddressInfo).port}/out`,
    });
    await server.addPerson('inès.morel', PASSWORD);
  });
  afterAll(async () => {
    await new Promise((resolve) => listener.close(resolve));
    await deaf.close();
    await party.close();
    await server.close();
  });
  const accountId = async () => (await server.identity.accounts.find({ login: 'inès.morel' }))?.id ?? '';
  async function openBoth() {
    const browser = openBrowser();
    const first = await party.signIn(browser, 'inès.morel', PASSWORD);
    await deaf.signIn(browser, 'inès.morel', PASSWORD);
    const { body } = await party.redeem(first.code, first.verifier);
    const claims = JSON.parse(
      Buffer.from(String(body['id_token']).split('.')[1] ?? '', 'base64url').toString('utf8'),
    ) as { sid: string };
    const [session] = await server.identity.sessions.list(await accountId());
    return { browser, sid: claims.sid, session: session?.id ?? '' };
  }

  it('gives the sessions that ended after a cursor, in order, and wakes those who listen', async () => {
    const { sid, session } = await openBoth();
    const hints: string[] = [];
    const listening = await server.test.app.listen(SESSIONS_ENDED_CHANNEL, (payload) => hints.push(payload));
    const start = await server.identity.sessionsEndedSince(server.test.app);
    expect(start.ended).toEqual([]);
    expect(await server.identity.sessions.end(session, BY)).toBe(true);
    const after = await server.identity.sessionsEndedSince(server.test.app, start.cursor);
    expect(after.ended.map((each) => each.clientId).sort()).toEqual([party.clientId, deaf.clientId].sort());
    expect(after.ended).toContainEqual({ clientId: party.clientId, sid, endedAt: clock.now() });
    expect((await server.identity.sessionsEndedSince(server.test.app, after.cursor)).ended).toEqual([]);
    await vi.waitFor(() => expect(hints.length).toBeGreaterThan(0));
    await listening.close();
  });

  it('calls a service that did not answer again, and shows the result of each', async () => {
    status = 503;
    const { session } = await openBoth();
    const heard = party.logoutTokens.length;
    calls = 0;
    await server.identity.sessions.end(session, BY);
    expect(calls).toBe(1);
    const result = async (clientId: string) =>
      (await server.identity.sessions.signOutResults(session)).find((each) => each.clientId === clientId);
    expect(await result(party.clientId)).toEqual({
      clientId: party.clientId,
      status: 'delivered',
      attempts: 1,
      answeredAt: clock.now(),
    });
    expect(await result(deaf.clientId)).toEqual({ clientId: deaf.clientId, status: 'waiting', attempts: 1 });

    // too early: nobody is called
    await server.identity.runDueWork();
    expect(calls).toBe(1);
    clock.advanceSeconds(31);
    expect((await server.identity.runDueWork()).servicesSilent).toBeGreaterThanOrEqual(1);
    expect(await result(deaf.clientId)).toMatchObject({ status: 'waiting', attempts: 2 });

    status = 200;
    clock.advanceSeconds(121);
    expect((await server.identity.runDueWork()).servicesTold).toBeGreaterThanOrEqual(1);
    expect(await result(deaf.clientId)).toMatchObject({ status: 'delivered', attempts: 3 });
    // and the one that had answered is not called twice
    expect(party.logoutTokens.length).toBe(heard + 1);
  });

  it('gives up on a service that is silent for a day', async () => {
    status = 503;
    const { session } = await openBoth();
    await server.identity.sessions.end(session, BY);
    for (let run = 0; run < 9; run += 1) {
      clock.advanceSeconds(12 * 3_600);
      await server.identity.runDueWork();
    }
    const results = await server.identity.sessions.signOutResults(session);
    expect(results.find((each) => each.clientId === deaf.clientId)).toMatchObject({
      status: 'given_up',
      attempts: 8,
    });
    status = 200;
  });

  it('ends a session that nobody visited within the idle limit, and tells its services', async () => {
    clock.set(new Date());
    const { browser, session } = await openBoth();
    const heard = party.logoutTokens.length;
    clock.advanceSeconds(2 * 3_600 - 60);
    await server.identity.sweepExpired();
    // one visit just before the limit keeps it
    expect((await browser.get(`${server.issuer}/`)).text).toContain('acr');
    clock.advanceSeconds(2 * 3_600 - 60);
    await server.identity.sweepExpired();
    expect(party.logoutTokens.length).toBe(heard);
    clock.advanceSeconds(120);
    await server.identity.sweepExpired();
    await server.identity.runDueWork();
    expect(party.logoutTokens.length).toBe(heard + 1);
    expect(await server.identity.sessions.signOutResults(session)).toHaveLength(2);
    expect((await browser.get(`${server.issuer}/`)).text).not.toContain('acr');
  });
});
