import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('the database goes away', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('gabin.leroy', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  it('is said as 503, lets nobody in, and loses nothing: afterwards the same sign-in and token go on', async () => {
    const browser = openBrowser();
    const { code, verifier } = await party.signIn(browser, 'gabin.leroy', PASSWORD);
    const { body } = await party.redeem(code, verifier);
    const waiting = openBrowser();
    const page = await waiting.follow(await waiting.get(`${server.issuer}/sign-in`));
    const fields = { username: 'gabin.leroy', password: PASSWORD };
    const refresh = () =>
      party.token({ grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) });

    const admin = server.test.openAdmin();
    const [{ name } = { name: '' }] = await admin.query<{ name: string }>(
      'SELECT current_database() AS name',
    );
    await admin.query(`ALTER DATABASE "${name}" CONNECTION LIMIT 0`);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = 'socle_app'`,
      [name],
    );
    const lost = await refresh();
    expect(lost).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
    expect((await waiting.submit(page, fields)).status).toBe(503);
    expect((await browser.get(`${server.issuer}/private`)).status).toBe(503);

    await admin.query(`ALTER DATABASE "${name}" CONNECTION LIMIT -1`);
    expect((await refresh()).status).toBe(200);
    expect((await waiting.submit(page, fields)).status).toBe(303);
    expect((await browser.get(`${server.issuer}/private`)).status).toBe(200);
  });
});
