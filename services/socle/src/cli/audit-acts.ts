import { parseArgs } from 'node:util';
import { liftHold, placeHold, purgeMonths, redactEvent, sealMonth } from '@socle/audit';
import { parseId, systemClock, type EventId, type PersonId } from '@socle/base';
import { wrongUsage, type AuditRuntime } from './audit-runtime-port.ts';
import { EXIT, type CommandIo } from './command.ts';

const CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** Parses the arguments of a verb: what to do with the opened log, or the sentence that says what is wrong. */
type Plan = ((runtime: AuditRuntime) => Promise<{ said: string; result: unknown }>) | string;

/** The verbs of `socle audit` that act on the log itself. Each act is an event of its own. */
export const ACTS: Readonly<Record<string, (args: readonly string[]) => { plan: Plan; json: boolean }>> =
  Object.freeze({ redact: planRedaction, seal: planSeal, purge: planPurge, hold: planHold });

/** Runs one of ACTS. */
export async function runAct(
  verb: string,
  args: readonly string[],
  io: CommandIo,
  open: (io: CommandIo) => Promise<AuditRuntime>,
): Promise<number> {
  const { plan, json } = ACTS[verb]!(args);
  if (typeof plan === 'string') return wrongUsage(io, plan);
  const runtime = await open(io);
  try {
    const { said, result } = await plan(runtime);
    io.stdout(json ? `${JSON.stringify(result)}\n` : `${said}\n`);
    return EXIT.done;
  } finally {
    await runtime.close();
  }
}

function act({ database, audit }: AuditRuntime) {
  const actor = { kind: 'system', id: 'command-line' } as const;
  return { database, audit, actor, controller: 'platform' };
}

function planRedaction(args: readonly string[]): { plan: Plan; json: boolean } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      by: { type: 'string' },
      'approved-by': { type: 'string' },
      reason: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const json = values.json ?? false;
  const eventId = parseId<EventId>(positionals[0]);
  const requester = parseId<PersonId>(values.by);
  const approver = parseId<PersonId>(values['approved-by']);
  const { reason } = values;
  if (!eventId || positionals.length !== 1) return { plan: 'redact takes one event’s id', json };
  if (!requester || !approver)
    return { plan: 'say which two people decided: --by PERSON --approved-by PERSON', json };
  if (reason === undefined || !CODE.test(reason))
    return { plan: 'say why, as a short code: --reason CODE', json };
  const plan: Plan = async (runtime) => {
    const result = await redactEvent({ ...act(runtime), eventId, requester, approver, reason });
    const said = result.done
      ? `The content of leaf ${result.leaf} is deleted; event ${result.orderId} tells it.`
      : `The content of leaf ${result.leaf} was deleted before.`;
    return { said, result };
  };
  return { plan, json };
}

function planSeal(args: readonly string[]): { plan: Plan; json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: { month: { type: 'string' }, json: { type: 'boolean' } },
  });
  const json = values.json ?? false;
  const { month } = values;
  if (month === undefined || !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month))
    return { plan: 'say which month: --month YYYY-MM', json };
  const plan: Plan = async (runtime) => {
    const result = await sealMonth({ ...act(runtime), keys: runtime.keys, month });
    return { said: `${month} is sealed with ${result.events} events: ${result.digest}`, result };
  };
  return { plan, json };
}

function planPurge(args: readonly string[]): { plan: Plan; json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: { 'keep-months': { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const json = values.json ?? false;
  const retentionMonths = Number(values['keep-months'] ?? 12);
  if (!Number.isInteger(retentionMonths) || retentionMonths < 6)
    return { plan: '--keep-months takes a number from 6 on', json };
  const plan: Plan = async (runtime) => {
    const result = await purgeMonths({
      ...act(runtime),
      keys: runtime.keys,
      clock: systemClock,
      retentionMonths,
      dryRun: values['dry-run'] ?? false,
    });
    const said = result.map(({ month, events, outcome }) => `${month}: ${events} events, ${outcome}`);
    return { said: said.join('\n') || 'No month is older than the retention.', result };
  };
  return { plan, json };
}

function planHold(args: readonly string[]): { plan: Plan; json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      lift: { type: 'string' },
      reason: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const json = values.json ?? false;
  const { from, to, reason } = values;
  if (reason === undefined || !CODE.test(reason))
    return { plan: 'say why, as a short code: --reason CODE', json };
  if (values.lift !== undefined) {
    const hold = parseId<EventId>(values.lift);
    if (!hold) return { plan: '--lift takes the id of a hold', json };
    const plan: Plan = async (runtime) => {
      const lifted = await liftHold({ ...act(runtime), hold, reason });
      return { said: lifted ? 'The hold is lifted.' : 'No such hold is in force.', result: { lifted } };
    };
    return { plan, json };
  }
  if (from === undefined || to === undefined || !DAY.test(from) || !DAY.test(to) || from > to)
    return { plan: 'say which days: --from YYYY-MM-DD --to YYYY-MM-DD', json };
  const plan: Plan = async (runtime) => {
    const hold = await placeHold({ ...act(runtime), from, to, reason });
    return {
      said: `Nothing of ${from} to ${to} is deleted until: socle audit hold --lift ${hold}`,
      result: { hold },
    };
  };
  return { plan, json };
}
