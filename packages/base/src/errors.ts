/** The three kinds of failure that never mix: the caller's or the policy's, a dependency's, our own. */
export type FailureKind = 'refusal' | 'fault';

/** What a SocleError carries; `details` holds ids and counts only, never personal data or secrets. */
export interface SocleErrorOptions {
  /** HTTP status that fits: 4xx for a refusal, 503 for a fault. */
  readonly status: number;
  /** One sentence that may be shown to the caller: what happened and what to do. */
  readonly publicMessage: string;
  /** Machine-readable extras (RFC 9457 extension members). */
  readonly details?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly cause?: unknown;
}

/**
 * An expected failure with a stable `code` (listed in docs/errors.md).
 * A package narrows `Code` to its own closed union.
 */
export class SocleError<Code extends string = string> extends Error {
  override readonly name = 'SocleError';
  readonly code: Code;
  readonly status: number;
  readonly publicMessage: string;
  readonly details: Readonly<Record<string, string | number | boolean | readonly string[]>>;

  constructor(code: Code, options: SocleErrorOptions) {
    super(`${code}: ${options.publicMessage}`, { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.publicMessage = options.publicMessage;
    this.details = options.details ?? {};
  }

  /** `fault` when a dependency failed (5xx, retryable), otherwise `refusal`. */
  get kind(): FailureKind {
    return this.status >= 500 ? 'fault' : 'refusal';
  }
}

/** Thrown when our own code is wrong. Never caught to be answered with anything but a 500. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
}

/** Throws InvariantViolation with `why` unless `condition` holds. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (!condition) throw new InvariantViolation(why);
}

/** True for any SocleError whose code is `code`. */
export function isSocleError<Code extends string>(error: unknown, code?: Code): error is SocleError<Code> {
  return error instanceof SocleError && (code === undefined || error.code === code);
}
