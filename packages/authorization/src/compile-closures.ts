import { invariant } from '@socle/base';
import {
  roleKey,
  planBuckets,
  type CompiledPolicies,
  type PlannedBucket,
  type PlannedRule,
} from './compile-plan.ts';
import type { Condition } from './conditions.ts';
import type { Environment, Resource } from './facts.ts';
import { listRoles, type Formula } from './formula.ts';
import type { Policies } from './load-policies.ts';
import type { Relation } from './relations.ts';
import { hasRole, readRoleMask, type RoleBits } from './roles.ts';
import { buildPlace, type Subject } from './subject.ts';

/** The functions that compiled rules call, by the names of the vocabulary. */
export interface Resolver {
  readonly relations: ReadonlyMap<string, Relation>;
  readonly conditions: ReadonlyMap<string, Condition>;
}

/** In what form facts are: a person's snapshot, or integers of a replica. The plan of the rules is the same. */
export interface FactsForm<Facts> {
  readonly relations: ReadonlyMap<string, (subject: Facts, resource: Resource) => boolean>;
  readonly conditions: ReadonlyMap<
    string,
    (subject: Facts, resource: Resource, environment: Environment) => boolean
  >;
  /** Prepares the reading of the roles that a person holds over the place of a resource, as bits. */
  prepareRoles(bits: RoleBits): (subject: Facts, resource: Resource) => number;
  /** One role, where there are more than there are bits. */
  hasRole(subject: Facts, resource: Resource, role: string, scope: string): boolean;
}

/** The index of the deciding rule, or -1 when none decides, on facts in one form. */
export type BucketOn<Facts> = (subject: Facts, resource: Resource, environment: Environment) => number;

/** Whether a specialised rule holds, given the roles that the person holds at the place. */
type Test<Facts> = (roles: number, subject: Facts, resource: Resource, environment: Environment) => boolean;

/** Compiles policies to closures: no text is generated, nothing is evaluated. @throws UncompilableMatcher */
export function compileClosures(policies: Policies, resolver: Resolver): CompiledPolicies {
  const form: FactsForm<Subject> = {
    ...resolver,
    prepareRoles: (bits) => (subject, resource) => readRoleMask(subject, resource, bits),
    hasRole: (subject, resource, role, scope) =>
      hasRole(subject, role, buildPlace(resource, subject.facts), scope),
  };
  const buckets = new Map(
    planBuckets(policies).map((bucket) => [bucket.action, compileBucket(bucket, form)]),
  );
  return Object.freeze({ form: 'closures', digest: policies.digest, buckets });
}

/** Rules prepared for a loop: the roles that each cannot do without, what else it asks, and its index. */
interface PreparedRules<Facts> {
  readonly needs: readonly number[];
  readonly tests: readonly (Test<Facts> | undefined)[];
  readonly indexes: readonly number[];
}

/** Compiles one bucket for facts in the form given. @throws InvariantViolation when the form lacks a function it asks. */
export function compileBucket<Facts>(bucket: PlannedBucket, form: FactsForm<Facts>): BucketOn<Facts> {
  const denials = prepareRules(bucket.denials, bucket.roleBits, form);
  const allowances = prepareRules(bucket.allowances, bucket.roleBits, form);
  const readRoles = form.prepareRoles(splitRoleBits(bucket.roleBits));
  const { firstAllows } = bucket;
  const denialsAskRoles = bucket.denials.some(({ formula }) => listRoles(formula).length > 0);
  return (subject, resource, environment) => {
    let roles = denialsAskRoles ? readRoles(subject, resource) : 0;
    const denial = findRule(denials, true, roles, subject, resource, environment);
    if (denial !== -1) return denial;
    if (!denialsAskRoles) roles = readRoles(subject, resource);
    return findRule(allowances, firstAllows, roles, subject, resource, environment);
  };
}

