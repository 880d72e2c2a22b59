import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { migrations } from './migration-set.ts';
import { openThrottle } from './throttle.ts';

const ROUNDS = 60;

describe('the throttle under one login and one address', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase([migrations]);
  });
  afterAll(() => test.close());

  it('never makes attempts wait for each other in a circle, whatever succeeds or is given back meanwhile', async () => {
    const throttle = openThrottle({ secret: Buffer.alloc(32, 1), clock: systemClock });
    const attempt = { login: 'rose.jacob', address: '192.0.2.7' };
    let allowed = 0;
    await Promise.all(
      Array.from({ length: 10 }, async (_, caller) => {
        for (let n = 0; n < ROUNDS; n += 1) {
          const decision = await throttle.reserve(test.app, attempt);
          if (!decision.allowed) {
            await throttle.forget(test.app, attempt.login);
            continue;
          }
          allowed += 1;
          if ((n + caller) % 2 === 0) await throttle.succeed(test.app, decision.reserved);
          else await throttle.release(test.app, decision.reserved);
        }
      }),
    );
    expect(allowed).toBeGreaterThan(ROUNDS);
  });

  it('forgets the login and gives the address its attempt back after a success', async () => {
    const throttle = openThrottle({ secret: Buffer.alloc(32, 2), clock: systemClock });
    const attempt = { login: 'tom.adam', address: '192.0.2.8' };
    const left = () =>
      test.app.query<{ kind: string; attempts: number }>(
        'SELECT kind, attempts FROM identity.throttles WHERE kind LIKE $1 ORDER BY kind',
        ['%'],
      );
    const before = await left();
    const [first, second] = [
      await throttle.reserve(test.app, attempt),
      await throttle.reserve(test.app, attempt),
    ];
    expect(first.allowed && second.allowed).toBe(true);
    if (first.allowed) await throttle.succeed(test.app, first.reserved);
    const after = await left();
    expect(after.length - before.length).toBe(1);
    expect(after.filter(({ kind }) => kind === 'addressV4').map(({ attempts }) => attempts)).toContain(1);
  });
});
