import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty, type TokenAnswer } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const RIVALS = 16;

describe('T-IDN-01 one artefact redeemed many times at once', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('eloise.carre', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  const signIn = async () => {
    const { code, verifier } = await party.signIn(openBrowser(), 'eloise.carre', PASSWORD);
    expect(code).not.toBe('');
    return { code, verifier };
  };
  const count = (answers: readonly TokenAnswer[], status: number) =>
    answers.filter((answer) => answer.status === status).length;

  it('redeems a code once, refuses the 15 others with invalid_grant, and burns the family', async () => {
    const { code, verifier } = await signIn();
    const answers = await Promise.all(Array.from({ length: RIVALS }, () => party.redeem(code, verifier)));
    expect(count(answers, 200)).toBe(1);
    expect(count(answers, 400)).toBe(RIVALS - 1);
    for (const answer of answers.filter(({ status }) => status === 400)) {
      expect(answer.body['error']).toBe('invalid_grant');
    }
    const winner = answers.find(({ status }) => status === 200);
    const refresh = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(winner?.body['refresh_token']),
    });
    expect(refresh.body['error']).toBe('invalid_grant');
    const info = await fetch(`${server.issuer}/me`, {
      headers: { authorization: `Bearer ${String(winner?.body['access_token'])}` },
    });
    expect(info.status).toBe(401);
  });

  it('rotates a refresh token once: the client that sent it sixteen times gets one successor', async () => {
    const { code, verifier } = await signIn();
    const first = await party.redeem(code, verifier);
    const refresh_token = String(first.body['refresh_token']);
    const answers = await Promise.all(
      Array.from({ length: RIVALS }, () => party.token({ grant_type: 'refresh_token', refresh_token })),
    );
    expect(count(answers, 200)).toBe(RIVALS);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    const successor = String(answers[0]?.body['refresh_token']);
    const after = await party.token({ grant_type: 'refresh_token', refresh_token: successor });
    expect(after.status).toBe(200);
    // With its successor used, the first one is nobody's lost answer any more.
    const late = await party.token({ grant_type: 'refresh_token', refresh_token });
    expect(late.body['error']).toBe('invalid_grant');
    const last = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(after.body['refresh_token']),
    });
    expect(last.body['error']).toBe('invalid_grant');
  });

  it('takes a client assertion once', async () => {
    const assertion = await party.assertion();
    const answers = await Promise.all(
      Array.from({ length: RIVALS }, () =>
        party.token(
          { grant_type: 'client_credentials', resource: `${server.issuer}/modules`, scope: 'socle:module' },
          { assertion },
        ),
      ),
    );
    expect(count(answers, 200)).toBe(1);
    expect(count(answers, 401)).toBe(RIVALS - 1);
  });

  it('uses a pushed authorization request once', async () => {
    const browser = openBrowser();
    await party.signIn(browser, 'eloise.carre', PASSWORD);
    const { parameters, verifier } = party.request();
    const pushed = await party.post('/request', Object.fromEntries(parameters));
    expect(pushed.status).toBe(201);
    const query = new URLSearchParams({
      client_id: party.clientId,
      request_uri: String(pushed.body['request_uri']),
    });
    const pages = await Promise.all(
      Array.from({ length: RIVALS }, () => browser.get(`${server.issuer}/auth?${query.toString()}`)),
    );
    const codes = pages
      .map((page) => page.location && new URL(page.location).searchParams.get('code'))
      .filter(Boolean);
    expect(codes).toHaveLength(1);
    expect((await party.redeem(String(codes[0]), verifier)).status).toBe(200);
  });

  it('lets one client redeem, rotate and rotate again in turn', async () => {
    const { code, verifier } = await signIn();
    const first = await party.redeem(code, verifier);
    expect(first.status).toBe(200);
    const second = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(first.body['refresh_token']),
    });
    expect(second.status).toBe(200);
    const third = await party.token({
      grant_type: 'refresh_token',
      refresh_token: String(second.body['refresh_token']),
    });
    expect(third.status).toBe(200);
    expect(third.body['refresh_token']).not.toBe(second.body['refresh_token']);
  });
});
