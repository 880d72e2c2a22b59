import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  exportLog,
  proveEvent,
  verifyExport,
  verifyProof,
  type Audit,
  type AuditKeys,
  type Verdict,
} from '@socle/audit';
import { parseId, type EventId, type PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { EXIT, type Command, type CommandIo } from './command.ts';

/** What `export` and `prove` need; `verify` works without. */
export interface AuditRuntime {
  readonly database: Database;
  readonly keys: AuditKeys;
  readonly audit: Audit;
  close(): Promise<void>;
}

const USAGE = `
Usage: socle audit export --out DIR --purpose TEXT [--from T] [--to T] [--person ID] [--format ndjson] [--json]
       socle audit verify DIR or PROOF [--vkey KEY] [--witness FILE] [--json]
       socle audit prove EVENT

  export   writes a folder that anyone can verify; that it was written is in the log
  verify   works offline on an export, or on a proof that "prove" printed
  prove    prints the proof that one event is in the log

  --from, --to   an instant or a day (ISO 8601, UTC); --to is exclusive
  --person       only the events that name this person
  --vkey         the log's verifier key, had by another way than the export
  --witness      a file of checkpoints that was kept elsewhere

Exit codes of verify: 0 ok, 1 tampered, 10 redacted, 11 purged, 12 unanchored (no witness was given),
13 truncated, 14 forked, 15 unverifiable; 2 wrong usage.
`;

/** Builds `socle audit`; `open` is called for the verbs that need the database and the signing key. */
export function buildAuditCommand(open: (io: CommandIo) => Promise<AuditRuntime>): Command {
  return {
    name: 'audit',
    summary: 'Exports and verifies the log',
    usage: USAGE,
    async run(args, io) {
      const [verb, ...rest] = args;
      switch (verb) {
        case 'verify':
          return runVerify(rest, io);
        case 'export':
          return runExport(rest, io, open);
        case 'prove':
          return runProve(rest, io, open);
        default:
          return wrongUsage(io, 'say export, verify or prove');
      }
    },
  };
}

async function runVerify(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { vkey: { type: 'string' }, witness: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [target, ...others] = positionals;
  if (target === undefined || others.length > 0)
    return wrongUsage(io, 'verify takes one folder or one proof');
  const found = await stat(target).catch(() => undefined);
  if (!found) {
    io.stderr('socle audit verify: there is nothing at this path.\n');
    return EXIT.usage;
  }
  const vkey = values.vkey === undefined ? {} : { vkey: values.vkey };
  const verdict = found.isDirectory()
    ? verifyExport(target, { ...vkey, ...(values.witness === undefined ? {} : { witness: values.witness }) })
    : verifyProof(await readFile(target, 'utf8'), vkey);
  if (values.json) io.stdout(`${JSON.stringify(verdict)}\n`);
  else io.stdout(describeVerdict(verdict, values.vkey !== undefined));
  return verdict.exitCode;
}

function describeVerdict(verdict: Verdict, keyGiven: boolean): string {
  const place = verdict.file === undefined ? '' : ` (${verdict.file})`;
  const advice = keyGiven ? '' : 'The key was taken from the export itself: give the real one with --vkey.\n';
  return `${verdict.word}: ${verdict.finding}${place}\n${advice}`;
}

async function runExport(
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
      format: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  if (values.out === undefined) return wrongUsage(io, 'say where to write: --out DIR');
  if (values.purpose === undefined) return wrongUsage(io, 'say why the log is read: --purpose TEXT');
  if (values.format !== undefined && values.format !== 'ndjson') {
    return wrongUsage(io, 'the format must be ndjson');
  }
  const from = parseInstant(values.from);
  const to = parseInstant(values.to);
  if (from === null || to === null) return wrongUsage(io, '--from and --to take a day or an instant, in UTC');
  const person = values.person === undefined ? undefined : parseId<PersonId>(values.person);
  if (values.person !== undefined && !person) return wrongUsage(io, '--person takes a person’s id');
  const runtime = await open(io);
  try {
    const result = await exportLog({
      database: runtime.database,
      audit: runtime.audit,
      keys: runtime.keys,
      out: values.out,
      purpose: values.purpose,
      requester: { kind: 'system', id: 'command-line' },
      controller: 'platform',
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(person ? { person } : {}),
    });
    if (values.json) io.stdout(`${JSON.stringify(result)}\n`);
    else {
      io.stdout(
        `${result.events} events of a log of ${result.size} written to ${values.out}\n` +
          `Verify with: socle audit verify ${values.out} --vkey '${result.verifierKey}'\n`,
      );
    }
    return EXIT.done;
  } finally {
    await runtime.close();
  }
}

async function runProve(
  args: readonly string[],
  io: CommandIo,
  open: (io: CommandIo) => Promise<AuditRuntime>,
): Promise<number> {
  const { positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const eventId = parseId<EventId>(positionals[0]);
  if (!eventId || positionals.length !== 1) return wrongUsage(io, 'prove takes one event’s id');
  const runtime = await open(io);
  try {
    const proof = await proveEvent(runtime.database, runtime.keys, eventId);
    io.stdout(`${JSON.stringify(proof)}\n`);
    return EXIT.done;
  } finally {
    await runtime.close();
  }
}

/** An instant or a day in UTC; undefined when absent, null when it is neither. */
function parseInstant(text: string | undefined): Date | undefined | null {
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/.test(text)) return null;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? null : instant;
}

function wrongUsage(io: CommandIo, why: string): number {
  io.stderr(`socle audit: ${why}. See socle audit --help.\n`);
  return EXIT.usage;
}
