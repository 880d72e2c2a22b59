import { parseArgs } from 'node:util';
import { importAaf } from '@socle/directory';
import { openLog } from '../log.ts';
import { EXIT, type Command } from './command.ts';
import { runImportCsv } from './import-csv.ts';
import { runImportOneRoster } from './import-oneroster.ts';
import { confirmedBySecond } from '../imports/force-approval.ts';
import { askSecondPerson, readAsker } from './import-force.ts';
import { describeImport } from './import-report.ts';
import { openProgress } from './progress.ts';
import { runBehind } from './run-behind.ts';
import { withSocle } from './runtime.ts';
import { print } from './session.ts';

/** `socle import`. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Imports a directory feed',
  usage: `
Usage: socle import aaf <SOURCE> [--academy CODE] [--dry-run] [--force] [--json]
       socle import csv <FILE> [--mapping FILE] [--source NAME] [--controller CODE] [--controller-name NAME]
                        [--academy CODE] [--encoding NAME] [--dry-run] [--force] [--json]
       socle import csv --template
       socle import oneroster <DIR or .zip> [--schools FILE] [the options of csv but --mapping and --encoding]
       with --force: [--by PERSON] [--reason TEXT]

Imports AAF files, first and second degree: a folder of XML files, a .zip or a .tgz. Whom a complete feed no longer names,
and whom a delta takes away, is not deleted: their departure clock starts.
  --academy CODE   refuses the feed of any other academy
  --dry-run        shows what would change, and changes nothing
  --force          applies what the guard stopped (more than 5 % departures, more than 10 % who lose a role, more than 5 %
                   of the links with adults), once a second person has confirmed these very files: the first run asks,
                   somebody else answers in /approvals within a day, the same command then applies, once
  --by PERSON      who asks (default: the command line); cannot be who confirms
  --reason TEXT    why, for the second person
  --json           prints one JSON document with the counts by type and by action, and the warnings
Importing the same files again changes nothing.

csv: one file of schools, pupils, guardians and staff (docs/feeds.md); --template prints one to start from.
  --mapping FILE     JSON or YAML: which column is which field, and what its values mean
  --source NAME      where the file comes from; bound to one controller by its first import (default: csv)
  --controller CODE  who answers for the schools, where none of them is known here; --controller-name makes it
  --encoding NAME    utf-8, windows-1252 or iso-8859-15 (default: found from the bytes)

oneroster: OneRoster 1.2 CSV, bulk or delta as its manifest says.
  --schools FILE     JSON: the UAI of each school whose identifier is none, by its sourcedId
`,
  async run(args, io) {
    if (args[0] === 'csv') return runImportCsv(args.slice(1), io);
    if (args[0] === 'oneroster') return runImportOneRoster(args.slice(1), io);
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        academy: { type: 'string' },
        'dry-run': { type: 'boolean' },
        force: { type: 'boolean' },
        by: { type: 'string' },
        reason: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
    const [format, source, ...rest] = positionals;
    if (format !== 'aaf' || source === undefined || rest.length > 0) {
      io.stderr(
        'socle import: say aaf, csv or oneroster, then a folder, an archive or a file. See socle import --help.\n',
      );
      return EXIT.usage;
    }
    return withSocle(io, (socle) =>
      askSecondPerson(socle, io, values, async () => {
        const progress = openProgress(io);
        const report = await importAaf({
          source,
          database: socle.database,
          audit: socle.audit,
          clock: socle.clock,
          log: openLog('silent'),
          ...runBehind(socle.config),
          dryRun: values['dry-run'] ?? false,
          force: values.force === true && confirmedBySecond(socle, readAsker(values)),
          startedBy: readAsker(values),
          ...(values.academy ? { academy: values.academy } : {}),
          onProgress: ({ phase, done, total }) => progress.show({ stage: phase, done, total }),
        }).finally(progress.close);
        print(io, values.json, report, describeImport(report));
        return EXIT.done;
      }),
    );
  },
};
