import { parseArgs } from 'node:util';
import { countEvents, exportLog, hasExportState, type ExportFormat } from '@socle/audit';
import { canonicalJson, parseId, sha256, type PersonId } from '@socle/base';
import { parseInstant, wrongUsage, type AuditRuntime, type BulkRequest } from './audit-runtime-port.ts';
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
      by: { type: 'string' },
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
  const by = values.by === undefined ? undefined : parseId<PersonId>(values.by);
  if (values.by !== undefined && !by) return wrongUsage(io, '--by takes a person’s id');
  const runtime = await open(io);
  const progress = openProgress(io);
  try {
    const isResumed = values.resume === true && (await hasExportState(values.out));
    const question = {
      purpose: values.purpose,
      format,
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(by ? { by } : {}),
    };
    if (!person && !isResumed && !(await mayExport(runtime, question, values.json, io))) return EXIT.refused;
    const result = await exportLog({
      database: runtime.database,
      audit: runtime.audit,
      keys: runtime.keys,
      out: values.out,
      purpose: values.purpose,
      requester: by ? { kind: 'person', id: by } : { kind: 'system', id: 'command-line' },
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

/** One person's events, and small exports, take one person; more takes a second one's word for this very question. */
async function mayExport(
  runtime: AuditRuntime,
  question: Omit<BulkRequest, 'subject'>,
  json: boolean | undefined,
  io: CommandIo,
): Promise<boolean> {
  const { bulkEvents, confirmBulk, database } = runtime;
  const events = await database.transaction((tx) => countEvents(tx, question, bulkEvents), {
    readOnly: true,
    scope: 'all',
  });
  if (events <= bulkEvents || !confirmBulk) return true;
  const { purpose, format, from, to } = question;
  const asked = [purpose, format, from?.toISOString() ?? null, to?.toISOString() ?? null];
  const answer = await confirmBulk({ ...question, subject: sha256(canonicalJson(asked)).toString('hex') });
  if (answer.confirmed) return true;
  const { approval } = answer;
  const expiresAt = answer.expiresAt.toISOString();
  if (json) io.stdout(`${JSON.stringify({ approval, expiresAt })}\n`);
  io.stderr(
    `Cet export dépasse ${bulkEvents} événements de plusieurs personnes : rien n’a été lu. Une autre personne doit donner son accord sur la page /approvals avant le ${expiresAt} (demande ${approval}). Relancez ensuite la même commande.\n`,
  );
  return false;
}

function isFormat(text: string): text is ExportFormat {
  return FORMATS.includes(text);
}
