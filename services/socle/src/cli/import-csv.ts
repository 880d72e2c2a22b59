import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildCsvTemplate, importCsv } from '@socle/directory';
import { ServiceError } from '../errors.ts';
import { EXIT, type CommandIo } from './command.ts';
import { askSecondPerson } from './import-force.ts';
import { describeImport } from './import-report.ts';
import { readSourceOptions, SOURCE_OPTIONS } from './import-source.ts';
import { withSocle } from './runtime.ts';
import { print } from './session.ts';

const ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-15'] as const;

/** `socle import csv`. */
export async function runImportCsv(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...SOURCE_OPTIONS,
      mapping: { type: 'string' },
      encoding: { type: 'string' },
      template: { type: 'boolean' },
    },
  });
  const [file, ...rest] = positionals;
  if (values.template && file === undefined) {
    io.stdout(buildCsvTemplate());
    return EXIT.done;
  }
  const encoding = ENCODINGS.find((each) => each === values.encoding?.toLowerCase());
  if (file === undefined || rest.length > 0 || (values.encoding !== undefined && !encoding)) {
    io.stderr(
      `socle import csv: say one file, and an encoding of ${ENCODINGS.join(', ')} or none. See socle import --help.\n`,
    );
    return EXIT.usage;
  }
  const mapping = values.mapping === undefined ? undefined : await readMapping(values.mapping);
  return withSocle(io, async (socle) => {
    const { options, close } = readSourceOptions(socle, values, io);
    return askSecondPerson(socle, io, values, async () => {
      const report = await importCsv({
        ...options,
        file,
        ...(mapping === undefined ? {} : { mapping }),
        ...(encoding ? { encoding } : {}),
      }).finally(close);
      print(io, values.json, report, describeImport(report));
      return EXIT.done;
    });
  });
}

async function readMapping(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new ServiceError('request_refused', {
      status: 400,
      publicMessage: 'The mapping file cannot be read. Check its path and its rights.',
      cause,
    });
  }
}
