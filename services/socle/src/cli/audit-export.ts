import { parseArgs } from 'node:util';
import { exportLog, type ExportFormat } from '@socle/audit';
import { parseId, type PersonId } from '@socle/base';
import { parseInstant, wrongUsage, type AuditRuntime } from './audit-runtime-port.ts';
import { EXIT, type CommandIo } from './command.ts';
import { openProgress } from './progress.ts';

const FORMATS: readonly string[] = ['ndjson', 'csv', 'ocsf'] satisfies ExportFormat[];

/** `socle audit export`: writes a folder, and says on stderr how far it has come. */
export async function runExport(
  args: readonly string[],
  io: CommandIo,
  open: (io: CommandIo) => Promise<AuditRuntime>,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      purpose: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      person: { type: 'string' },
      'name-others': { type: 'boolean' },
      format: { type: 'string' },
      bom: { type: 'boolean' },
      resume: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
  if (values.out === undefined) return wrongUsage(io, 'say where to write: --out DIR');
  if (values.purpose === undefined) return wrongUsage(io, 'say why the log is read: --purpose TEXT');
  const format = values.format ?? 'ndjson';
  if (!isFormat(format)) return wrongUsage(io, 'the format must be ndjson, csv or ocsf');
  if (values.bom && format !== 'csv') return wrongUsage(io, '--bom goes with --format csv');
  if (values['name-others'] && values.person === undefined)
    return wrongUsage(io, '--name-others goes with --person');
  const from = parseInstant(values.from);
  const to = parseInstant(values.to);
  if (from === null || to === null) return wrongUsage(io, '--from and --to take a day or an instant, in UTC');
  const person = values.person === undefined ? undefined : parseId<PersonId>(values.person);
  if (values.person !== undefined && !person) return wrongUsage(io, '--person takes a person’s id');
  const runtime = await open(io);
  const progress = openProgress(io);
  try {
    const result = await exportLog({
      database: runtime.database,
      audit: runtime.audit,
      keys: runtime.keys,
      out: values.out,
      purpose: values.purpose,
      requester: { kind: 'system', id: 'command-line' },
      controller: 'platform',
      format,
      bom: values.bom ?? false,
      resume: values.resume ?? false,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(person ? { person, maskOthers: !values['name-others'] } : {}),
      onProgress: ({ leaf, size }) => progress.show({ stage: 'leaves', done: leaf, total: size }),
    });
    if (values.json) io.stdout(`${JSON.stringify(result)}\n`);
    else {
      io.stdout(`${result.events} events of a log of ${result.size} written to ${values.out}\n`);
      if (format === 'ndjson')
        io.stdout(`Verify with: socle audit verify ${values.out} --vkey '${result.verifierKey}'\n`);
    }
    return EXIT.done;
  } finally {
    progress.close();
    await runtime.close();
  }
}

function isFormat(text: string): text is ExportFormat {
  return FORMATS.includes(text);
}
