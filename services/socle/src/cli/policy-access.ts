import { parseArgs } from 'node:util';
import { listAllowed, loadFixtures, loadPolicies, openEngine } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/** `socle policy who-can --act A --on R`: everybody of the fixtures who may, with the rule. */
export function runPolicyWhoCan(args: readonly string[], io: CommandIo): Promise<number> {
  return runAccess('who-can', args, io, ['act', 'on']);
}

/** `socle policy what-can --who P`: all that a person of the fixtures may do, with the rule. */
export function runPolicyWhatCan(args: readonly string[], io: CommandIo): Promise<number> {
  return runAccess('what-can', args, io, ['who']);
}

type Question = 'who' | 'act' | 'on';

async function runAccess(
  verb: string,
  args: readonly string[],
  io: CommandIo,
  needed: readonly Question[],
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      who: { type: 'string' },
      act: { type: 'string' },
      on: { type: 'string' },
      json: { type: 'boolean' },
      policies: { type: 'string' },
    },
  });
  if (needed.some((option) => values[option] === undefined)) {
    io.stderr(
      `socle policy ${verb}: give ${needed.map((option) => `--${option}`).join(' and ')}. See socle policy --help.\n`,
    );
    return EXIT.usage;
  }
  const folder = findPoliciesFolder(values.policies, io);
  const policies = await loadPolicies(folder);
  const fixtures = await loadFixtures(folder, policies);
  const known: Readonly<Record<Question, Iterable<string>>> = {
    who: fixtures.people.keys(),
    act: policies.vocabulary.actions.keys(),
    on: fixtures.resources.keys(),
  };
  for (const option of ['who', 'act', 'on'] as const) {
    const names = [...known[option]];
    const given = values[option];
    if (given === undefined || names.includes(given)) continue;
    io.stderr(`socle policy ${verb}: --${option} names nothing; it takes one of ${names.join(', ')}\n`);
    return EXIT.refused;
  }
  const allowed = listAllowed(openEngine(policies), fixtures, {
    ...(values.who === undefined ? {} : { person: values.who }),
    ...(values.act === undefined ? {} : { action: values.act }),
    ...(values.on === undefined ? {} : { resource: values.on }),
  });
  print(io, values.json, { policies: policies.digest, allowed }, [
    ...allowed.map(({ person, action, resource, rule }) => `${person}  ${action}  ${resource}  ${rule}`),
    `${allowed.length} allowed; whatever is not listed is denied`,
  ]);
  return EXIT.done;
}
