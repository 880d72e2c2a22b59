import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import { BY, startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials', EXCHANGE];

describe('calls between modules for a person (RFC 8693)', () => {
  let server: IdentityServer;
  let grades: RelyingParty;
  let mail: RelyingParty;
  let stranger: RelyingParty;
  let browser: HttpBrowser;
  let subject: string;
  beforeAll(async () => {
    server = await startIdentityServer();
    grades = await openRelyingParty(server.identity, server.issuer, {
      client_id: 'notes',
      grant_types: GRANTS,
    });
    mail = await openRelyingParty(server.identity, server.issuer, {
      client_id: 'courrier',
      grant_types: GRANTS,
      socle_called_by: { notes: 'courrier:send courrier:read' },
    });
    stranger = await openRelyingParty(server.identity, server.issuer, { grant_types: GRANTS });
    await server.addPerson('lina.costa', PASSWORD);
  });
  afterAll(async () => {
    for (const party of [grades, mail, stranger]) await party.close();
    await server.close();
  });
  beforeEach(async () => {
    browser = openBrowser();
    subject = await tokenAt(grades, browser, 'openid profile courrier:send');
  });
  async function tokenAt(party: RelyingParty, at: HttpBrowser, scope: string) {
    const { code, verifier } = await party.signIn(at, 'lina.costa', PASSWORD, { scope });
    return String((await party.redeem(code, verifier)).body['access_token']);
  }
  const exchange = (change: Record<string, string> = {}, party = grades) =>
    party.token({
      grant_type: EXCHANGE,
      subject_token: subject,
      subject_token_type: ACCESS,
      audience: 'courrier',
      ...change,
    });
  const introspect = async (token: string, party = mail) =>
    (await party.post('/token/introspection', { token })).body as Record<string, unknown>;

  it('gives a short token for one audience, whose subject is the person there and whose actor is the caller', async () => {
    const { status, body } = await exchange({ scope: 'courrier:send' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ issued_token_type: ACCESS, token_type: 'Bearer', scope: 'courrier:send' });
    expect(Number(body['expires_in'])).toBeLessThanOrEqual(120);
    expect(body['refresh_token']).toBeUndefined();
    const seen = await introspect(String(body['access_token']));
    expect(seen).toMatchObject({
      active: true,
      aud: 'courrier',
      scope: 'courrier:send',
      client_id: 'notes',
      act: { sub: 'notes' },
    });
    const account = await server.identity.accounts.find({ login: 'lina.costa' });
    const sector = (await server.identity.clients.find('courrier'))?.sector ?? '';
    const person = await server.identity.resolveSubject(server.test.app, sector, String(seen['sub']));
    expect(person).toBe(account?.personId);
  });

  it('never carries more than the person gave, nor more than the audience allows', async () => {
    // the audience allows it, the person did not give it
    expect((await exchange({ scope: 'courrier:read' })).body['error']).toBe('invalid_scope');
    // the person gave it, the audience does not know it
    expect((await exchange({ scope: 'courrier:send profile' })).body['error']).toBe('invalid_scope');
    expect((await exchange({ scope: 'socle:module' })).body['error']).toBe('invalid_scope');
    // without a wish: what both allow, and no more
    expect((await exchange()).body['scope']).toBe('courrier:send');
    subject = await tokenAt(grades, openBrowser(), 'openid profile');
    expect((await exchange()).body['error']).toBe('invalid_scope');
  });

  it('refuses an audience that does not name the caller, is unknown, or is missing', async () => {
    expect((await exchange({ audience: stranger.clientId })).body['error']).toBe('invalid_target');
    expect((await exchange({ audience: 'nobody' })).body['error']).toBe('invalid_target');
    expect((await exchange({ audience: '' })).body['error']).toBe('invalid_target');
    expect((await exchange({ audience: 'notes' })).body['error']).toBe('invalid_target');
    expect((await exchange()).status).toBe(200);
  });

  it('refuses a token of another client, of nobody, of another type, and an actor of the caller’s choice', async () => {
    const theirs = await tokenAt(stranger, openBrowser(), 'openid');
    expect((await exchange({ subject_token: theirs })).body['error']).toBe('invalid_request');
    expect((await exchange({}, stranger)).body['error']).toBe('invalid_request');
    expect((await exchange({ subject_token: 'inventé' })).body['error']).toBe('invalid_request');
    const wrong = 'urn:ietf:params:oauth:token-type:id_token';
    expect((await exchange({ subject_token_type: wrong })).body['error']).toBe('invalid_request');
    expect((await exchange({ requested_token_type: wrong })).body['error']).toBe('invalid_request');
    expect((await exchange({ actor_token: subject })).body['error']).toBe('invalid_request');
  });

  it('makes no chain: what an exchange made is not exchanged again, by the caller or by the called', async () => {
    const made = String((await exchange()).body['access_token']);
    expect((await exchange({ subject_token: made })).body['error']).toBe('invalid_request');
    expect((await exchange({ subject_token: made, audience: 'notes' }, mail)).body['error']).toBe(
      'invalid_request',
    );
  });

  it('is worth nothing at user info, and its state is told to the audience and the caller alone', async () => {
    const made = String((await exchange()).body['access_token']);
    const me = await fetch(`${server.issuer}/me`, { headers: { authorization: `Bearer ${made}` } });
    expect(me.status).toBe(403);
    expect((await introspect(made, stranger))['active']).toBe(false);
    expect((await introspect(made, grades))['active']).toBe(true);
    await stranger.post('/token/revocation', { token: made });
    expect((await introspect(made))['active']).toBe(true);
    await grades.post('/token/revocation', { token: made });
    expect((await introspect(made))['active']).toBe(false);
  });

  it('ends with the session, at once', async () => {
    const made = String((await exchange()).body['access_token']);
    expect((await introspect(made))['active']).toBe(true);
    const account = await server.identity.accounts.find({ login: 'lina.costa' });
    await server.identity.sessions.endAll(account?.id ?? '', BY);
    expect((await introspect(made))['active']).toBe(false);
    expect((await exchange()).body['error']).toBe('invalid_request');
  });

  it('writes each exchange in the log, under the person', async () => {
    const count = async () => {
      const [row] = await server.test
        .openAdmin()
        .query<{ n: number }>(
          "SELECT count(*)::int AS n FROM audit.events WHERE action = 'identity.token.exchanged'",
        );
      return row?.n ?? 0;
    };
    const before = await count();
    expect((await exchange()).status).toBe(200);
    expect(await count()).toBe(before + 1);
    await exchange({ audience: 'nobody' });
    expect(await count()).toBe(before + 1);
  });

  it('lets a module declare scopes of its own name only, and never itself as a caller', async () => {
    for (const callers of [{ notes: 'openid' }, { notes: 'notes:all' }, { agenda: 'agenda:x' }]) {
      await expect(
        openRelyingParty(server.identity, server.issuer, { client_id: 'agenda', socle_called_by: callers }),
      ).rejects.toMatchObject({ code: 'client_metadata_refused' });
    }
  });
});
