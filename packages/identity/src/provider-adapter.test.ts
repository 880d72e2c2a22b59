import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildManualClock, randomToken, uuidv7 } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { insertAccount } from './account-store.ts';
import { buildLookups } from './lookup-store.ts';
import { migrations } from './migration-set.ts';
import { buildAdapter, type StorageAdapter } from './provider-adapter.ts';
import { sweepExpired } from './sweep.ts';

describe('the storage of the provider', () => {
  const clock = buildManualClock(new Date('2026-09-01T08:00:00Z'));
  const epoch = () => Math.floor(clock.now().getTime() / 1000);
  const replays: string[] = [];
  let verifyingDevice = false;
  let test: TestDatabase;
  let accountId: string;
  const adapter = (model: string): StorageAdapter =>
    buildAdapter(model, {
      database: test.app,
      clock,
      resumeAddress: (id) => `http://localhost/auth/${id}`,
      describeDevice: () => 'Firefox · Linux',
      refuseSecondUse: (of) => new Error(`second use of ${of}`),
      isVerifyingDevice: () => verifyingDevice,
      requestRows: () => undefined,
      named: () => ({ isRedeemed: false }),
      isSameSender: async () => false,
      answersKey: Buffer.alloc(32),
      lookups: buildLookups(test.app, undefined),
      onSessionEnded: async () => {},
      onReplay: async (model_, client) => {
        replays.push(`${model_} ${client}`);
      },
    });

  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
    accountId = uuidv7();
    await insertAccount(test.app, { id: accountId, personId: uuidv7(), login: 'rose', now: clock.now() });
  });
  afterAll(() => test.close());

  const grant = async () => {
    const grantId = randomToken();
    await adapter('Grant').upsert(grantId, { accountId, clientId: 'notes', exp: epoch() + 3_600 });
    return grantId;
  };
  const issue = async (model: string, grantId: string) => {
    const id = randomToken();
    await adapter(model).upsert(id, { accountId, clientId: 'notes', grantId, exp: epoch() + 60 });
    return id;
  };
  const session = (uid: string, more: object = {}) => ({
    uid,
    accountId,
    loginTs: epoch(),
    acr: 'password',
    amr: ['pwd'],
    exp: epoch() + 12 * 3_600,
    ...more,
  });

  it('finds a device by the code its person enters, under a name that no token endpoint takes', async () => {
    const devices = adapter('DeviceCode');
    const id = randomToken();
    await devices.upsert(id, { clientId: 'notes', userCode: 'BCDFGHJK', exp: epoch() + 600 });
    const [row] = await test.app.query<{ text: string }>(
      "SELECT provider_rows::text AS text FROM identity.provider_rows WHERE model = 'DeviceCode'",
    );
    expect(row?.text).not.toContain('BCDFGHJK');
    const found = await devices.findByUserCode('BCDFGHJK');
    const name = found?.jti ?? '';
    expect(name).not.toContain(id);
    expect(await devices.find(name)).toBeUndefined();
    verifyingDevice = true;
    expect(await devices.find(name)).toMatchObject({ clientId: 'notes' });
    await devices.upsert(name, { ...found, accountId });
    verifyingDevice = false;
    expect(await devices.find(id)).toMatchObject({ accountId });
  });

  it('lets one of many consume, and burns the family of the others once', async () => {
    const grantId = await grant();
    const code = await issue('AuthorizationCode', grantId);
    const token = await issue('AccessToken', grantId);
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, () => adapter('AuthorizationCode').consume(code)),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(replays).toEqual(['AuthorizationCode notes']);
    expect(await adapter('AccessToken').find(token)).toBeUndefined();
    expect(await adapter('Grant').find(grantId)).toBeUndefined();
  });

  it('reads nothing under a grant that is gone, even what is written after it went', async () => {
    const grantId = await grant();
    const before = await issue('RefreshToken', grantId);
    expect(await adapter('RefreshToken').find(before)).toMatchObject({ jti: before, clientId: 'notes' });
    await adapter('Grant').destroy(grantId);
    const after = await issue('RefreshToken', grantId);
    expect(await adapter('RefreshToken').find(before)).toBeUndefined();
    expect(await adapter('RefreshToken').find(after)).toBeUndefined();
  });

  it('revokes by grant in one statement, whatever the model', async () => {
    const grantId = await grant();
    const ids = [await issue('AccessToken', grantId), await issue('RefreshToken', grantId)] as const;
    await adapter('AccessToken').revokeByGrantId(grantId);
    expect(await adapter('AccessToken').find(ids[0])).toBeUndefined();
    expect(await adapter('RefreshToken').find(ids[1])).toBeUndefined();
    expect(await adapter('Grant').find(grantId)).toBeDefined();
  });

  it('notes an id once, whoever is first', async () => {
    const id = randomToken();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => adapter('ReplayDetection').upsert(id, { exp: epoch() + 60 }, 60)),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('moves a session to its new id in one statement: the old id is dead, the uid and the graph stay', async () => {
    const [first, second, uid] = [randomToken(), randomToken(), randomToken()];
    await adapter('Session').upsert(first, session(uid));
    expect(await adapter('Session').find(first)).toMatchObject({ jti: first, uid });
    await adapter('Session').upsert(second, session(uid));
    expect(await adapter('Session').find(first)).toBeUndefined();
    expect(await adapter('Session').find(second)).toMatchObject({ jti: second, uid });
    expect(await adapter('Session').findByUid(uid)).toMatchObject({ accountId });
    const rows = await test.app.query('SELECT device_label FROM identity.sessions WHERE provider_uid = $1', [
      uid,
    ]);
    expect(rows).toEqual([{ device_label: 'Firefox · Linux' }]);
    await adapter('Session').destroy(second);
    expect(await adapter('Session').findByUid(uid)).toBeUndefined();
    expect(await test.app.query('SELECT 1 FROM identity.sessions WHERE provider_uid = $1', [uid])).toEqual(
      [],
    );
  });

  it('stores neither the id, nor the cookie, nor the address that holds the id of an interaction', async () => {
    const id = randomToken();
    const cookie = randomToken();
    const payload = {
      jti: id,
      exp: epoch() + 60,
      returnTo: `http://localhost/auth/${id}`,
      session: { cookie },
    };
    await adapter('Interaction').upsert(id, payload, 60);
    const rows = await test.app.query<{ text: string }>(
      'SELECT r::text AS text FROM identity.provider_rows AS r',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(cookie);
    }
    expect(await adapter('Interaction').find(id)).toMatchObject({
      jti: id,
      returnTo: `http://localhost/auth/${id}`,
    });
  });

  it('keeps any character that a request may hold', async () => {
    const id = randomToken();
    await adapter('Interaction').upsert(id, { exp: epoch() + 60, returnTo: '/a\u0000b\ud800' }, 60);
    expect(await adapter('Interaction').find(id)).toMatchObject({ returnTo: '/a\u0000b\ud800' });
  });

  it('finds a session by its uid, and a family, through an index', async () => {
    const admin = test.openAdmin();
    const plan = async (sql: string) =>
      admin.transaction(async (tx) => {
        await tx.query('SET LOCAL enable_seqscan = off');
        const rows = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`);
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
    expect(
      await plan(`SELECT payload FROM identity.provider_rows WHERE model = 'Session' AND uid = 'x'`),
    ).toContain('provider_rows_by_uid');
    expect(
      await plan(`DELETE FROM identity.provider_rows WHERE grant_key = decode(repeat('00', 32), 'hex')`),
    ).toContain('provider_rows_by_grant');
  });

  it('sweeps what is past its time, and keeps a used code until then, so that a second use tells', async () => {
    const grantId = await grant();
    const used = await issue('AuthorizationCode', grantId);
    await adapter('AuthorizationCode').consume(used);
    clock.advanceSeconds(59);
    await sweepExpired(test.app, clock.now());
    expect(await adapter('AuthorizationCode').find(used)).toMatchObject({ consumed: expect.any(Number) });
    clock.advanceSeconds(2);
    expect(await sweepExpired(test.app, clock.now())).toBeGreaterThan(0);
    expect(await adapter('AuthorizationCode').find(used)).toBeUndefined();
    expect(await adapter('Grant').find(grantId)).toBeDefined();
    clock.advanceSeconds(24 * 3_600);
    expect(await sweepExpired(test.app, clock.now())).toBeGreaterThan(0);
    expect(await test.app.query('SELECT 1 FROM identity.provider_rows')).toEqual([]);
  });
});
