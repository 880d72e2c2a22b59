import { openEngine, type Engine } from './engine.ts';
import type { Resource } from './facts.ts';
import { buildFixtureRequest, type Fixtures } from './fixtures.ts';
import { buildMutants } from './mutate-policies.ts';
import { loadPolicySuite, type PolicySuite } from './policy-suite.ts';
import type { Rule } from './rules.ts';

/** A test that nearly misses a rule: some person lacks one word of it, and nothing else. */
export interface NearMiss {
  readonly rule: string;
  /** The word that is lacking (`relation own_child_legal → any`). */
  readonly change: string;
  /** Who would be allowed by the change alone. */
  readonly person: string;
  /** Name of the resource in the fixtures. */
  readonly on: string;
  readonly action: string;
  /** Members of the resource that differ from the fixtures'. */
  readonly with: Readonly<Record<string, boolean>>;
  /** What becomes of everybody, by the policies as they are: to be reviewed, for it repeats their faults. */
  readonly allow: ReadonlyMap<string, string>;
  readonly deny: ReadonlyMap<string, string>;
}

const VARIANTS: readonly Readonly<Record<string, boolean>>[] = [
  {},
  { published: true },
  { published: false },
  { closed: false },
  { closed: true },
];

/**
 * For each word of each rule that allows, the first question of the fixtures that this word alone denies. A word for
 * which there is none is left out: either it adds nothing, or the fixtures lack the person who would show it.
 *
 * @throws PolicyError when the folder is refused.
 */
export async function findNearMisses(folder: string, only?: string): Promise<readonly NearMiss[]> {
  const suite = await loadPolicySuite(folder);
  const engine = openEngine(suite.policies);
  return suite.policies.rules.flatMap((rule, index) =>
    rule.effect === 'deny' || rule.action === '*' || (only !== undefined && rule.id !== only)
      ? []
      : buildMutants(rule, suite).flatMap(({ change, replacement }) => {
          const [widened] = replacement;
          if (widened === undefined || widened.effect !== 'allow') return [];
          const miss = findMiss(suite, engine, rule, suite.policies.rules.toSpliced(index, 1, widened));
          return miss === undefined ? [] : [{ rule: rule.id, change, ...miss }];
        }),
  );
}

function findMiss(
  { policies, fixtures }: PolicySuite,
  engine: Engine,
  rule: Rule,
  rules: readonly Rule[],
): Omit<NearMiss, 'rule' | 'change'> | undefined {
  const wider = openEngine({
    ...policies,
    rules: rules.filter(({ action }) => action === rule.action || action === '*'),
  });
  for (const [on, base] of fixtures.resources) {
    if (base.type !== rule.object) continue;
    for (const changes of VARIANTS) {
      const resource = { ...base, ...changes };
      const person = findPerson(fixtures, rule.action, resource, engine, wider);
      if (person === undefined) continue;
      return {
        person,
        on,
        action: rule.action,
        with: changes,
        ...judgeAll(engine, fixtures, rule.action, resource),
      };
    }
  }
  return undefined;
}

function findPerson(
  fixtures: Fixtures,
  action: string,
  resource: Resource,
  engine: Engine,
  wider: Engine,
): string | undefined {
  for (const facts of fixtures.people.values()) {
    const request = buildFixtureRequest(fixtures, facts.person, action, resource);
    if (!engine.decide(request, facts).allowed && wider.decide(request, facts).allowed) return facts.person;
  }
  return undefined;
}

function judgeAll(engine: Engine, fixtures: Fixtures, action: string, resource: Resource) {
  const allow = new Map<string, string>();
  const deny = new Map<string, string>();
  for (const facts of fixtures.people.values()) {
    const { allowed, rule } = engine.decide(
      buildFixtureRequest(fixtures, facts.person, action, resource),
      facts,
    );
    if (rule !== undefined) (allowed ? allow : deny).set(facts.person, rule);
  }
  return { allow, deny };
}

/** The near misses as tests, to be read and pasted into a tests.yaml by whoever answers for the rules. */
export function printNearMisses(misses: readonly NearMiss[]): string {
  const map = (entries: ReadonlyMap<string, string>): string =>
    `{ ${[...entries].map(([person, rule]) => `${person}: ${rule}`).join(', ')} }`;
  return [
    '# Generated from the rules as they are, so they repeat their faults: read each before it is kept.',
    'tests:',
    ...misses.flatMap((miss) => [
      `  - says: ${miss.person} lacks only one word of ${miss.rule} (${miss.change}), and is denied`,
      `    action: ${miss.action}`,
      `    on: ${miss.on}`,
      ...Object.entries(miss.with).map(([name, value]) => `    with: { ${name}: ${value} }`),
      ...(miss.allow.size === 0 ? [] : [`    allow: ${map(miss.allow)}`]),
      ...(miss.deny.size === 0 ? [] : [`    deny: ${map(miss.deny)}`]),
      '    rest: deny',
    ]),
    '',
  ].join('\n');
}
