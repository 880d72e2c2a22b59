import { readFile, readdir } from 'node:fs/promises';
import { getPriority } from 'node:os';
import argon2 from 'argon2';
import { describe, expect, it } from 'vitest';
import { lowerHashingPriority } from './hashing-priority.ts';

describe.runIf(process.platform === 'linux')('lowerHashingPriority', () => {
  it('makes every thread that hashes yield, and not the one that answers', async () => {
    await argon2.hash('châtaigne', { memoryCost: 1_024, timeCost: 2, parallelism: 1 });
    const lowered = await lowerHashingPriority();
    expect(lowered).toBeGreaterThan(0);
    const priorities = new Map<string, number[]>();
    for (const task of await readdir('/proc/self/task')) {
      const name = (await readFile(`/proc/self/task/${task}/comm`, 'utf8')).trim();
      priorities.set(name, [...(priorities.get(name) ?? []), getPriority(Number(task))]);
    }
    expect(priorities.get('libuv-worker')).toEqual(Array.from({ length: lowered }, () => 10));
    expect(getPriority(process.pid)).toBeLessThan(10);
  });
});
