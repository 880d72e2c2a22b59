import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { proveEvent, verifyExport, verifyProof, type Verdict } from '@socle/audit';
import { parseId, sha256, type EventId } from '@socle/base';
import { ACTS, runAct } from './audit-acts.ts';
import { runExport } from './audit-export.ts';
import { runStamp } from './audit-stamp.ts';
import { wrongUsage, type AuditRuntime } from './audit-runtime-port.ts';
import { EXIT, type Command, type CommandIo } from './command.ts';

const USAGE = `
Usage: socle audit export --out DIR --purpose TEXT [--from T] [--to T] [--person ID [--name-others]]
                          [--format ndjson|csv|ocsf] [--bom] [--resume] [--by PERSON] [--json]
       socle audit verify DIR or PROOF [--vkey KEY] [--witness FILE] [--witness-key KEY…]
                          [--stamps DIR --tsa-cert FILE] [--json]
       socle audit prove EVENT
       socle audit rotate-key [--json]
       socle audit stamp --url URL --out DIR [--json]
       socle audit redact EVENT --by PERSON --approved-by PERSON --reason CODE [--json]
       socle audit seal --month YYYY-MM [--json]
       socle audit purge [--keep-months N] [--dry-run] [--json]
       socle audit hold --from DAY --to DAY --reason CODE | --lift HOLD --reason CODE [--json]

  export   writes a folder that anyone can verify; that it was written is in the log
  verify   works offline on an export, or on a proof that "prove" printed
  prove    prints the proof that one event is in the log
  rotate-key  gives the log a new signing key, named by the old one; restart the service, tell the witnesses
  stamp    has a time-stamp authority (RFC 3161) vouch for the newest checkpoint, and for those that still wait in DIR
  redact   deletes the content of one event for ever; two people decide; its leaf and an event about it stay
  seal     closes a month with a signed count of what it holds
  purge    seals and deletes the content of months older than N (default 12, at least 6), unless a hold keeps them
  hold     keeps the content of some days whatever the retention says, or lifts such a hold
  The last four need a running sequencer (socle start): the log tells an act before it is done.

  --from, --to    an instant or a day (ISO 8601, UTC); --to is exclusive
  --person        only the events that name this person; everybody else is masked
  --name-others   does not mask: for an inquiry, not for a copy that is handed out
  --by            who asks for the export; the log names them. Without it, the command line
  More than 20 000 events of more than one person take a second person, who answers on the page /approvals.
  --format        ndjson (default) has proofs; csv is for spreadsheets, ocsf 1.5.0 for security tools
  --bom           a byte order mark before a csv, which Excel needs to read accents
  --resume        goes on with an export of the same question that was interrupted in DIR
  --vkey          the log's verifier key, had by another way than the export
  --witness       a file of checkpoints that was kept elsewhere
  --witness-key   verifier key of a witness whose cosignatures in the export are believed; may be repeated
  --stamps        a folder of time stamps (socle audit stamp) that was kept elsewhere
  --tsa-cert      the certificate of the time-stamp authority, had by another way (PEM)

Exit codes of verify: 0 ok, 1 tampered, 10 redacted or masked, 11 purged, 12 unanchored (nobody outside vouches for it),
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
        case 'stamp':
          return runStamp(rest, io, open);
        case 'rotate-key':
          return runRotateKey(rest, io, open);
        default:
          if (verb !== undefined && Object.hasOwn(ACTS, verb)) return runAct(verb, rest, io, open);
          return wrongUsage(io, 'say export, verify, prove, stamp, rotate-key, redact, seal, purge or hold');
      }
    },
  };
}

async function runVerify(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vkey: { type: 'string' },
      witness: { type: 'string' },
      'witness-key': { type: 'string', multiple: true },
      stamps: { type: 'string' },
      'tsa-cert': { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const [target, ...others] = positionals;
  if (target === undefined || others.length > 0)
    return wrongUsage(io, 'verify takes one folder or one proof');
  const { vkey, witness, 'witness-key': witnessKeys, stamps, 'tsa-cert': authority } = values;
  if ((stamps === undefined) !== (authority === undefined))
    return wrongUsage(io, '--stamps and --tsa-cert go together');
  const found = await stat(target).catch(() => undefined);
  if (!found) {
    io.stderr('socle audit verify: there is nothing at this path.\n');
    return EXIT.usage;
  }
  const trusted = vkey === undefined ? {} : { vkey };
  const verdict = found.isDirectory()
    ? verifyExport(target, {
        ...trusted,
        ...(witness === undefined ? {} : { witness }),
        ...(witnessKeys === undefined ? {} : { witnessKeys }),
        ...(stamps === undefined || authority === undefined ? {} : { stamps: { folder: stamps, authority } }),
      })
    : verifyProof(await readFile(target, 'utf8'), trusted);
  if (values.json) io.stdout(`${JSON.stringify(verdict)}\n`);
  else io.stdout(describeVerdict(verdict, vkey !== undefined));
  return verdict.exitCode;
}

async function runRotateKey(
  args: readonly string[],
  io: CommandIo,
  open: (io: CommandIo) => Promise<AuditRuntime>,
): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
  const runtime = await open(io);
  try {
    if (!runtime.rotateKeys) return wrongUsage(io, 'there is no key to rotate');
    const { verifierKey, successions } = await runtime.rotateKeys();
    await runtime.audit.record({
      controller: 'platform',
      actor: { kind: 'system', id: 'command-line' },
      action: 'audit.key.rotated',
      outcome: 'success',
      detail: { key: sha256(verifierKey).toString('hex'), count: successions.length },
    });
    if (values.json) io.stdout(`${JSON.stringify({ verifierKey, rotations: successions.length })}\n`);
    else
      io.stdout(
        `${verifierKey}\nRestart the service to sign with it, and give it to the witnesses (--log). Whoever has the old key still verifies.\n`,
      );
    return EXIT.done;
  } finally {
    await runtime.close();
  }
}

function describeVerdict(verdict: Verdict, keyGiven: boolean): string {
  const place = verdict.file === undefined ? '' : ` (${verdict.file})`;
  const advice = keyGiven ? '' : 'The key was taken from the export itself: give the real one with --vkey.\n';
  return `${verdict.word}: ${verdict.finding}${place}\n${advice}`;
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
