import argon2 from 'argon2';
import type { Queryable } from '@socle/db';

/** Cost of one hash. */
export interface PasswordParameters {
  readonly memoryKib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** OWASP's first choice for argon2id, below which nothing goes: 19 MiB, two passes, one lane. */
export const LEAST_PASSWORD_COST: PasswordParameters = { memoryKib: 19_456, iterations: 2, parallelism: 1 };

/** What one hash may take of a core. Two cores then sign in a school of a thousand in ten seconds. */
const BUDGET_MS = 16;
const MOST_PASSES = 6;
const TRIES = 3;

/** As many passes as fit the budget, where two take `milliseconds`: two at least, six at most. */
export function choosePasses(milliseconds: number): number {
  const { iterations } = LEAST_PASSWORD_COST;
  const affordable = Math.floor((BUDGET_MS * iterations) / milliseconds);
  return Math.min(MOST_PASSES, Math.max(iterations, affordable));
}

/** Hashes three times at the least cost; gives what this machine can afford. The quickest counts: others may be at work. */
async function calibrate(): Promise<number> {
  const { memoryKib: memoryCost, iterations: timeCost, parallelism } = LEAST_PASSWORD_COST;
  let quickest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < TRIES; n += 1) {
    const startedAt = performance.now();
    await argon2.hash('calibration', { type: argon2.argon2id, memoryCost, timeCost, parallelism });
    quickest = Math.min(quickest, performance.now() - startedAt);
  }
  return choosePasses(quickest);
}

/** The cost of new hashes: what this machine or another one of the installation can afford, whichever is more. */
export async function agreeOnPasswordCost(db: Queryable): Promise<PasswordParameters> {
  return { ...LEAST_PASSWORD_COST, iterations: await agreeOnPasses(db, await calibrate()) };
}

/** Raises the passes that are agreed on to `passes`, where they are fewer; gives what holds now. */
export async function agreeOnPasses(db: Queryable, passes: number): Promise<number> {
  const [row] = await db.query<{ iterations: number }>(
    `INSERT INTO identity.password_cost AS c (iterations) VALUES ($1)
     ON CONFLICT (only_row) DO UPDATE SET iterations = greatest(c.iterations, excluded.iterations)
     RETURNING iterations`,
    [passes],
  );
  return row!.iterations;
}

/** The cost that a PHC string names, in either order of its parameters; undefined for what argon2id did not make. */
export function costOf(phc: string): PasswordParameters | undefined {
  const [, text] = /^\$argon2id\$v=19\$([^$]+)\$/.exec(phc) ?? [];
  if (text === undefined) return undefined;
  const { m, t, p } = Object.fromEntries(
    text.split(',').map((each) => [each.slice(0, 1), Number(each.slice(2))]),
  ) as Record<string, number>;
  return m && t && p ? { memoryKib: m, iterations: t, parallelism: p } : undefined;
}

/** Which argon2 this process runs: one compiled on this machine for its processor, or the package's own. */
export type Argon2Build = 'compiled' | 'prebuilt';

/** Looks at what is loaded, not at what should be. */
export function findArgon2Build(): Argon2Build {
  // Typed by hand: @types/node lags. Without it, the report looks up the name of every open connection.
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  const { excludeNetwork } = report;
  report.excludeNetwork = true;
  const { sharedObjects } = report.getReport() as unknown as { sharedObjects: readonly string[] };
  report.excludeNetwork = excludeNetwork;
  const loaded = sharedObjects.find((file) => /[\\/]argon2[\\/].*\.node$/.test(file));
  return loaded !== undefined && /[\\/]build[\\/]Release[\\/]/.test(loaded) ? 'compiled' : 'prebuilt';
}
