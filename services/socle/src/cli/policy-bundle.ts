import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  buildBundle,
  compareWithCasbin,
  printBundle,
  signBundle,
  signRollback,
  verifyBundle,
} from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { withSocle } from './runtime.ts';
import { print } from './session.ts';

const USAGE =
  'build --number N [--out FILE], sign FILE --key PRIVATE.pem [--out FILE], verify FILE --key PUBLIC.pem [--newer-than N], sign-rollback --from N --to N --key PRIVATE.pem [--out FILE], activate FILE, or rollback --to N [--statement FILE]';
/** How many worlds a bundle is compared with Casbin in before it is called good. */
const WORLDS = 20_000;

/** `socle policy bundle build|sign|verify|sign-rollback|activate|rollback`: exit code 1 when the bundle is refused. */
export async function runPolicyBundle(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      number: { type: 'string' },
      'newer-than': { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      statement: { type: 'string' },
      key: { type: 'string', multiple: true },
      out: { type: 'string' },
      json: { type: 'boolean' },
      policies: { type: 'string' },
    },
  });
  const [verb, file] = positionals;
  const write = async (text: string): Promise<void> => {
    if (values.out === undefined) io.stdout(`${text}\n`);
    else await writeFile(values.out, `${text}\n`);
  };
  const keys = values.key ?? [];
  if (verb === 'build' && values.number !== undefined) {
    await write(
      printBundle(await buildBundle(findPoliciesFolder(values.policies, io), Number(values.number))),
    );
    return EXIT.done;
  }
  if (verb === 'sign' && file !== undefined && keys.length === 1) {
    await write(signBundle(await readFile(file, 'utf8'), await readFile(keys[0]!, 'utf8')));
    return EXIT.done;
  }
  if (verb === 'sign-rollback' && values.from && values.to && keys.length === 1) {
    const numbers = { from: Number(values.from), to: Number(values.to) };
    await write(signRollback(numbers, await readFile(keys[0]!, 'utf8')));
    return EXIT.done;
  }
  const report = (number: number): number => {
    print(io, values.json, { number }, [`bundle ${number} is in force`]);
    return EXIT.done;
  };
  if (verb === 'activate' && file !== undefined) {
    const text = await readFile(file, 'utf8');
    return withSocle(io, async ({ policies }) => report(await policies.publish(text)));
  }
  if (verb === 'rollback' && values.to !== undefined) {
    const statement = values.statement === undefined ? undefined : await readFile(values.statement, 'utf8');
    return withSocle(io, async ({ policies }) =>
      report(await policies.rollBack(Number(values.to), statement)),
    );
  }
  const newerThan = Number(values['newer-than'] ?? 0);
  if (verb === 'verify' && file !== undefined && keys.length > 0 && Number.isSafeInteger(newerThan)) {
    const pems = await Promise.all(keys.map((key) => readFile(key, 'utf8')));
    const { bundle, policies } = verifyBundle(await readFile(file, 'utf8'), pems, { newerThan });
    const { decisions, mismatches } = compareWithCasbin(policies, { decisions: WORLDS, seed: bundle.number });
    const document = { number: bundle.number, policies: policies.digest, decisions, mismatches };
    print(io, values.json, document, [
      ...mismatches,
      `bundle ${bundle.number} of ${policies.rules.length} rules, policies ${policies.digest}`,
      `${decisions} decisions as Casbin takes them, ${mismatches.length} otherwise`,
    ]);
    return mismatches.length === 0 ? EXIT.done : EXIT.refused;
  }
  io.stderr(`socle policy bundle: say ${USAGE}.\n`);
  return EXIT.usage;
}
