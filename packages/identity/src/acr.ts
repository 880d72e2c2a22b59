/**
 * How strongly a person proved who they are, weakest first. Services see it as `acr`. Only what this release can
 * deliver is announced to them.
 */
export const ACR_ORDER = ['badge', 'password', 'factor', 'passkey'] as const;

export type Acr = (typeof ACR_ORDER)[number];

/** What can be reached in this release. */
export const OFFERED_ACR: readonly Acr[] = ['password'];
