import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  diffPolicies,
  listAllowed,
  loadFixtures,
  loadPhrases,
  loadPolicies,
  openEngine,
  sayChange,
  type AllowedAccess,
} from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { countOnData, sayCounts } from './policy-diff-on-data.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/**
 * `socle policy diff [A [B]]`: exit code 0 when nobody gains or loses, 1 when somebody does. Without A, from the last
 * release (`baseline/`); without B, to the policies folder. `--on-data` also counts who of the territory gains and loses.
 */
export async function runPolicyDiff(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      depth: { type: 'string' },
      policies: { type: 'string' },
      'on-data': { type: 'boolean' },
    },
  });
  const folder = findPoliciesFolder(values.policies, io);
  const [from = path.join(folder, 'baseline'), to = folder] = positionals;
  const depth = Number(values.depth ?? 2);
  if (positionals.length > 2 || (depth !== 1 && depth !== 2)) {
    io.stderr(
      'socle policy diff: give two policies folders at most; --depth takes 1 or 2. See socle policy --help.\n',
    );
    return EXIT.usage;
  }
  const [before, after] = [await loadPolicies(from, { isEarlier: true }), await loadPolicies(to)];
  const phrases = await loadPhrases(to, after);
  const changes = diffPolicies(before, after, { depth });
  const fixtures = await loadFixtures(to, after);
  const people = comparePeople(
    // Fixtures may speak of objects that the older policies do not know: those are gained or lost whole.
    listAllowed(openEngine(before), { ...fixtures, resources: knownTo(before, fixtures.resources) }, {}),
    listAllowed(openEngine(after), fixtures, {}),
  );
  const told = changes.map((change) => ({
    ...change,
    fr: sayChange(change, phrases, 'fr'),
    en: sayChange(change, phrases, 'en'),
  }));
  const territory = values['on-data']
    ? await countOnData(before, after, [...new Set(changes.map(({ action }) => action))], io)
    : undefined;
  const document = {
    before: before.digest,
    after: after.digest,
    changes: told,
    people,
    ...(territory && { territory }),
  };
  print(io, values.json, document, [
    ...told.flatMap(({ change, fr, en }) => [`${change === 'gains' ? '+' : '-'} ${fr}`, `  ${en}`]),
    ...people.gained.map(
      ({ person, action, resource, rule }) => `+ ${person} ${action} ${resource} (${rule})`,
    ),
    ...people.lost.map(({ person, action, resource, rule }) => `- ${person} ${action} ${resource} (${rule})`),
    ...(territory ? sayCounts(territory) : []),
    `${told.length} changes of access; in the fixtures ${people.gained.length} gained and ${people.lost.length} lost`,
    ...(territory ? [`${territory.people} people of the territory were asked about`] : []),
  ]);
  return told.length + people.gained.length + people.lost.length === 0 ? EXIT.done : EXIT.refused;
}

function knownTo<Item extends { readonly type: string }>(
  policies: Awaited<ReturnType<typeof loadPolicies>>,
  resources: ReadonlyMap<string, Item>,
): ReadonlyMap<string, Item> {
  return new Map([...resources].filter(([, { type }]) => policies.vocabulary.objects.has(type)));
}

function comparePeople(before: readonly AllowedAccess[], after: readonly AllowedAccess[]) {
  const key = ({ person, action, resource }: AllowedAccess): string => `${person} ${action} ${resource}`;
  const [old, now] = [new Set(before.map(key)), new Set(after.map(key))];
  return {
    gained: after.filter((access) => !old.has(key(access))),
    lost: before.filter((access) => !now.has(key(access))),
  };
}
