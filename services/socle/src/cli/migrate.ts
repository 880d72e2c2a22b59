import { parseArgs } from 'node:util';
import { migrate } from '@socle/db';
import { migrationSets, ownerRole } from '../migration-sets.ts';
import { requireLogin } from '../runtime-database.ts';
import { EXIT, type Command } from './command.ts';
import { openDatabaseSession, print } from './session.ts';

/** `socle migrate`. */
export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Applies the database migrations',
  usage: `
Usage: socle migrate [--check] [--json]

Applies the migrations that the database lacks, under the login of SOCLE_MIGRATOR_DATABASE_URL.
  --check   applies nothing; says what would be applied, and exits with 1 if anything would
  --json    prints { "pending": [files], "applied": count }
`,
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    const { database } = await openDatabaseSession(io);
    try {
      const url = requireLogin(database, 'migrator');
      const result = await migrate({ url, ownerRole, sets: migrationSets, checkOnly: values.check ?? false });
      const said = values.check ? 'would be applied' : 'applied';
      const lines = result.pending.map((file) => `${file} ${said}`);
      print(io, values.json, result, lines.length === 0 ? ['the database is up to date'] : lines);
      return values.check && result.pending.length > 0 ? EXIT.refused : EXIT.done;
    } finally {
      await database.close();
    }
  },
};
