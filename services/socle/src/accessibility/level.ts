/** How a service stands to RGAA, in the words of the law (arrêté du 20 septembre 2019, §3.3): all criteria, half of them, fewer. */
export type AccessibilityLevel = 'full' | 'partial' | 'none';

/** Counts of the criteria of RGAA 4.1, 106 together. */
export interface Measured {
  /** Shown by tests. */
  readonly shown: number;
  /** Broken by a test. */
  readonly failed: number;
  /** Only a person can judge them, and none has. */
  readonly unseen: number;
  /** They do not apply. */
  readonly outside: number;
}

/**
 * Shown criteria out of those that apply, in whole percent, rounded down. Those that nobody judged count as not respected,
 * so that the rate claims nothing that was not seen.
 */
export function accessibilityRate({ shown, failed, unseen }: Measured): number {
  const applicable = shown + failed + unseen;
  return applicable === 0 ? 0 : Math.floor((100 * shown) / applicable);
}

/** The level that the rate gives. */
export function accessibilityLevel(measured: Measured): AccessibilityLevel {
  const rate = accessibilityRate(measured);
  if (rate === 100) return 'full';
  return rate >= 50 ? 'partial' : 'none';
}
