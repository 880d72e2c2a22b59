/** Where a role holds: one school, every school of an academy, or every school of the territory. */
export type RoleScope = 'school' | 'academy' | 'region';

/** One role of a person, with the window in which it holds. */
export interface RoleFact {
  /** A name of policies/vocabulary.yaml (`pupil`, `guardian`, `teacher`, `cpe`, …). */
  readonly role: string;
  readonly scope: RoleScope;
  /** The school's, academy's or region's id. */
  readonly domain: string;
  /** First instant at which it holds; undefined for "since ever". */
  readonly from?: Date;
  /** First instant at which it no longer holds; undefined for "until further notice". */
  readonly to?: Date;
}

/** A class or group that a person teaches, for one subject or (undefined) whatever the subject. */
export interface TeachingFact {
  readonly school: string;
  /** Id of the class or group. */
  readonly division: string;
  /** Subject's id. */
  readonly subject?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** A child of a guardian, with what the law lets that guardian do (code civil, art. 371-1 to 373-2-1). */
export interface ChildFact {
  readonly child: string;
  readonly exercise: 'joint' | 'sole' | 'none' | 'suspended' | 'withdrawn';
  /** `contact` relatives are to be called in an emergency and see nothing. */
  readonly kind: 'legal' | 'in_charge' | 'contact';
  readonly schools: readonly string[];
  readonly divisions: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

/**
 * All that the socle knows of one person for deciding: an immutable snapshot, judged at the request's instant.
 * Only the socle makes it; a module never does.
 */
export interface PersonFacts {
  readonly person: string;
  /** The authorization revision this was read at. */
  readonly revision: number;
  /** A suspended person does nothing. */
  readonly suspended: boolean;
  /** `YYYY-MM-DD`, or undefined when unknown: an unknown age satisfies no condition. */
  readonly birthDate?: string;
  readonly roles: readonly RoleFact[];
  readonly teaches: readonly TeachingFact[];
  /** Classes of which the person is head teacher (professeur principal). */
  readonly headTeacherOf: readonly TeachingFact[];
  /** Classes and groups of a pupil. */
  readonly memberOf: readonly TeachingFact[];
  readonly children: readonly ChildFact[];
  /** For a school's id, the academy and region it belongs to: what makes academy and region roles reach it. */
  readonly schools: ReadonlyMap<
    string,
    { readonly academy: string; readonly region: string; readonly controller: string }
  >;
}

/** What is acted on, as its module describes it. Unknown members are ignored by the rules. */
export interface Resource {
  /** A type of the vocabulary (`grades.mark`). */
  readonly type: string;
  readonly id?: string;
  readonly school?: string;
  /** For what belongs to no single school (an import, the log): the academy, else the region, that it covers. */
  readonly academy?: string;
  readonly region?: string;
  /** Id of the class or group it belongs to. */
  readonly division?: string;
  readonly subject?: string;
  /** The pupil it is about. */
  readonly pupil?: string;
  /** The person who made it. */
  readonly owner?: string;
  readonly published?: boolean;
  readonly closed?: boolean;
}

/** The circumstances of a request. */
export interface Environment {
  readonly now: Date;
  /** The session's authentication context class: `badge`, `password`, `factor`, `passkey`. */
  readonly acr?: string;
}

/** May `subject` do `action` on `resource`? */
export interface DecisionRequest {
  readonly subject: string;
  readonly action: string;
  readonly resource: Resource;
  readonly environment: Environment;
}

/** A verdict and why. `rule` is the id of the deciding rule; undefined when no rule allows. */
export interface Decision {
  readonly allowed: boolean;
  readonly rule?: string;
  /** `allow`, `deny` (a rule forbids), `none` (no rule allows), `error` (something failed: treated as deny). */
  readonly basis: 'allow' | 'deny' | 'none' | 'error';
}
