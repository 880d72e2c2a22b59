import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret, newId, systemClock, type PersonId } from '@socle/base';
import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import {
  identityActions,
  migrations as identityMigrations,
  openIdentity,
  type Identity,
  type Person,
} from '@socle/identity';
import { loadPageAssets } from '@socle/pages';
import { openBrowser, type HttpBrowser } from '../support/http-browser.ts';
import type { IdentityProcessOptions } from '../support/identity-process.ts';
import { BY } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';
const LOGIN = 'jade.moulin';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** A port that was free a moment ago. */
async function findPort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

describe('the provider is killed in the middle of a flow, and another process goes on', () => {
  let test: TestDatabase;
  let audit: Audit;
  let identity: Identity;
  let options: IdentityProcessOptions;
  let process_: ChildProcess;
  let party: RelyingParty;

  async function start(): Promise<void> {
    process_ = fork(path.resolve('test/support/identity-process.ts'), {
      env: { ...process.env, IDENTITY_PROCESS: JSON.stringify(options) },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [message] = (await once(process_, 'message')) as [unknown];
    expect(message).toBe('ready');
  }
  /** kill -9, then a new process on the same database. */
  async function restart(): Promise<void> {
    const dead = once(process_, 'exit');
    process_.kill('SIGKILL');
    const [, signal] = (await dead) as [unknown, string];
    expect(signal).toBe('SIGKILL');
    await start();
  }

  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, identityMigrations]);
    audit = openAudit({ database: test.app, clock: systemClock, actions: [identityActions] });
    const port = await findPort();
    const masterKey = Secret.random(32);
    const person: Person = { id: newId<PersonId>(), status: 'active', displayName: 'Jade Moulin' };
    options = {
      databaseUrl: test.app.url,
      port,
      issuer: `http://localhost:${port}`,
      masterKey: masterKey.revealBytes().toString('base64'),
      people: [person],
    };
    identity = await openIdentity({
      database: test.app,
      audit,
      clock: systemClock,
      issuer: options.issuer,
      masterKey,
      people: { findPerson: async () => person, findFactorDemand: async () => 'never' },
      pages: loadPageAssets(),
      passwordParameters: { memoryKib: 1_024, iterations: 1, parallelism: 1 },
    });
    const account = await identity.accounts.create({ personId: person.id, login: LOGIN }, BY);
    await identity.accounts.setPassword(account.id, PASSWORD, BY);
    party = await openRelyingParty(identity, options.issuer, {
      grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
    });
    await start();
  });
  afterAll(async () => {
    process_.kill('SIGKILL');
    await party.close();
    await identity.close();
    await audit.close();
    await test.close();
  });
  const refresh = (token: unknown) =>
    party.token({ grant_type: 'refresh_token', refresh_token: String(token) });
  const userInfo = async (token: unknown) =>
    (await fetch(`${options.issuer}/me`, { headers: { authorization: `Bearer ${String(token)}` } })).status;
  const signIn = (browser: HttpBrowser = openBrowser()) => party.signIn(browser, LOGIN, PASSWORD);

  it('lets a person go on with a sign-in page that the dead process had shown', async () => {
    const browser = openBrowser();
    const { url, verifier } = party.request();
    const page = await browser.follow(await browser.get(url), party.redirectUri);
    expect(page.text).toContain('name="password"');
    await restart();
    const done = await browser.follow(
      await browser.submit(page, { username: LOGIN, password: PASSWORD }),
      party.redirectUri,
    );
    const code = new URL(done.location ?? '').searchParams.get('code') ?? '';
    expect((await party.redeem(code, verifier)).status).toBe(200);
  });

  it('redeems a code that the dead process had given', async () => {
    const { code, verifier } = await signIn();
    await restart();
    expect((await party.redeem(code, verifier)).status).toBe(200);
  });

  it('keeps a used code used, and burns what it gave', async () => {
    const { code, verifier } = await signIn();
    const { body } = await party.redeem(code, verifier);
    expect(await userInfo(body['access_token'])).toBe(200);
    await restart();
    expect(await userInfo(body['access_token'])).toBe(200);
    expect((await party.redeem(code, verifier)).body['error']).toBe('invalid_grant');
    expect(await userInfo(body['access_token'])).toBe(401);
  });

  it('keeps a revoked token revoked, and a rotated one rotated', async () => {
    const { code, verifier } = await signIn();
    const { body } = await party.redeem(code, verifier);
    const next = await refresh(body['refresh_token']);
    expect(next.status).toBe(200);
    await party.post('/token/revocation', { token: String(next.body['refresh_token']) });
    await restart();
    expect((await refresh(next.body['refresh_token'])).body['error']).toBe('invalid_grant');
    expect((await refresh(body['refresh_token'])).body['error']).toBe('invalid_grant');
    // and one that nobody touched goes on
    const other = await signIn();
    const kept = (await party.redeem(other.code, other.verifier)).body['refresh_token'];
    await restart();
    expect((await refresh(kept)).status).toBe(200);
  });

  it('takes a client assertion and a pushed request once, before and after', async () => {
    const assertion = await party.assertion();
    const pushed = await party.post('/request', Object.fromEntries(party.request().parameters));
    expect(pushed.status).toBe(201);
    expect(
      (await party.token({ grant_type: 'refresh_token', refresh_token: 'x' }, { assertion })).body,
    ).toMatchObject({
      error: 'invalid_grant',
    });
    await restart();
    const again = await party.token({ grant_type: 'refresh_token', refresh_token: 'x' }, { assertion });
    expect(again.status).toBe(401);
    const browser = openBrowser();
    const url = `${options.issuer}/auth?${new URLSearchParams({
      client_id: party.clientId,
      request_uri: String(pushed.body['request_uri']),
    }).toString()}`;
    const asked = await browser.follow(await browser.get(url), party.redirectUri);
    const done = await browser.follow(
      await browser.submit(asked, { username: LOGIN, password: PASSWORD }),
      party.redirectUri,
    );
    expect(new URL(done.location ?? '').searchParams.has('code')).toBe(true);
    await restart();
    const replayed = await browser.follow(await browser.get(url), party.redirectUri);
    expect(new URL(replayed.location ?? 'http://nowhere.invalid').searchParams.has('code')).toBe(false);
  });

  it('connects a device whose person had been asked to agree', async () => {
    const started = await party.post('/device/auth', { scope: 'openid' });
    const browser = openBrowser();
    const input = await browser.get(`${options.issuer}/device`);
    const confirmation = await browser.submit(input, { user_code: String(started.body['user_code']) });
    await restart();
    const asked = await browser.follow(await browser.submit(confirmation, {}));
    await restart();
    const done = await browser.follow(await browser.submit(asked, { username: LOGIN, password: PASSWORD }));
    expect(done.text).toContain('L’appareil est connecté');
    await restart();
    const fields = { grant_type: DEVICE_GRANT, device_code: String(started.body['device_code']) };
    expect((await party.token(fields)).status).toBe(200);
    await restart();
    expect((await party.token(fields)).body['error']).toBe('invalid_grant');
  });

  it('keeps an ended session ended, and a live one alive', async () => {
    const [gone, kept] = [openBrowser(), openBrowser()];
    const [first, second] = [await signIn(gone), await signIn(kept)];
    const tokens = await party.redeem(first.code, first.verifier);
    await party.redeem(second.code, second.verifier);
    const confirm = await gone.get(`${options.issuer}/session/end`);
    await gone.submit(confirm, { logout: 'yes' });
    await restart();
    const silent = async (browser: HttpBrowser) => {
      const page = await browser.follow(
        await browser.get(party.request({ prompt: 'none' }).url),
        party.redirectUri,
      );
      return new URL(page.location ?? '').searchParams;
    };
    expect((await silent(gone)).get('error')).toBe('login_required');
    expect((await silent(kept)).has('code')).toBe(true);
    expect(await userInfo(tokens.body['access_token'])).toBe(401);
  });
});
