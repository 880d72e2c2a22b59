/** What is acted on: its type of the vocabulary and its id in the module. */
export interface ResourceRef {
  /** A type of the policies' vocabulary (`grades.mark`). */
  readonly type: string;
  /** Its id in the module. Left out for what does not exist yet. */
  readonly id?: string;
}

/** What the rules may ask about a resource. People are pairwise subjects of this module. */
export interface ResourceProperties {
  /** Id of the school. */
  readonly school?: string;
  /** Id of the class or group. */
  readonly division?: string;
  /** Id of the taught subject. */
  readonly subject?: string;
  /** The pupil it is about, by `sub`. */
  readonly pupil?: string;
  /** The person who made it, by `sub`. */
  readonly owner?: string;
  readonly published?: boolean;
  readonly closed?: boolean;
}

/** One question to the socle. */
export interface MayRequest {
  /** `<module>.<object>.<verb>`. */
  readonly action: string;
  readonly resource: ResourceRef;
  readonly properties?: ResourceProperties;
}

/** The socle's verdict. A denial is a value; only what cannot be decided is thrown, and that means deny. */
export interface MayDecision {
  readonly allowed: boolean;
  /** Id of the rule that decided, when one did. */
  readonly rule?: string;
  /** `allow`, `deny` (a rule forbids), `none` (no rule allows), `error` (could not be decided: deny). */
  readonly basis: 'allow' | 'deny' | 'none' | 'error';
  /** The authorization revision that the verdict was read at. */
  readonly revision?: number;
  /** Digest of the policies that decided. */
  readonly policies?: string;
}

/** How fresh the facts of a decision must be. */
export interface MayOptions {
  /**
   * `fast` (default): those held here, which a change reaches within a second. `at-least`: those of revision `minRev`
   * or later. `strict`: those of the database at this instant, asked of the socle (exports, resets, authority).
   */
  readonly consistency?: 'fast' | 'at-least' | 'strict';
  /** With `at-least`: the revision that a write returned. Default: the last one heard of. */
  readonly minRev?: number;
}
