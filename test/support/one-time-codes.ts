import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { TOTP, Secret } from 'otpauth';

const STEP_MS = 30_000;

/**
 * The next code of this secret that no test of this machine has used: of the step before, of now, and of the step after.
 * Test files run in processes of their own and may sign in as one person, so used steps are noted as files. A fourth code
 * within half a minute would be refused, so it is an error here.
 */
export function nextCode(secret: string, now: Date = new Date()): string {
  const current = Math.floor(now.getTime() / STEP_MS);
  const folder = path.join(
    tmpdir(),
    `socle-test-codes-${userInfo().uid}`,
    createHash('sha256').update(secret).digest('hex').slice(0, 32),
  );
  mkdirSync(folder, { recursive: true });
  const last = Math.max(0, ...readdirSync(folder).map(Number));
  for (let step = Math.max(current - 1, last + 1); step <= current + 1; step += 1) {
    if (claim(path.join(folder, String(step)))) return codeAt(secret, new Date(step * STEP_MS));
  }
  throw new Error('three codes of this half minute were used already');
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
