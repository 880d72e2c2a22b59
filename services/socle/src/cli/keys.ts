import { parseArgs } from 'node:util';
import { EXIT, type Command } from './command.ts';
import { withSocle } from './runtime.ts';
import { print } from './session.ts';

/** `socle keys`. */
export const keysCommand: Command = {
  name: 'keys',
  summary: 'Lists and rotates signing keys',
  usage: `
Usage: socle keys list|rotate|retire [--json]

  list     the signing keys and their state
  rotate   one step of a rotation: publishes a new key; run again once services had time to learn it, and it signs
  retire   deletes former keys whose last token has expired
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' } },
    });
    const [verb] = positionals;
    if (verb !== 'list' && verb !== 'rotate' && verb !== 'retire') {
      io.stderr('socle keys: say list, rotate or retire. See socle keys --help.\n');
      return EXIT.usage;
    }
    return withSocle(io, async ({ identity }) => {
      if (verb === 'list') {
        const keys = await identity.keys.list();
        print(
          io,
          values.json,
          keys,
          keys.map((key) => `${key.kid}  ${key.alg.padEnd(6)} ${key.status}`),
        );
      } else if (verb === 'rotate') {
        const steps = await identity.keys.rotate();
        print(
          io,
          values.json,
          steps,
          steps.map(
            (step) =>
              `${step.alg.padEnd(6)} ${step.kid}  ${step.step}${step.readyAt ? ` until ${step.readyAt.toISOString()}` : ''}`,
          ),
        );
      } else {
        const retired = await identity.keys.retire();
        print(
          io,
          values.json,
          { retired },
          retired.length === 0 ? ['no key is ready to be retired'] : retired.map((kid) => `${kid} retired`),
        );
      }
      return EXIT.done;
    });
  },
};
