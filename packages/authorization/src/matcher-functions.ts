import { invariant } from '@socle/base';
import type { MatcherFunctions } from './casbin-engine.ts';
import { conditions as knownConditions, type Condition } from './conditions.ts';
import type { Environment, Resource } from './facts.ts';
import { relations as knownRelations, type Relation } from './relations.ts';
import { hasRole } from './roles.ts';
import type { Place, Subject } from './subject.ts';

/**
 * The three functions that Casbin calls. Each refuses a missing argument and a result that is not a boolean: an
 * async function returns a promise, which Casbin would take for true.
 */
export function buildMatcherFunctions(
  relations: ReadonlyMap<string, Relation> = knownRelations,
  conditions: ReadonlyMap<string, Condition> = knownConditions,
): MatcherFunctions {
  return Object.freeze({
    hasRole: (...values) => {
      const [subject, role, place, scope] = requireAll(values, 4, 'hasRole');
      return requireBoolean(
        hasRole(subject as Subject, requireText(role), place as Place, requireText(scope)),
      );
    },
    related: (...values) => {
      const [name, subject, resource] = requireAll(values, 3, 'related');
      const relation = relations.get(requireText(name));
      invariant(relation !== undefined, 'a rule names an unknown relation');
      return requireBoolean(relation(subject as Subject, resource as Resource));
    },
    holds: (...values) => {
      const [name, subject, resource, environment] = requireAll(values, 4, 'holds');
      const condition = conditions.get(requireText(name));
      invariant(condition !== undefined, 'a rule names an unknown condition');
      return requireBoolean(condition(subject as Subject, resource as Resource, environment as Environment));
    },
  } satisfies MatcherFunctions);
}

function requireAll(values: unknown[], count: number, name: string): unknown[] {
  invariant(values.length === count, `${name} takes ${count} arguments`);
  for (const value of values)
    invariant(value !== undefined && value !== null && value !== '', `${name} lacks an argument`);
  return values;
}

function requireText(value: unknown): string {
  invariant(typeof value === 'string', 'a name in a rule is not a text');
  return value;
}

function requireBoolean(value: unknown): boolean {
  invariant(typeof value === 'boolean', 'a function of the matcher did not answer true or false');
  return value;
}
