import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Tx } from '@socle/db';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

/** Counts statements, BEGIN and COMMIT left out. The log's own connections are not counted. */
function countStatements(database: Database, count: () => void): Database {
  return {
    ...database,
    query: (text, values) => {
      count();
      return database.query(text, values);
    },
    prepared: (statement, values) => {
      count();
      return database.prepared(statement, values);
    },
    run: (statement) => {
      count();
      return database.run(statement);
    },
    transaction: (work, options) =>
      database.transaction((tx: Tx) => {
        const counted: Tx = {
          ...tx,
          query: (text, values) => {
            count();
            return tx.query(text, values);
          },
          prepared: (statement, values) => {
            count();
            return tx.prepared(statement, values);
          },
          run: (statement) => {
            count();
            return tx.run(statement);
          },
        };
        return work(counted);
      }, options),
  };
}

describe('what signing in costs the database', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  let statements = 0;
  beforeAll(async () => {
    server = await startIdentityServer({
      wrapDatabase: (database) => countStatements(database, () => (statements += 1)),
    });
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('lina.marty', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  it('is at most 30 statements for a first sign-in with its tokens, and 16 for the next one', async () => {
    const browser = openBrowser();
    const walk = async () => {
      statements = 0;
      const { code, verifier } = await party.signIn(browser, 'lina.marty', PASSWORD);
      const { status } = await party.redeem(code, verifier);
      expect(status).toBe(200);
      return statements;
    };
    const first = await walk();
    expect(first).toBeGreaterThan(10);
    expect(first).toBeLessThanOrEqual(30);
    const next = await walk();
    expect(next).toBeGreaterThan(5);
    expect(next).toBeLessThanOrEqual(16);
  });

  it('is three statements for a code on an open session and three for its tokens', async () => {
    const browser = openBrowser();
    await party.signIn(browser, 'lina.marty', PASSWORD);
    const first = await party.signIn(browser, 'lina.marty', PASSWORD);
    await party.redeem(first.code, first.verifier);
    statements = 0;
    const { code, verifier } = await party.signIn(browser, 'lina.marty', PASSWORD);
    // the session with its account, client and grant; the session's visit; the code
    expect(statements).toBe(3);
    statements = 0;
    const { status } = await party.redeem(code, verifier);
    expect(status).toBe(200);
    // the code with all that hangs on it; the assertion; its use with the two tokens
    expect(statements).toBe(3);
  });

  it('is three statements for a refresh, two for introspection, one for user info', async () => {
    const { code, verifier } = await party.signIn(openBrowser(), 'lina.marty', PASSWORD);
    const { body } = await party.redeem(code, verifier);
    const { access_token: token = '', refresh_token = '' } = body as Record<string, string>;
    statements = 0;
    const info = await fetch(`${server.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(info.status).toBe(200);
    expect(statements).toBe(1);
    statements = 0;
    expect((await party.post('/token/introspection', { token })).body['active']).toBe(true);
    // the assertion is noted besides
    expect(statements).toBe(2);
    statements = 0;
    expect((await party.token({ grant_type: 'refresh_token', refresh_token })).status).toBe(200);
    expect(statements).toBe(3);
  });

  it('is two statements for a token of a module, its assertion and its client', async () => {
    statements = 0;
    const resource = `${server.issuer}/modules`;
    const answer = await party.token({
      grant_type: 'client_credentials',
      resource,
      scope: 'socle:module',
    });
    expect(answer.status).toBe(200);
    expect(statements).toBe(2);
  });
});
