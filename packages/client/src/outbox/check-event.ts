import { isUuid, uuidv7 } from '@socle/base';
import { ClientError } from '../errors.ts';
import type { ModuleActions, ModuleEvent } from './event.ts';

/** An event as the socle takes it (`POST /audit/v1/events`). */
export interface WireEvent {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: 'person' | 'system'; readonly id: string };
  readonly action: string;
  readonly outcome: string;
  readonly [member: string]: unknown;
}

const MAX_BYTES = 8_192;
const CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;

/**
 * Ensures that the log will take the event, before the act commits: a refusal that came later could stop nothing.
 *
 * @throws ClientError `audit_event_refused` with the reason and, where it fits, the name of the member.
 */
export function buildWireEvent(
  event: ModuleEvent,
  options: { readonly actions: ModuleActions; readonly clientId: string; readonly now: Date },
): WireEvent {
  const action = Object.hasOwn(options.actions, event.action) ? options.actions[event.action] : undefined;
  if (!action) throw refused('unknown_action');
  if (event.id !== undefined && !isUuid(event.id)) throw refused('id');
  for (const name of ['reason', 'purpose'] as const) {
    if (event[name] !== undefined && !CODE.test(event[name])) throw refused('not_a_code', name);
  }
  checkLengths(event);
  checkDetail(event.detail ?? {}, action.detail);
  const at = event.at ?? options.now;
  const wire: Record<string, unknown> = {
    id: event.id ?? uuidv7(at),
    at: at.toISOString(),
    actor: event.session
      ? { kind: 'person', id: event.session.sub }
      : { kind: 'system', id: options.clientId },
    action: event.action,
    outcome: event.outcome ?? 'success',
    target: event.target,
    reason: event.reason,
    purpose: event.purpose,
    session: event.session?.sid,
    school: event.school,
    detail: event.detail,
    correlation: event.correlation,
  };
  for (const name of Object.keys(wire)) if (wire[name] === undefined) delete wire[name];
  if (Buffer.byteLength(JSON.stringify(wire)) > MAX_BYTES) throw refused('too_large');
  return wire as unknown as WireEvent;
}

/** The longest texts that the socle takes. */
function checkLengths({ school, target, session, correlation }: ModuleEvent): void {
  const texts: readonly [string, string | undefined, number][] = [
    ['school', school, 128],
    ['target.kind', target?.kind, 64],
    ['target.id', target?.id, 128],
    ['session', session?.sid, 128],
    ['correlation', correlation, 128],
  ];
  for (const [name, text, longest] of texts) {
    const fits = text === undefined || (text.length > 0 && text.length <= longest);
    if (!fits) throw refused('length', name);
  }
}

function checkDetail(
  detail: Readonly<Record<string, unknown>>,
  allowed: Readonly<Record<string, string>>,
): void {
  const kinds = new Map<string, string>();
  for (const [declared, kind] of Object.entries(allowed)) {
    const name = declared.replace(/\?$/, '');
    kinds.set(name, kind);
    if (name === declared && detail[name] === undefined) throw refused('detail_missing', name);
  }
  for (const [name, value] of Object.entries(detail)) {
    const kind = kinds.get(name);
    if (kind === undefined) throw refused('detail_unknown');
    if (value !== undefined && !isOfKind(value, kind)) throw refused('detail_kind', name);
  }
}

function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case 'id':
      return isUuid(value);
    case 'person':
      // the subject by which the socle knows the person here
      return typeof value === 'string' && value.length > 0 && value.length <= 128;
    case 'code':
      return typeof value === 'string' && CODE.test(value);
    case 'codes':
      return Array.isArray(value) && value.length <= 32 && value.every((code) => isOfKind(code, 'code'));
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'instant':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
    case 'day':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
    case 'digest':
      return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
    default:
      return false;
  }
}

function refused(why: string, member?: string): ClientError {
  return new ClientError('audit_event_refused', {
    status: 500,
    publicMessage: 'This could not be recorded, so it was not done. Tell the people who run this service.',
    details: { why, ...(member === undefined ? {} : { member }) },
  });
}
