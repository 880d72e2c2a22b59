import { randomToken } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { deleteDeadSessions, endSessions, insertSession, loadSessionRow } from './store.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 8, 1, 8, 0, seconds));

describe('sessions in the database', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase([migrations], { prefix: 'absences', extraLogins: [] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.openAdmin().query('TRUNCATE client.sessions, client.sign_outs');
  });

  /** A session of `sub`, signed in from second `begun` to second `now`. */
  async function add(
    who: { sub: string; sid?: string },
    begun = 0,
    now = begun + 2,
  ): Promise<string | undefined> {
    const id = randomToken();
    const stored = await test.app.transaction((tx) =>
      insertSession(tx, {
        id,
        claims: { ...who, authenticatedAt: at(begun), issuedAt: at(begun + 1) },
        begunAt: at(begun),
        sealedIdToken: Buffer.alloc(1),
        now: at(now),
        expiresAt: at(now + 600),
      }),
    );
    return stored ? id : undefined;
  }
  const end = (who: { sub?: string; sid?: string }, second: number) =>
    test.app.transaction((tx) =>
      endSessions(tx, { ...who, jti: randomToken(), issuedAt: at(second) }, at(second), at(second + 1_200)),
    );
  const lives = async (id: string | undefined, now = 30) =>
    (await loadSessionRow(test.app, id!, at(now), at(now - 300))) !== undefined;

  it('ends those of a sign-in, and those of the person that do not know theirs', async () => {
    const known = await add({ sub: 'p1', sid: 's1' });
    const other = await add({ sub: 'p1', sid: 's2' });
    const unknown = await add({ sub: 'p1' });
    const stranger = await add({ sub: 'p2' });
    expect(await end({ sub: 'p1', sid: 's1' }, 10)).toBe(2);
    expect(await Promise.all([known, other, unknown, stranger].map((id) => lives(id)))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('ends by sid alone only those that know it', async () => {
    const known = await add({ sub: 'p1', sid: 's1' });
    const unknown = await add({ sub: 'p1' });
    expect(await end({ sid: 's1' }, 10)).toBe(1);
    expect([await lives(known), await lives(unknown)]).toEqual([false, true]);
  });

  it.each([
    ['the same sid, however long ago', { sub: 'p1', sid: 's1' }, { sub: 'p1', sid: 's1' }, 20, false],
    ['another sid', { sub: 'p1', sid: 's1' }, { sub: 'p1', sid: 's2' }, 0, true],
    ['no sid, on its way when the person signed out', { sub: 'p1', sid: 's1' }, { sub: 'p1' }, 9, false],
    ['no sid, begun after the person signed out', { sub: 'p1', sid: 's1' }, { sub: 'p1' }, 11, true],
    [
      'any sid, on its way when the person signed out everywhere',
      { sub: 'p1' },
      { sub: 'p1', sid: 's2' },
      9,
      false,
    ],
    [
      'any sid, begun after the person signed out everywhere',
      { sub: 'p1' },
      { sub: 'p1', sid: 's2' },
      11,
      true,
    ],
    ['another person', { sub: 'p1' }, { sub: 'p2', sid: 's2' }, 9, true],
  ])('starts, or not, a session after a sign-out: %s', async (_title, ended, who, begun, starts) => {
    await end(ended, 10);
    expect((await add(who, begun, 12 + begun)) !== undefined).toBe(starts);
  });

  it('does not let a sign-out miss the session that is being stored at that moment', async () => {
    const admin = test.openAdmin();
    let settled = false;
    let signOut: Promise<number | undefined> | undefined;
    await test.app.transaction(async (tx) => {
      const stored = await insertSession(tx, {
        id: randomToken(),
        claims: { sub: 'p1', sid: 's1', authenticatedAt: at(0), issuedAt: at(1) },
        begunAt: at(0),
        sealedIdToken: Buffer.alloc(1),
        now: at(2),
        expiresAt: at(600),
      });
      expect(stored).toBe(true);
      signOut = end({ sub: 'p1', sid: 's1' }, 1).finally(() => (settled = true));
      const isWaiting = async () =>
        (await admin.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).length > 0;
      while (!settled && !(await isWaiting()));
    });
    expect(await signOut).toBe(1);
    expect(await test.app.query('SELECT 1 FROM client.sessions')).toEqual([]);
  });

  it('removes those that are over or idle, and no other', async () => {
    const fresh = await add({ sub: 'p1' }, 290);
    await add({ sub: 'p2' }, 0);
    expect(await deleteDeadSessions(test.app, at(320), at(20))).toBe(1);
    expect(await lives(fresh, 320)).toBe(true);
    expect(await test.app.query('SELECT sub FROM client.sessions')).toEqual([{ sub: 'p1' }]);
  });
});
