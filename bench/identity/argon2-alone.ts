// Verifies passwords and nothing else, in a process of its own: what sign-in is compared with.
import { availableParallelism } from 'node:os';
import argon2 from 'argon2';

const windowMs = Number(process.env['ARGON2_WINDOW_MS']);
if (windowMs > 0 && process.send) {
  const secret = Buffer.alloc(32, 7);
  const password = 'châtaigne bleue 7';
  const hash = await argon2.hash(password, {
    type: argon2.argon2id,
    memoryCost: 19_456,
    timeCost: Number(process.env['ARGON2_PASSES']),
    parallelism: 1,
    secret,
  });
  const work = async (until: number): Promise<number> => {
    let done = 0;
    while (performance.now() < until) {
      if (!(await argon2.verify(hash, password, { secret }))) throw new Error('the password fits');
      done += 1;
    }
    return done;
  };
  // As many at once as the socle's queue lets through.
  const side = () => Array.from({ length: availableParallelism() }, () => work(performance.now() + windowMs));
  await Promise.all(side());
  const before = process.cpuUsage();
  const counts = await Promise.all(side());
  const { user, system } = process.cpuUsage(before);
  const done = counts.reduce((sum, count) => sum + count, 0);
  process.send({ cpuMs: (user + system) / 1_000 / done });
  process.disconnect();
}
