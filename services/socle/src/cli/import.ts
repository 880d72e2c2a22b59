import { parseArgs } from 'node:util';
import { importAaf, type ImportResult } from '@socle/directory';
import { openLog } from '../log.ts';
import { EXIT, type Command } from './command.ts';
import { openProgress } from './progress.ts';
import { withSocle } from './runtime.ts';
import { print } from './session.ts';

/** `socle import`. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Imports a directory feed',
  usage: `
Usage: socle import aaf <SOURCE> [--academy CODE] [--dry-run] [--force] [--json]

Imports AAF files, first and second degree: a folder of XML files, a .zip or a .tgz. Whom a complete feed no longer names,
and whom a delta takes away, is not deleted: their departure clock starts.
  --academy CODE   refuses the feed of any other academy
  --dry-run        shows what would change, and changes nothing
  --force          applies although the guard found too many departures
  --json           prints one JSON document with the counts by type and by action, and the warnings
Importing the same files again changes nothing.
`,
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        academy: { type: 'string' },
        'dry-run': { type: 'boolean' },
        force: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const [format, source, ...rest] = positionals;
    if (format !== 'aaf' || source === undefined || rest.length > 0) {
      io.stderr(
        'socle import: say aaf, then a folder or an archive of AAF files. See socle import --help.\n',
      );
      return EXIT.usage;
    }
    return withSocle(io, async (socle) => {
      const progress = openProgress(io);
      const report = await importAaf({
        source,
        database: socle.database,
        audit: socle.audit,
        clock: socle.clock,
        log: openLog('silent'),
        dryRun: values['dry-run'] ?? false,
        force: values.force ?? false,
        ...(values.academy ? { academy: values.academy } : {}),
        onProgress: ({ phase, done, total }) => progress.show({ stage: phase, done, total }),
      }).finally(progress.close);
      print(io, values.json, report, describe(report));
      return EXIT.done;
    });
  },
};

function describe(report: ImportResult): string[] {
  const feed = ['schools', 'pupils', 'relatives', 'staff', 'classes', 'groups'] as const;
  const actions = ['created', 'changed', 'unchanged', 'suspended', 'refused'] as const;
  return [
    `in the feed: ${feed.map((name) => `${report[name]} ${name}`).join(', ')}`,
    `links: ${report.links.legal} legal, ${report.links.inCharge} in charge, ${report.links.contact} contact`,
    `people: ${actions.map((name) => `${report[name]} ${name}`).join(', ')}`,
    ...report.warnings.map(
      (warning) => `warning: ${warning.kind} × ${warning.count} (for instance ${warning.sample.join(', ')})`,
    ),
  ];
}
