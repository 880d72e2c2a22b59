import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '@socle/base';
import { openIdentity } from '@socle/identity';
import { loadPageAssets } from '@socle/pages';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-05 a copy of the database', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('awa.diallo', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  it('holds no code, token, cookie, sign-in id, password or private key that could be used', async () => {
    const browser = openBrowser();
    const waiting = await browser.follow(await browser.get(party.request().url));
    const interaction = new URL(waiting.url).pathname.split('/').at(-1);
    const { code, verifier } = await party.signIn(browser, 'awa.diallo', PASSWORD);
    const { body } = await party.redeem(code, verifier);
    const secret = await server.identity.clients.register(
      {
        client_id: 'with-secret',
        redirect_uris: ['http://localhost:9/cb'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      { actor: { kind: 'system', id: 'test' } },
    );
    const admin = server.test.openAdmin();
    const names = await admin.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables WHERE table_schema = 'identity'`,
    );
    expect(names.length).toBeGreaterThan(7);
    const dumps = await Promise.all(
      names.map(({ name }) => admin.query<{ text: string }>(`SELECT t::text AS text FROM ${name} AS t`)),
    );
    const dump = dumps
      .flat()
      .map((row) => row.text)
      .join('\n');
    expect(dump).toContain(party.clientId);
    const session = browser.cookies(server.issuer).get('socle_session');
    const secrets = [
      code,
      body['access_token'],
      body['refresh_token'],
      session,
      interaction,
      PASSWORD,
      secret.secret?.revealText(),
    ];
    for (const value of secrets) {
      expect(value).toBeTypeOf('string');
      expect(String(value).length).toBeGreaterThan(10);
      expect(dump).not.toContain(String(value));
    }
    expect(dump).not.toMatch(/"d"\s*:/);
    expect(dump).toMatch(/\$argon2id\$v=19\$/);
  });

  it('signs nothing under another master key, and still does under its own', async () => {
    const common = {
      database: server.test.app,
      audit: server.audit,
      clock: { now: () => new Date() },
      issuer: server.issuer,
      people: { findPerson: async () => undefined },
      pages: loadPageAssets(),
    };
    await expect(openIdentity({ ...common, masterKey: Secret.random(32) })).rejects.toMatchObject({
      code: 'signing_key_unreadable',
    });
    const own = await openIdentity({ ...common, masterKey: server.masterKey });
    expect((await own.keys.list()).length).toBe(3);
    await own.close();
  });
});
