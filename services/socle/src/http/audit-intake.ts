import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { isSocleError, parseId, type EventId, type PersonId } from '@socle/base';
import type { Audit, NewEvent } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import { loadSchools } from '@socle/directory';
import type { Identity } from '@socle/identity';
import { decisionAction } from '../actions.ts';
import { ServiceError } from '../errors.ts';
import { describeRoute } from './describe-route.ts';
import { requireModuleCaller, type ModuleCaller } from './module-caller.ts';

const MAX_EVENTS = 100;

const eventSchema = z.strictObject({
  id: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  actor: z
    .strictObject({ kind: z.literal('person'), id: z.string() })
    .or(z.strictObject({ kind: z.literal('system'), id: z.string() })),
  action: z.string().max(128),
  target: z.strictObject({ kind: z.string().max(64), id: z.string().max(128) }).optional(),
  outcome: z.enum(['success', 'denied', 'error']),
  reason: z.string().max(64).optional(),
  purpose: z.string().max(64).optional(),
  session: z.string().max(128).optional(),
  detail: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .optional(),
  correlation: z.string().max(128).optional(),
  school: z.string(),
});

const bodySchema = z.strictObject({ events: z.array(z.unknown()).min(1).max(MAX_EVENTS) });

const DELIVER = {
  summary: 'Deliver events of a module',
  description: 'Each event is taken once, by its id; the answer tells which were accepted and which refused.',
  body: z.strictObject({ events: z.array(eventSchema).min(1).max(MAX_EVENTS) }),
};

type ModuleEvent = z.infer<typeof eventSchema>;
interface Refusal {
  readonly id: string;
  readonly why: string;
}

export interface AuditIntakeOptions {
  readonly identity: Identity;
  readonly database: Database;
  readonly audit: Audit;
}

/**
 * Where modules deliver the events of their outbox: `POST /audit/v1/events`. Each event is taken once, by its id,
 * however often it is sent; one that is refused does not hold back the others. A module appends its own actions only.
 */
export function buildAuditIntake(options: AuditIntakeOptions): FastifyPluginAsync {
  return async (app) => {
    app.post('/audit/v1/events', describeRoute(DELIVER), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const body = bodySchema.safeParse(request.body);
      if (!body.success) {
        throw new ServiceError('request_refused', {
          status: 400,
          publicMessage: `Send { "events": [ … ] } with 1 to ${MAX_EVENTS} events.`,
        });
      }
      // the module may have been registered, or changed its actions, since this process started
      options.audit.declare(caller.module.actions);
      options.audit.declare({ [`${caller.module.id}.decision.made`]: decisionAction });
      const accepted: string[] = [];
      const refused: Refusal[] = [];
      for (const raw of body.data.events) {
        const outcome = await takeOne(options, caller, raw);
        if (typeof outcome === 'string') accepted.push(outcome);
        else refused.push(outcome);
      }
      if (refused.length > 0) {
        // what was refused is not repeated: it may be an attack on those who read the log
        await options.audit.record({
          controller: 'platform',
          actor: { kind: 'client', id: caller.clientId },
          action: 'audit.input.refused',
          outcome: 'denied',
          detail: { count: refused.length },
        });
      }
      return { accepted, refused };
    });
  };
}

async function takeOne(
  options: AuditIntakeOptions,
  caller: ModuleCaller,
  raw: unknown,
): Promise<string | Refusal> {
  const given = (raw as { id?: unknown } | null)?.id;
  const id = typeof given === 'string' ? given.slice(0, 64) : '';
  const parsed = eventSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { id, why: `${issue.path.join('.') || 'event'}: ${issue.message}` };
  }
  const eventId = parseId<EventId>(parsed.data.id);
  if (!eventId) return { id, why: 'id: not a UUID' };
  if (!parsed.data.action.startsWith(`${caller.module.id}.`))
    return { id, why: 'action: not one of this module' };
  try {
    return await options.database.transaction((tx) => append(tx, options, caller, eventId, parsed.data), {
      scope: 'all',
    });
  } catch (error) {
    // a fault is not the event's: the module keeps it and comes again
    if (isSocleError(error) && error.kind === 'refusal') return { id, why: error.code };
    throw error;
  }
}

async function append(
  tx: Tx,
  options: AuditIntakeOptions,
  caller: ModuleCaller,
  id: EventId,
  event: ModuleEvent,
): Promise<string | Refusal> {
  const school = (await loadSchools(tx)).find((known) => known.id === event.school);
  if (!school) return { id, why: 'school: unknown' };
  const personOf = (sub: string): Promise<PersonId | undefined> =>
    options.identity.resolveSubject(tx, caller.sector, sub);
  const actor = event.actor.kind === 'person' ? await personOf(event.actor.id) : undefined;
  if (event.actor.kind === 'person' && !actor) return { id, why: 'actor: unknown subject' };
  const target = event.target?.kind === 'person' ? await personOf(event.target.id) : event.target?.id;
  if (event.target && target === undefined) return { id, why: 'target: unknown subject' };
  const detail: Record<string, NonNullable<NewEvent['detail']>[string]> = { ...event.detail };
  for (const [declared, kind] of Object.entries(options.audit.actions.get(event.action)?.detail ?? {})) {
    const name = declared.replace(/\?$/, '');
    if (kind !== 'person' || typeof detail[name] !== 'string') continue;
    const person = await personOf(detail[name]);
    if (person) detail[name] = person;
    else if (name === declared) return { id, why: `detail.${name}: unknown subject` };
    // whom nobody knows is left out where it may be: a made-up pupil must not keep the event out of the log
    else delete detail[name];
  }
  const taken: NewEvent = {
    id,
    at: new Date(event.at),
    controller: school.controller,
    actor: actor ? { kind: 'person', id: actor } : { kind: 'client', id: caller.clientId },
    action: event.action,
    outcome: event.outcome,
    ...(event.target && target !== undefined ? { target: { kind: event.target.kind, id: target } } : {}),
    ...(event.reason ? { reason: event.reason } : {}),
    ...(event.purpose ? { purpose: event.purpose } : {}),
    ...(event.session ? { session: event.session } : {}),
    ...(event.detail ? { detail } : {}),
    ...(event.correlation ? { correlation: event.correlation } : {}),
  };
  await options.audit.append(tx, taken);
  return id;
}
