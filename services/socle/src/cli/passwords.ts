import { parseArgs } from 'node:util';
import { buildLeakedPasswords } from '@socle/identity';
import { EXIT, type Command } from './command.ts';
import { print } from './session.ts';

/** `socle passwords`. */
export const passwordsCommand: Command = {
  name: 'passwords',
  summary: 'Builds the list of leaked passwords',
  usage: `
Usage: socle passwords leaked build FILE --out LIST [--min-count N] [--json]

FILE holds one SHA-1 in hexadecimal a line, ascending, with or without ":count" (the form of public breach corpora), or
one password a line. LIST is what SOCLE_LEAKED_PASSWORDS_FILE names; it is asked without the network.

  --min-count N   leaves out digests that were seen less than N times
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, out: { type: 'string' }, 'min-count': { type: 'string' } },
    });
    const [subject, verb, from, ...rest] = positionals;
    const minCount = Number(values['min-count'] ?? 1);
    const isRight = subject === 'leaked' && verb === 'build' && rest.length === 0;
    if (!isRight || from === undefined || values.out === undefined || !Number.isInteger(minCount)) {
      io.stderr('socle passwords: say leaked build FILE --out LIST. See socle passwords --help.\n');
      return EXIT.usage;
    }
    const built = await buildLeakedPasswords({ from, to: values.out, minCount });
    print(io, values.json, built, [
      `${built.entries} passwords in ${values.out} (${built.bytes} bytes)`,
      ...(built.skipped > 0 ? [`${built.skipped} lines seen less than ${minCount} times were left out`] : []),
    ]);
    return EXIT.done;
  },
};
