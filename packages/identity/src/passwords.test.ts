import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPasswordQueue } from './password-queue.ts';
import { openPasswords, type Passwords } from './passwords.ts';

const CHEAP = { memoryKib: 1_024, iterations: 1, parallelism: 1 };

describe('openPasswords', () => {
  const pepper = randomBytes(32);
  let passwords: Passwords;
  beforeAll(async () => {
    passwords = await openPasswords({ pepper, queue: openPasswordQueue(), parameters: CHEAP });
  });

  it('refuses fewer than 8 and more than 128 characters, and accepts both ends', async () => {
    await expect(passwords.hash('1234567')).rejects.toMatchObject({ code: 'password_refused' });
    await expect(passwords.hash('é'.repeat(129))).rejects.toMatchObject({ code: 'password_refused' });
    expect(await passwords.hash('12345678')).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
    expect(await passwords.verify(await passwords.hash('𝄞'.repeat(128)), '𝄞'.repeat(128))).toBe(true);
  });

  it('refuses a password over 128 characters before it queues anything', async () => {
    const hash = await passwords.hash('a'.repeat(128));
    let queued = 0;
    const counting = await openPasswords({
      pepper,
      parameters: CHEAP,
      queue: {
        ...openPasswordQueue(),
        run: (work) => {
          queued += 1;
          return work();
        },
      },
    });
    queued = 0;
    expect(await counting.verify(hash, 'a'.repeat(129))).toBe(false);
    expect(await counting.verify(hash, 'a'.repeat(1_000_000))).toBe(false);
    expect(queued).toBe(0);
    expect(await counting.verify(hash, 'a'.repeat(128))).toBe(true);
    expect(queued).toBe(1);
  });

  it('verifies exactly what was typed, composed or not, and nothing else', async () => {
    const hash = await passwords.hash('forêt d’été');
    expect(await passwords.verify(hash, 'forêt d’été'.normalize('NFD'))).toBe(true);
    for (const near of ['Forêt d’été', 'forêt d’été ', 'foret d’été', '']) {
      expect(await passwords.verify(hash, near)).toBe(false);
    }
  });

  it('does the same hashing work for an account that has no hash, and says no', async () => {
    let queued = 0;
    const queue = openPasswordQueue();
    const counting = await openPasswords({
      pepper,
      parameters: CHEAP,
      queue: {
        usage: queue.usage,
        run: (work) => {
          queued += 1;
          return queue.run(work);
        },
      },
    });
    queued = 0;
    expect(await counting.verify(undefined, 'un mot de passe')).toBe(false);
    expect(queued).toBe(1);
  });

  it('is worth nothing under another pepper', async () => {
    const hash = await passwords.hash('forêt d’été');
    const other = await openPasswords({
      pepper: randomBytes(32),
      queue: openPasswordQueue(),
      parameters: CHEAP,
    });
    expect(await other.verify(hash, 'forêt d’été')).toBe(false);
    expect(await passwords.verify(hash, 'forêt d’été')).toBe(true);
  });

  it('asks for a new hash when the parameters have grown', async () => {
    const hash = await passwords.hash('forêt d’été');
    expect(passwords.needsRehash(hash)).toBe(false);
    const stronger = await openPasswords({
      pepper,
      queue: openPasswordQueue(),
      parameters: { ...CHEAP, iterations: 2 },
    });
    expect(stronger.needsRehash(hash)).toBe(true);
    expect(await stronger.verify(hash, 'forêt d’été')).toBe(true);
  });
});

describe('openPasswordQueue', () => {
  it('never runs more than its places at once, and answers 503 with a delay when the line is full', async () => {
    const queue = openPasswordQueue({ concurrency: 2, maxWaiting: 3 });
    const open: (() => void)[] = [];
    let most = 0;
    const jobs = Array.from({ length: 5 }, () =>
      queue.run(async () => {
        most = Math.max(most, queue.usage().running);
        await new Promise<void>((resolve) => open.push(resolve));
      }),
    );
    expect(queue.usage()).toEqual({ running: 2, waiting: 3 });
    await expect(queue.run(async () => 1)).rejects.toMatchObject({
      code: 'password_queue_full',
      status: 503,
      details: { retryAfterSeconds: 5 },
    });
    while (queue.usage().running > 0) {
      open.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(jobs);
    expect(most).toBe(2);
    expect(await queue.run(async () => 7)).toBe(7);
  });

  it('gives the place on when the work fails', async () => {
    const queue = openPasswordQueue({ concurrency: 1 });
    await expect(queue.run(async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queue.run(async () => 1)).toBe(1);
    expect(queue.usage()).toEqual({ running: 0, waiting: 0 });
  });

  it('leaves a hash of another machine that is stronger, and makes up for one that is weaker', async () => {
    const queue = openPasswordQueue();
    const pepper = randomBytes(32);
    const cost = { memoryKib: 8_192, parallelism: 1 };
    const open = (iterations: number) =>
      openPasswords({ pepper, queue, parameters: { ...cost, iterations } });
    const [weak, strong] = [await open(1), await open(8)];
    const [old, recent] = [await weak.hash('châtaigne'), await strong.hash('châtaigne')];
    expect(weak.needsRehash(recent)).toBe(false);
    expect(strong.needsRehash(old)).toBe(true);
    expect(strong.needsRehash(recent)).toBe(false);
    expect(await strong.verify(old, 'châtaigne')).toBe(true);
    expect(await strong.verify(old, 'marron')).toBe(false);
    expect(await weak.verify(recent, 'châtaigne')).toBe(true);
    // CPU, not time: 8 passes instead of 1, whatever else runs. Four times leaves room for what is not hashing.
    const cpuOf = async (passwords: Passwords) => {
      const before = process.cpuUsage();
      for (let n = 0; n < 5; n += 1) await passwords.verify(old, 'marron');
      return process.cpuUsage(before).user;
    };
    await cpuOf(weak);
    expect((await cpuOf(strong)) / (await cpuOf(weak))).toBeGreaterThan(3);
  });
});
