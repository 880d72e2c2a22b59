import { planBuckets, roleKey, type PlannedBucket } from './compile-plan.ts';
import type { Formula } from './formula.ts';
import type { Policies } from './load-policies.ts';
import { sayWhat, sayWho, type PhraseLanguage, type Phrases } from './phrases.ts';
import { ANYONE } from './roles.ts';
import type { Rule } from './rules.ts';

/** Somebody who may do more, or less, under the new policies. */
export interface AccessChange {
  readonly change: 'gains' | 'loses';
  readonly action: string;
  /** What is true of the person and the resource: the facts that one rule asks for, or those of two together. */
  readonly facts: readonly AskedFacts[];
  /** The rule by which the old policies decided; undefined when none did. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The facts that a rule asks for. */
type AskedFacts = Pick<Rule, 'role' | 'scope' | 'relation' | 'condition'>;

/** A relation that holds whenever another does: what a sentence need not add. */
const IMPLIED: ReadonlyMap<string, readonly string[]> = new Map([
  ['teaches', ['teaches_division']],
  ['teaches_own', ['teaches', 'teaches_division', 'owner']],
  ['own_here', ['owner', 'same_school']],
  ['own_child_legal', ['guardian_here']],
  ['child_member_legal', ['guardian_here']],
]);

/**
 * Who gains and who loses from one set of policies to another. Each action is tried with the facts that any rule of
 * either asks for, and with each pair of them: a denial that was dropped gives access back only to who holds what an
 * allowance asks and what the denial asked, together. A pair is told only when neither of its halves tells it.
 *
 * It reasons on the words alone: that a person cannot be two things at once is not known here.
 */
export function diffPolicies(
  before: Policies,
  after: Policies,
  options: { readonly depth?: 1 | 2 } = {},
): readonly AccessChange[] {
  const old = new Map(planBuckets(before).map((bucket) => [bucket.action, bucket]));
  const now = new Map(planBuckets(after).map((bucket) => [bucket.action, bucket]));
  const changes: AccessChange[] = [];
  for (const action of new Set([...old.keys(), ...now.keys()])) {
    const pair = [old.get(action), now.get(action)] as const;
    const asked = listAskedFacts(pair);
    const alone = asked.map((facts) => compare(action, [facts], pair));
    changes.push(...alone.filter((change) => change !== undefined));
    if (options.depth === 1) continue;
    for (const [left, first] of asked.entries())
      for (const [right, second] of asked.entries()) {
        if (right <= left) continue;
        const change = compare(action, [first, second], pair);
        const told = [alone[left], alone[right]].some((half) => half?.change === change?.change);
        if (change !== undefined && !told) changes.push(change);
      }
  }
  return changes;
}

/** One sentence: who, what, and by which rule. */
export function sayChange(change: AccessChange, phrases: Phrases, language: PhraseLanguage): string {
  // Facts of anybody add nothing about who the person is: those of a role are told first.
  const facts = change.facts.toSorted(
    (left, right) => Number(left.role === ANYONE) - Number(right.role === ANYONE),
  );
  const [and, verb] =
    language === 'fr'
      ? ([', et aussi ', change.change === 'gains' ? 'pourra désormais' : 'ne pourra plus'] as const)
      : ([', and also ', change.change === 'gains' ? 'may from now on' : 'may no longer'] as const);
  const people = facts.map((asked, index) =>
    index > 0 && asked.role === ANYONE ? sayWhat(phrases, asked, language) : sayWho(phrases, asked, language),
  );
  const what = phrases.actions.get(change.action)?.[language] ?? change.action;
  return `${capitalise(people.join(and))}, ${verb} ${what} (${change.before ?? '–'} → ${change.after ?? '–'}).`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function listAskedFacts(pair: readonly (PlannedBucket | undefined)[]): readonly AskedFacts[] {
  const asked = new Map<string, AskedFacts>();
  for (const bucket of pair)
    for (const { rule } of [...(bucket?.allowances ?? []), ...(bucket?.denials ?? [])]) {
      const scope = rule.role === ANYONE ? 'school' : rule.scope;
      const facts = { role: rule.role, scope, relation: rule.relation, condition: rule.condition };
      asked.set(Object.values(facts).join(' '), facts);
    }
  return [...asked.values()];
}

function compare(
  action: string,
  facts: readonly AskedFacts[],
  [before, after]: readonly [PlannedBucket | undefined, PlannedBucket | undefined],
): AccessChange | undefined {
  const [old, now] = [decide(before, facts), decide(after, facts)];
  const [could, can] = [old?.effect === 'allow', now?.effect === 'allow'];
  if (could === can) return undefined;
  return { change: can ? 'gains' : 'loses', action, facts, before: old?.id, after: now?.id };
}

/** The rule that decides when exactly these facts hold. */
function decide(bucket: PlannedBucket | undefined, facts: readonly AskedFacts[]): Rule | undefined {
  if (bucket === undefined) return undefined;
  const world = {
    roles: new Set(facts.map(({ role, scope }) => roleKey(scope, role))),
    relations: new Set(facts.flatMap(({ relation }) => [relation, ...(IMPLIED.get(relation) ?? [])])),
    conditions: new Set(facts.map(({ condition }) => condition)),
  };
  const denial = bucket.denials.find(({ formula }) => holds(formula, world));
  if (denial !== undefined) return denial.rule;
  const allowances = bucket.allowances.filter(({ formula }) => holds(formula, world));
  return (bucket.firstAllows ? allowances[0] : allowances.at(-1))?.rule;
}

interface SymbolicWorld {
  readonly roles: ReadonlySet<string>;
  readonly relations: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
}

function holds(formula: Formula, world: SymbolicWorld): boolean {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'role':
      return world.roles.has(roleKey(formula.scope, formula.role));
    case 'relation':
      return world.relations.has(formula.name);
    case 'condition':
      return world.conditions.has(formula.name);
    case 'not':
      return !holds(formula.of, world);
    case 'and':
      return formula.all.every((operand) => holds(operand, world));
    case 'or':
      return formula.all.some((operand) => holds(operand, world));
    default:
      return false;
  }
}