/** The first or the last rule that holds, -1 when none does. Every rule is asked when the last is wanted, as Casbin does. */
function findRule<Facts>(
  rules: PreparedRules<Facts>,
  first: boolean,
  roles: number,
  subject: Facts,
  resource: Resource,
  environment: Environment,
): number {
  const { needs, tests, indexes } = rules;
  let deciding = -1;
  for (let at = 0; at < needs.length; at += 1) {
    const need = needs[at]!;
    if ((roles & need) !== need) continue;
    const test = tests[at];
    if (test !== undefined && !test(roles, subject, resource, environment)) continue;
    deciding = indexes[at]!;
    if (first) break;
  }
  return deciding;
}

/** Takes a role that a rule asks before all else out of its test, so that the loop passes over the rule without a call. */
function prepareRules<Facts>(
  rules: readonly PlannedRule[],
  roleBits: ReadonlyMap<string, number>,
  form: FactsForm<Facts>,
): PreparedRules<Facts> {
  const prepared = rules.map(({ formula, index }) => {
    const operands = formula.kind === 'and' ? formula.all : [formula];
    const [first, ...others] = operands;
    const need = first?.kind === 'role' ? roleBits.get(roleKey(first.scope, first.role)) : undefined;
    const rest = need === undefined ? operands : others;
    const tests = rest.map((operand) => compileFormula(operand, roleBits, form));
    const test =
      tests.length === 0 ? undefined : tests.reduce((left, right) => joinTests('and', left, right));
    return { need: need ?? 0, test, index };
  });
  return {
    needs: prepared.map(({ need }) => need),
    tests: prepared.map(({ test }) => test),
    indexes: prepared.map(({ index }) => index),
  };
}

/** The bits by width, each a map from the role's name. */
function splitRoleBits(bits: ReadonlyMap<string, number>): RoleBits {
  const of = (scope: string): ReadonlyMap<string, number> =>
    new Map(
      [...bits].flatMap(([key, bit]) => {
        const [found, role] = key.split(' ') as [string, string];
        return found === scope ? [[role, bit] as const] : [];
      }),
    );
  return { school: of('school'), academy: of('academy'), region: of('region') };
}

function compileFormula<Facts>(
  formula: Formula,
  roleBits: ReadonlyMap<string, number>,
  form: FactsForm<Facts>,
): Test<Facts> {
  switch (formula.kind) {
    case 'constant': {
      const { value } = formula;
      return () => value;
    }
    case 'role': {
      const bit = roleBits.get(roleKey(formula.scope, formula.role));
      if (bit !== undefined) return (roles) => (roles & bit) !== 0;
      const { role, scope } = formula;
      return (_roles, subject, resource) => form.hasRole(subject, resource, role, scope);
    }
    case 'relation': {
      const relation = form.relations.get(formula.name);
      invariant(relation !== undefined, 'a rule names an unknown relation');
      return (_roles, subject, resource) => requireBoolean(relation(subject, resource));
    }
    case 'condition': {
      const condition = form.conditions.get(formula.name);
      invariant(condition !== undefined, 'a rule names an unknown condition');
      return (_roles, subject, resource, environment) =>
        requireBoolean(condition(subject, resource, environment));
    }
    case 'not': {
      const of = compileFormula(formula.of, roleBits, form);
      return (roles, subject, resource, environment) => !of(roles, subject, resource, environment);
    }
    default: {
      const tests = formula.all.map((operand) => compileFormula(operand, roleBits, form));
      return tests.reduce((left, right) => joinTests(formula.kind, left, right));
    }
  }
}

function joinTests<Facts>(kind: 'and' | 'or', left: Test<Facts>, right: Test<Facts>): Test<Facts> {
  return kind === 'and'
    ? (roles, subject, resource, environment) =>
        left(roles, subject, resource, environment) && right(roles, subject, resource, environment)
    : (roles, subject, resource, environment) =>
        left(roles, subject, resource, environment) || right(roles, subject, resource, environment);
}

/** An async function answers with a promise, which a plain test would take for true. */
export function requireBoolean(value: unknown): boolean {
  if (value === true || value === false) return value;
  invariant(false, 'a function of the matcher did not answer true or false');
}
