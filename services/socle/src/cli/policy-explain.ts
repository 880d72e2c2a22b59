import { parseArgs } from 'node:util';
import {
  buildFixtureRequest,
  explain,
  loadFixtures,
  loadPolicies,
  openEngine,
  readResourceProperties,
  type Explanation,
  type RuleOutcome,
} from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/** How many of the nearest rules are shown without `--why-not`. */
const NEAREST = 3;

/** `socle policy explain`: exit code 0 whatever the verdict; 1 when who, act or on name nothing that exists. */
export async function runPolicyExplain(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      who: { type: 'string' },
      act: { type: 'string' },
      on: { type: 'string' },
      prop: { type: 'string', multiple: true },
      at: { type: 'string' },
      acr: { type: 'string' },
      'why-not': { type: 'boolean' },
      json: { type: 'boolean' },
      policies: { type: 'string' },
    },
  });
  const { who, act, on } = values;
  const at = values.at === undefined ? undefined : new Date(values.at);
  if (who === undefined || act === undefined || on === undefined || Number.isNaN(at?.getTime())) {
    io.stderr(
      'socle policy explain: give --who, --act and --on; --at takes an instant. See socle policy --help.\n',
    );
    return EXIT.usage;
  }
  const folder = findPoliciesFolder(values.policies, io);
  const policies = await loadPolicies(folder);
  const fixtures = await loadFixtures(folder, policies);
  const facts = fixtures.people.get(who);
  const base = fixtures.resources.get(on) ?? (policies.vocabulary.objects.has(on) ? { type: on } : undefined);
  const known: readonly (readonly [boolean, string, Iterable<string>])[] = [
    [facts !== undefined, '--who', fixtures.people.keys()],
    [policies.vocabulary.actions.has(act), '--act', policies.vocabulary.actions.keys()],
    [base !== undefined, '--on', [...policies.vocabulary.objects.keys(), ...fixtures.resources.keys()]],
  ];
  for (const [found, option, names] of known)
    if (!found)
      io.stderr(`socle policy explain: ${option} names nothing; it takes one of ${[...names].join(', ')}\n`);
  if (facts === undefined || base === undefined || known.some(([found]) => !found)) return EXIT.refused;
  const resource = readResourceProperties(base, values.prop ?? []);
  const request = buildFixtureRequest(fixtures, who, act, resource, {
    ...(at === undefined ? {} : { at }),
    ...(values.acr === undefined ? {} : { acr: values.acr }),
  });
  const explanation = explain(openEngine(policies), request, facts);
  print(
    io,
    values.json,
    { request, ...explanation, policies: policies.digest },
    describe(explanation, who, act, on, values['why-not'] === true),
  );
  return EXIT.done;
}

function describe(
  { decision, deciding, nearest, failure }: Explanation,
  who: string,
  act: string,
  on: string,
  whyNot: boolean,
): readonly string[] {
  const lines = [`${decision.allowed ? 'ALLOWED' : 'DENIED'}  ${who}  ${act}  ${on}`];
  if (failure !== undefined) return [...lines, `an error, treated as a denial: ${failure}`];
  if (deciding !== undefined) lines.push(`decided by ${sayRule(deciding)}`);
  if (decision.basis === 'none') lines.push('no rule allows it');
  const shown = whyNot ? nearest : nearest.slice(0, decision.allowed ? 0 : NEAREST);
  if (shown.length > 0) lines.push(decision.allowed ? 'other rules:' : 'nearest rules:');
  for (const outcome of shown) {
    const failing = outcome.conjuncts.filter((conjunct) => !conjunct.holds);
    const told = whyNot ? failing : failing.slice(0, 1);
    const why = told.map((conjunct) => `${conjunct.name} "${conjunct.asks}" does not hold`).join('; ');
    lines.push(`  ${sayRule(outcome)}: ${why === '' ? 'would allow' : why}`);
  }
  return lines;
}

function sayRule({ rule }: RuleOutcome): string {
  return `${rule.id} (${rule.role} in ${rule.scope}, ${rule.relation}, ${rule.condition}: ${rule.effect}; ${rule.file}:${rule.line})`;
}
