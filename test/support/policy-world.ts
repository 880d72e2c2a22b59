import { fileURLToPath } from 'node:url';
import {
  loadFixtures,
  loadPolicies,
  openEngine,
  type Decision,
  type PersonFacts,
  type Resource,
} from '@socle/authorization';

/** The repository's policies folder. */
export const POLICIES_FOLDER = fileURLToPath(new URL('../../policies', import.meta.url));

const policies = await loadPolicies(POLICIES_FOLDER);
const fixtures = await loadFixtures(POLICIES_FOLDER, policies);
const engine = openEngine(policies);

/** Every action of the vocabulary, with the type it acts on. */
export const ACTIONS: readonly (readonly [string, string])[] = [...policies.vocabulary.actions].map(
  ([action, type]) => [action, type.name],
);

/** The instant of the fixtures. */
export const NOW = fixtures.now;

/** Facts of a person of the fixtures, changed as given. */
export function findFacts(person: string, changed: Partial<PersonFacts> = {}): PersonFacts {
  const facts = fixtures.people.get(person);
  if (facts === undefined) throw new Error(`the fixtures have no ${person}`);
  return { ...facts, ...changed };
}

/** A resource of the fixtures, changed as given. */
export function findResource(name: string, changed: Partial<Resource> = {}): Resource {
  const resource = fixtures.resources.get(name);
  if (resource === undefined) throw new Error(`the fixtures have no ${name}`);
  return { ...resource, ...changed };
}

/** Every resource of the fixtures that is of this type. */
export function findResourcesOf(type: string): readonly Resource[] {
  return [...fixtures.resources.values()].filter((resource) => resource.type === type);
}

/** What the repository's policies decide, at the instant of the fixtures. */
export function decide(facts: PersonFacts, action: string, resource: Resource): Decision {
  return engine.decide(
    { subject: facts.person, action, resource, environment: { now: NOW, acr: 'password' } },
    facts,
  );
}
