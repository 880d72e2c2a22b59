import { invariant } from '@socle/base';
import type { Environment, PersonFacts } from './facts.ts';
import { specialise, type Formula } from './formula.ts';
import {
  EVERYTHING,
  NOTHING,
  allOf,
  negate,
  someOf,
  type ListMember,
  type ListPredicate,
} from './list-predicate.ts';
import { buildConditionTwin, buildRoleTwin, relationTwins } from './list-twins.ts';
import type { Policies } from './load-policies.ts';
import { selectRules } from './select-rules.ts';
import { buildSubject, type Subject } from './subject.ts';

/** Whose list, of what, when. */
export interface ListQuestion {
  readonly action: string;
  readonly environment: Environment;
}

/**
 * What a person may do an action on, as a predicate over resources: true of exactly those that `decide` allows at this
 * instant. Denials are in it. It holds for this instant and these facts: build it for each request.
 *
 * @throws InvariantViolation when the action is not in the vocabulary or the facts are not whole: then nothing is listed.
 * @throws UncompilableMatcher when the matcher is one that the compiler leaves to Casbin.
 */
export function buildListFilter(
  policies: Policies,
  question: ListQuestion,
  facts: PersonFacts,
): ListPredicate {
  const { action, environment } = question;
  const type = policies.vocabulary.actions.get(action);
  invariant(type !== undefined, 'the action is not in the vocabulary');
  invariant(typeof facts.suspended === 'boolean', 'the facts do not say whether the person is suspended');
  const subject = buildSubject(facts.person, facts, environment.now);
  const predicates = selectRules(policies, type.name, action).map((rule) => ({
    effect: rule.effect,
    holds: evaluate(specialise(policies, rule, type.name, action), subject, environment, type.name),
  }));
  const of = (effect: 'allow' | 'deny'): ListPredicate =>
    someOf(predicates.filter((rule) => rule.effect === effect).map((rule) => rule.holds));
  const denied = policies.model.effect === 'allow' ? NOTHING : of('deny');
  const whole = type.needs.map((member): ListPredicate => ({ kind: 'given', member }));
  return allOf([of('allow'), negate(denied), ...whole]);
}

function evaluate(formula: Formula, subject: Subject, environment: Environment, type: string): ListPredicate {
  const inner = (operand: Formula): ListPredicate => evaluate(operand, subject, environment, type);
  switch (formula.kind) {
    case 'constant':
      return formula.value ? EVERYTHING : NOTHING;
    case 'role':
      return buildRoleTwin(subject, formula.role, formula.scope);
    case 'relation': {
      const twin = relationTwins.get(formula.name);
      invariant(twin !== undefined, 'a relation has no twin for lists');
      return twin(subject, type);
    }
    case 'condition':
      return buildConditionTwin(formula.name, subject, environment);
    case 'not':
      return negate(inner(formula.of));
    case 'and':
      return allOf(formula.all.map(inner));
    default:
      return someOf(formula.all.map(inner));
  }
}

/** A column of the list, or the one value that the member has in all of it. */
export type ListColumn =
  | { readonly column: string; readonly type?: 'text' | 'uuid' }
  | { readonly always: string | boolean | undefined };

/** SQL with its parameters. */
export interface ListWhere {
  /** An expression to put after WHERE; its parameters begin at the number that was asked for. */
  readonly sql: string;
  readonly values: readonly (readonly string[])[];
}

const COLUMN = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;

/**
 * Prints a predicate as SQL for PostgreSQL. Every value is a parameter; names are columns of the caller's, plain
 * identifiers. A column that is null is a member that the resource does not have; so is a member without a column.
 *
 * @param firstParameter the number of the first parameter, for a statement that has others before.
 */
export function printWhere(
  predicate: ListPredicate,
  columns: Readonly<Partial<Record<ListMember | 'published' | 'closed', ListColumn>>>,
  firstParameter = 1,
): ListWhere {
  const values: (readonly string[])[] = [];
  const find = (member: ListMember | 'published' | 'closed'): ListColumn =>
    columns[member] ?? { always: undefined };
  const name = (column: string): string => {
    invariant(COLUMN.test(column), 'a column is not a plain identifier');
    return column;
  };
  const print = (part: ListPredicate): string => {
    switch (part.kind) {
      case 'constant':
        return part.value ? 'true' : 'false';
      case 'in': {
        const column = find(part.member);
        if ('always' in column) return String(part.values.some((value) => value === column.always));
        values.push(part.values);
        return `${name(column.column)} = ANY($${firstParameter + values.length - 1}::${column.type ?? 'text'}[])`;
      }
      case 'given': {
        const column = find(part.member);
        return 'always' in column
          ? String(column.always !== undefined)
          : `${name(column.column)} IS NOT NULL`;
      }
      case 'flag': {
        const column = find(part.member);
        if ('always' in column) return String(column.always === part.value);
        return `${name(column.column)} IS ${part.value ? 'TRUE' : 'FALSE'}`;
      }
      case 'not':
        // Not NOT: of an unknown it would be unknown, and the row would go.
        return `(${print(part.of)}) IS NOT TRUE`;
      default:
        return `(${part.all.map(print).join(part.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
  };
  return { sql: print(predicate), values };
}

/**
 * The ids to which a list comes down, when the predicate bounds one member: what a module without the tables is given.
 * Undefined when it does not, or when there are more than `atMost`: then the predicate itself must be used.
 * The ids alone are not the verdict: other members may still have to hold.
 */
export function boundMember(
  predicate: ListPredicate,
  member: ListMember,
  atMost: number,
): readonly string[] | undefined {
  const ids = bound(predicate, member);
  return ids === undefined || ids.size > atMost ? undefined : [...ids];
}

function bound(predicate: ListPredicate, member: ListMember): ReadonlySet<string> | undefined {
  if (predicate.kind === 'constant') return predicate.value ? undefined : new Set();
  if (predicate.kind === 'in') return predicate.member === member ? new Set(predicate.values) : undefined;
  if (predicate.kind === 'and') {
    const bounds = predicate.all.map((part) => bound(part, member)).filter((ids) => ids !== undefined);
    return bounds.toSorted((left, right) => left.size - right.size)[0];
  }
  if (predicate.kind !== 'or') return undefined;
  const bounds = predicate.all.map((part) => bound(part, member));
  return bounds.some((ids) => ids === undefined) ? undefined : new Set(bounds.flatMap((ids) => [...ids!]));
}
