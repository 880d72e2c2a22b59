/**
 * How strongly a person proved who they are, weakest first. Services see it as `acr`. Only what this release can
 * deliver is announced to them.
 */
export const ACR_ORDER = ['badge', 'password', 'factor', 'passkey'] as const;

export type Acr = (typeof ACR_ORDER)[number];

/** What can be reached in this release. */
export const OFFERED_ACR: readonly Acr[] = ['password', 'factor', 'passkey'];

/** True when `acr` is `wanted` or stronger. */
export function isAtLeast(acr: Acr, wanted: Acr): boolean {
  return ACR_ORDER.indexOf(acr) >= ACR_ORDER.indexOf(wanted);
}

/** One of the names of ACR_ORDER, or undefined. */
export function parseAcr(text: unknown): Acr | undefined {
  return ACR_ORDER.find((acr) => acr === text);
}

/**
 * The acr that these methods (RFC 8176 values) amount to: `pwd` password, `otp` and `kba` a second factor (a code, a
 * place of the printed grid), `mca` a colleague, `pop` with `user` a passkey that verified its user. A badge is `badge`.
 */
export function deduceAcr(amr: readonly string[]): Acr {
  const has = (method: string) => amr.includes(method);
  if (has('pop') && has('user')) return 'passkey';
  const factors = ['otp', 'kba', 'mca', 'pop'].filter(has);
  if (has('pwd')) return factors.length > 0 ? 'factor' : 'password';
  return has('badge') ? 'badge' : 'password';
}
