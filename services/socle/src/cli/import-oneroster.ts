import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { importOneRoster } from '@socle/directory';
import { ServiceError } from '../errors.ts';
import { EXIT, type CommandIo } from './command.ts';
import { describeImport } from './import-report.ts';
import { readSourceOptions, SOURCE_OPTIONS } from './import-source.ts';
import { withSocle } from './runtime.ts';
import { print } from './session.ts';

const schoolsSchema = z.record(z.string(), z.string());

/** `socle import oneroster`. */
export async function runImportOneRoster(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...SOURCE_OPTIONS, schools: { type: 'string' } },
  });
  const [feed, ...rest] = positionals;
  if (feed === undefined || rest.length > 0) {
    io.stderr('socle import oneroster: say one folder or archive. See socle import --help.\n');
    return EXIT.usage;
  }
  const schools = values.schools === undefined ? undefined : await readSchools(values.schools);
  return withSocle(io, async (socle) => {
    const { options, close } = readSourceOptions(socle, values, io);
    const report = await importOneRoster({ ...options, feed, ...(schools ? { schools } : {}) }).finally(
      close,
    );
    print(io, values.json, report, describeImport(report));
    return EXIT.done;
  });
}

async function readSchools(file: string): Promise<Record<string, string>> {
  try {
    return schoolsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ServiceError('request_refused', {
      status: 400,
      publicMessage: 'The file of --schools must be JSON that maps the sourcedId of each school to its UAI.',
      cause,
    });
  }
}
