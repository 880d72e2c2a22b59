import type { Engine } from './engine.ts';
import type { Decision } from './facts.ts';
import { buildFixtureRequest, type Fixtures } from './fixtures.ts';

/** One thing that a person of the fixtures may do. */
export interface AllowedAccess {
  readonly person: string;
  readonly action: string;
  /** Name of the resource in the fixtures. */
  readonly resource: string;
  /** The rule that allows it. */
  readonly rule: string;
}

/**
 * All that is allowed in the fixtures, narrowed to a person, an action or a resource: each pair is put to the engine,
 * so that what is listed is what is decided.
 */
export function listAllowed(
  engine: Engine,
  fixtures: Fixtures,
  only: { readonly person?: string; readonly action?: string; readonly resource?: string },
): readonly AllowedAccess[] {
  const allowed: AllowedAccess[] = [];
  for (const [name, resource] of fixtures.resources) {
    if (only.resource !== undefined && only.resource !== name) continue;
    for (const action of engine.policies.vocabulary.objects.get(resource.type)!.actions) {
      if (only.action !== undefined && only.action !== action) continue;
      for (const [person, facts] of fixtures.people) {
        if (only.person !== undefined && only.person !== person) continue;
        const decision: Decision = engine.decide(
          buildFixtureRequest(fixtures, person, action, resource),
          facts,
        );
        if (decision.allowed) allowed.push({ person, action, resource: name, rule: decision.rule! });
      }
    }
  }
  return allowed;
}
