import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { TOTP, Secret } from 'otpauth';

const STEP_MS = 30_000;

/** A sign-in lasts less; a lock that is older belongs to a process that is gone. */
const LOCK_MS = 60_000;

/**
 * Sends the next code of this secret that no test of this machine has used: of the step before, of now, or of the step
 * after; a fourth one within half a minute waits, as a person would, until the generator shows it. Test files run in
 * processes of their own and may sign in as one person: used steps are noted as files, and one code is on its way at a time,
 * since the service refuses a code that comes after a later one.
 */
export async function sendNextCode<T>(secret: string, send: (code: string) => Promise<T>): Promise<T> {
  const folder = path.join(
    tmpdir(),
    `socle-test-codes-${userInfo().uid}`,
    createHash('sha256').update(secret).digest('hex').slice(0, 32),
  );
  mkdirSync(folder, { recursive: true });
  const lock = path.join(folder, 'lock');
  while (!claim(lock)) {
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LOCK_MS) rmSync(lock, { force: true });
    await setTimeout(20);
  }
  try {
    return await send(codeAt(secret, new Date((await takeStep(folder)) * STEP_MS)));
  } finally {
    rmSync(lock, { force: true });
  }
}

async function takeStep(folder: string): Promise<number> {
  for (;;) {
    const used = readdirSync(folder).filter((name) => /^\d+$/.test(name));
    const current = Math.floor(Date.now() / STEP_MS);
    const step = Math.max(current - 1, Math.max(0, ...used.map(Number)) + 1);
    if (step <= current + 1) {
      claim(path.join(folder, String(step)));
      return step;
    }
    await setTimeout(STEP_MS - (Date.now() % STEP_MS));
  }
}

/** Makes the file; false when it was there. */
function claim(file: string): boolean {
  try {
    writeFileSync(file, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The code that a generator shows at an instant. */
export function codeAt(secret: string, at: Date): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret.replace(/\s/g, '')), timestamp: at.getTime() });
}
