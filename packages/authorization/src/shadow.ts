import { invariant } from '@socle/base';
import type { OracleDecide } from './casbin-oracle.ts';
import type { CompiledBucket } from './compile-plan.ts';
import type { Policies } from './load-policies.ts';

/** How decisions in production are compared with Casbin. */
export interface ShadowOptions {
  /** One decision in so many is asked of Casbin too: 1 for all. A whole number, at least 1. */
  readonly oneIn: number;
  /** Told of each difference. It must wake somebody: the compiler is wrong, or memory is. */
  readonly onMismatch: (mismatch: ShadowMismatch) => void;
}

/** A decision in which the compiled form and Casbin differ. Names rules alone: no person, no resource. */
export interface ShadowMismatch {
  readonly action: string;
  /** The rule by which the compiled form decided; undefined for none. */
  readonly compiled: string | undefined;
  /** The rule by which Casbin decided; undefined for none. */
  readonly casbin: string | undefined;
  readonly policies: string;
}

/** Wraps the compiled buckets of an engine. Where the two differ, Casbin's verdict is the one given. */
export function openShadow(
  policies: Policies,
  oracle: OracleDecide,
  options: ShadowOptions,
): (action: string, decide: CompiledBucket) => CompiledBucket {
  const { oneIn, onMismatch } = options;
  invariant(Number.isInteger(oneIn) && oneIn >= 1, 'oneIn is a whole number, at least 1');
  const { rules, digest } = policies;
  let until = oneIn;
  return (action, decide) => (subject, resource, environment) => {
    const compiled = decide(subject, resource, environment);
    until -= 1;
    if (until > 0) return compiled;
    until = oneIn;
    const casbin = oracle(action, subject, resource, environment);
    if (casbin !== compiled)
      onMismatch({ action, compiled: rules[compiled]?.id, casbin: rules[casbin]?.id, policies: digest });
    return casbin;
  };
}
