import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations as auditMigrations } from '@socle/audit';
import { buildManualClock, newId, uuidv7, type PersonId } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { insertAccount } from '../account-store.ts';
import { migrations } from '../migration-set.ts';
import { openOneTimeCodes, type OneTimeCodes } from './one-time-codes.ts';

const DAY = 24 * 3_600;

describe('openOneTimeCodes', () => {
  const clock = buildManualClock(new Date('2026-09-01T08:00:00Z'));
  let test: TestDatabase;
  let codes: OneTimeCodes;
  beforeAll(async () => {
    test = await openTestDatabase([auditMigrations, migrations]);
    codes = openOneTimeCodes({ secret: randomBytes(32), clock });
  });
  afterAll(() => test.close());

  const addAccount = async () => {
    const id = uuidv7();
    await insertAccount(test.app, { id, personId: newId<PersonId>(), login: `l${id}`, now: clock.now() });
    return id;
  };
  const issue = async (accountId: string, childId?: PersonId) => {
    const holder = { accountId, ...(childId && { childId }) };
    const purpose = childId ? ('link' as const) : ('activation' as const);
    const [made] = await test.app.transaction((tx) =>
      codes.issue(tx, [holder], { purpose, validSeconds: 30 * DAY }),
    );
    return made!.code.revealText();
  };
  const take = (typed: string) => test.app.transaction((tx) => codes.take(tx, typed));

  it('works once, whichever way it is typed', async () => {
    const accountId = await addAccount();
    const code = await issue(accountId);
    expect(await codes.find(test.app, code.toLowerCase())).toMatchObject({
      accountId,
      purpose: 'activation',
    });
    expect(await take(`${code.slice(0, 5)} ${code.slice(5)}`)).toMatchObject({ accountId });
    expect(await codes.find(test.app, code)).toBeUndefined();
    expect(await take(code)).toBeUndefined();
  });

  it('is given to one of twenty who come at once', async () => {
    const code = await issue(await addAccount());
    const taken = await Promise.all(Array.from({ length: 20 }, () => take(code)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('stops working when another is issued for the same person, and not for anybody else', async () => {
    const [first, second] = [await addAccount(), await addAccount()];
    const old = await issue(first);
    const other = await issue(second);
    const fresh = await issue(first);
    expect(await take(old)).toBeUndefined();
    expect(await take(fresh)).toMatchObject({ accountId: first });
    expect(await take(other)).toMatchObject({ accountId: second });
  });

  it('leaves one code alive when ten are issued for one person at once', async () => {
    const accountId = await addAccount();
    const made = await Promise.all(Array.from({ length: 10 }, () => issue(accountId)));
    const alive = await Promise.all(made.map((code) => codes.find(test.app, code)));
    expect(alive.filter(Boolean)).toHaveLength(1);
  });

  it('keeps a parent’s codes for two children apart', async () => {
    const accountId = await addAccount();
    const [zoe, malo] = [newId<PersonId>(), newId<PersonId>()];
    const [first, second] = [await issue(accountId, zoe), await issue(accountId, malo)];
    expect(await take(first)).toMatchObject({ childId: zoe, purpose: 'link' });
    expect(await take(second)).toMatchObject({ childId: malo });
  });

  it('expires', async () => {
    const accountId = await addAccount();
    const code = await issue(accountId);
    clock.advanceSeconds(30 * DAY - 1);
    expect(await codes.find(test.app, code)).toMatchObject({ accountId });
    clock.advanceSeconds(1);
    expect(await codes.find(test.app, code)).toBeUndefined();
    expect(await take(code)).toBeUndefined();
  });

  it('dies after five wrong answers given with it, even when they come at once', async () => {
    const code = await issue(await addAccount(), newId<PersonId>());
    const tries = await Promise.all(Array.from({ length: 12 }, () => codes.countTry(test.app, code)));
    expect(tries.filter(Boolean)).toHaveLength(5);
    expect(await take(code)).toBeUndefined();
    const spared = await issue(await addAccount(), newId<PersonId>());
    for (let round = 0; round < 8; round += 1) {
      await codes.giveBack(test.app, (await codes.countTry(test.app, spared))!);
    }
    expect(await take(spared)).toBeDefined();
  });

  it('is worth nothing when revoked, and is in no column of the table', async () => {
    const accountId = await addAccount();
    const code = await issue(accountId);
    const rows = await test.app.query<{ text: string }>(
      'SELECT t::text AS text FROM identity.one_time_codes AS t',
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { text } of rows) expect(text).not.toContain(code);
    await test.app.transaction((tx) => codes.revoke(tx, accountId));
    expect(await take(code)).toBeUndefined();
  });
});
