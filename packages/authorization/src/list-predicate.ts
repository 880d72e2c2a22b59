import type { Resource } from './facts.ts';

/** The members of a resource that a list filter may ask for, each a column of the list. */
export type ListMember = Exclude<keyof Resource, 'type' | 'published' | 'closed'>;

/**
 * What is left of the policies when the person and the action are known: a formula over the members of a resource.
 * Plain data: it may travel to a module that has the list, or be printed as SQL.
 */
export type ListPredicate =
  | { readonly kind: 'constant'; readonly value: boolean }
  /** The member is one of these. A resource that does not have it is not. */
  | { readonly kind: 'in'; readonly member: ListMember; readonly values: readonly string[] }
  | { readonly kind: 'given'; readonly member: ListMember }
  | { readonly kind: 'flag'; readonly member: 'published' | 'closed'; readonly value: boolean }
  | { readonly kind: 'not'; readonly of: ListPredicate }
  | { readonly kind: 'and' | 'or'; readonly all: readonly ListPredicate[] };

export const EVERYTHING: ListPredicate = Object.freeze({ kind: 'constant', value: true });
export const NOTHING: ListPredicate = Object.freeze({ kind: 'constant', value: false });

/** All of them hold. Folds what is settled. */
export function allOf(predicates: readonly ListPredicate[]): ListPredicate {
  return join('and', predicates);
}

/** Some of them holds. Folds what is settled. */
export function someOf(predicates: readonly ListPredicate[]): ListPredicate {
  return join('or', predicates);
}

/** It does not hold: false, or not known. */
export function negate(of: ListPredicate): ListPredicate {
  if (of.kind === 'constant') return of.value ? NOTHING : EVERYTHING;
  return of.kind === 'not' ? of.of : { kind: 'not', of };
}

/** The member is one of these; nothing when there are none. */
export function memberIn(member: ListMember, values: Iterable<string>): ListPredicate {
  const distinct = [...new Set(values)];
  return distinct.length === 0 ? NOTHING : { kind: 'in', member, values: distinct };
}

function join(kind: 'and' | 'or', predicates: readonly ListPredicate[]): ListPredicate {
  const settling = kind === 'or';
  const open: ListPredicate[] = [];
  for (const predicate of predicates) {
    if (predicate.kind === 'constant') {
      if (predicate.value === settling) return predicate;
    } else if (predicate.kind === kind) open.push(...predicate.all);
    else open.push(predicate);
  }
  if (open.length === 0) return settling ? NOTHING : EVERYTHING;
  return open.length === 1 ? open[0]! : { kind, all: open };
}

/** Whether a resource is in the list. */
export function matchesPredicate(predicate: ListPredicate, resource: Partial<Resource>): boolean {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value;
    case 'in': {
      const value = resource[predicate.member];
      return value !== undefined && predicate.values.includes(value);
    }
    case 'given':
      return resource[predicate.member] !== undefined;
    case 'flag':
      return resource[predicate.member] === predicate.value;
    case 'not':
      return !matchesPredicate(predicate.of, resource);
    case 'and':
      return predicate.all.every((operand) => matchesPredicate(operand, resource));
    default:
      return predicate.all.some((operand) => matchesPredicate(operand, resource));
  }
}
