import { describe, expect, it } from 'vitest';
import { openTestDatabase } from '@socle/db/testing';
import { migrations } from './migration-set.ts';
import {
  LEAST_PASSWORD_COST,
  agreeOnPasses,
  agreeOnPasswordCost,
  choosePasses,
  costOf,
} from './password-cost.ts';

describe('the cost of passwords', () => {
  it('takes as many passes as a core can afford, never fewer than two or more than six', () => {
    expect([8, 10, 11, 16, 40, 400].map(choosePasses)).toEqual([4, 3, 2, 2, 2, 2]);
    expect([0.1, 5, 5.4].map(choosePasses)).toEqual([6, 6, 5]);
  });

  it('never goes down again, whichever machine starts last', async () => {
    const test = await openTestDatabase([migrations]);
    try {
      expect(await agreeOnPasses(test.app, 3)).toBe(3);
      expect(await agreeOnPasses(test.app, 2)).toBe(3);
      const rivals = await Promise.all([4, 2, 5, 3].map((passes) => agreeOnPasses(test.app, passes)));
      expect(Math.max(...rivals)).toBe(5);
      // What this machine can afford is between two and six, and five are agreed on.
      const { iterations, ...rest } = await agreeOnPasswordCost(test.app);
      expect([5, 6]).toContain(iterations);
      expect(rest).toEqual({ memoryKib: LEAST_PASSWORD_COST.memoryKib, parallelism: 1 });
      await expect(agreeOnPasses(test.app, 1)).rejects.toThrow(/password_cost_iterations_check/);
    } finally {
      await test.close();
    }
  });

  it('reads the cost of a hash in both orders, and none of what argon2id did not make', () => {
    const cost = { memoryKib: 19_456, iterations: 3, parallelism: 1 };
    expect(costOf('$argon2id$v=19$m=19456,t=3,p=1$c2Vs$aGFjaGU')).toEqual(cost);
    expect(costOf('$argon2id$v=19$m=19456,p=1,t=3$c2Vs$aGFjaGU')).toEqual(cost);
    for (const other of [
      '$argon2i$v=19$m=19456,t=3,p=1$c2Vs$aGFjaGU',
      '$2b$12$abc',
      '$argon2id$v=19$m=x$a$b',
      '',
    ]) {
      expect(costOf(other)).toBeUndefined();
    }
  });
});
