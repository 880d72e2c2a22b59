import { TOTP, Secret } from 'otpauth';

const STEP_MS = 30_000;
const lastSteps = new Map<string, number>();

/**
 * The next code of this secret that the service has not seen from this process: of the step before, of now, and of the
 * step after. A fourth one within half a minute would be refused, so it is an error here.
 */
export function nextCode(secret: string, now: Date = new Date()): string {
  const current = Math.floor(now.getTime() / STEP_MS);
  const step = Math.max(current - 1, (lastSteps.get(secret) ?? 0) + 1);
  if (step > current + 1) throw new Error('three codes of this half minute were used already');
  lastSteps.set(secret, step);
  return codeAt(secret, new Date(step * STEP_MS));
}

/** The code that a generator shows at an instant. */
export function codeAt(secret: string, at: Date): string {
  return TOTP.generate({ secret: Secret.fromBase32(secret.replace(/\s/g, '')), timestamp: at.getTime() });
}
