import { isUuid } from '@socle/base';
import type { ActionDefinition, DetailKind } from './actions.ts';
import { AuditError, refuseEvent } from './errors.ts';
import type { NewEvent } from './event.ts';

const CODE = /^[A-Za-z0-9_.:/-]{1,64}$/;
const PRINTABLE = /^[\x21-\x7e]{1,128}$/;
/** Control characters, line breaks of every kind, and what is invisible or turns the direction of writing. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const DIGEST = /^[0-9a-f]{64}$/;
const MAX_CODES = 32;
const MAX_PURPOSE_LENGTH = 200;
const EARLIEST = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const LATEST = Date.UTC(2200, 0, 1);

/** True for a target kind whose id is a person's. */
export function isPersonKind(kind: string): boolean {
  return kind === 'person' || kind.endsWith('.person');
}

/**
 * Checks every member of an event against the vocabulary and its action's definition.
 *
 * @throws AuditError `audit_event_refused` with the member's name, or `audit_action_unknown`.
 */
export function checkEvent(event: NewEvent, definition: ActionDefinition | undefined): ActionDefinition {
  if (!definition) {
    throw new AuditError('audit_action_unknown', {
      status: 400,
      publicMessage:
        'The audit event names an action that no package declares. Declare it with defineActions.',
    });
  }
  if (event.id !== undefined && !(isUuid(event.id) && event.id[14] === '7')) {
    throw refuseEvent('id', 'must be a UUID of version 7');
  }
  if (event.at !== undefined) requireInstant(event.at);
  if (event.id !== undefined && event.at !== undefined) requireSameTime(event.id, event.at);
  requireCode('controller', event.controller);
  requireActor(event);
  if (event.target) {
    requireCode('target.kind', event.target.kind);
    if (isPersonKind(event.target.kind)) requireUuid('target.id', event.target.id);
    else requirePrintable('target.id', event.target.id);
  }
  if (!['success', 'denied', 'error'].includes(event.outcome)) {
    throw refuseEvent('outcome', 'must be success, denied or error');
  }
  if (event.reason !== undefined) requireCode('reason', event.reason);
  if (event.purpose !== undefined) requirePurpose(event.purpose);
  if (event.session !== undefined) requirePrintable('session', event.session);
  if (event.correlation !== undefined) requirePrintable('correlation', event.correlation);
  checkNetwork(event);
  checkDetail(event.detail ?? {}, definition.detail);
  return definition;
}

function requireActor(event: NewEvent): void {
  const { actor } = event;
  if (actor.kind === 'person') requireUuid('actor.id', actor.id);
  else if (actor.kind === 'client' || actor.kind === 'system') requirePrintable('actor.id', actor.id);
  else throw refuseEvent('actor.kind', 'must be person, client or system');
  if (actor.onBehalfOf !== undefined) requireUuid('actor.onBehalfOf', actor.onBehalfOf);
}

function checkNetwork(event: NewEvent): void {
  const { address, agent } = event.network ?? {};
  if (address !== undefined && typeof address !== 'string')
    throw refuseEvent('network.address', 'must be text');
  if (agent !== undefined && typeof agent !== 'string') throw refuseEvent('network.agent', 'must be text');
}

function checkDetail(
  detail: Readonly<Record<string, unknown>>,
  allowed: Readonly<Record<string, DetailKind>>,
): void {
  for (const name of Object.keys(detail)) {
    const kind = Object.hasOwn(allowed, name)
      ? allowed[name]
      : Object.hasOwn(allowed, `${name}?`)
        ? allowed[`${name}?`]
        : undefined;
    // a name that is not allowed may itself be an attack, so it is not repeated
    if (!kind || name.endsWith('?'))
      throw refuseEvent('detail', 'has a member that its action does not allow');
    if (!fits(detail[name], kind)) throw refuseEvent(`detail.${name}`, `is not of kind ${kind}`);
  }
  for (const name of Object.keys(allowed)) {
    if (!name.endsWith('?') && !Object.hasOwn(detail, name))
      throw refuseEvent(`detail.${name}`, 'is missing');
  }
}

function fits(value: unknown, kind: DetailKind): boolean {
  switch (kind) {
    case 'id':
    case 'person':
      return isUuid(value);
    case 'code':
      return typeof value === 'string' && CODE.test(value);
    case 'codes':
      return (
        Array.isArray(value) &&
        value.length <= MAX_CODES &&
        value.every((item) => typeof item === 'string' && CODE.test(item))
      );
    case 'integer':
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0);
    case 'boolean':
      return typeof value === 'boolean';
    case 'instant':
      return typeof value === 'string' && INSTANT.test(value) && isRealDate(value, value);
    case 'day':
      return typeof value === 'string' && DAY.test(value) && isRealDate(`${value}T00:00:00.000Z`, value);
    case 'digest':
      return typeof value === 'string' && DIGEST.test(value);
    default:
      return kind satisfies never;
  }
}

function isRealDate(instant: string, written: string): boolean {
  const time = Date.parse(instant);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(written);
}

function requireInstant(at: Date): void {
  const time = at instanceof Date ? at.getTime() : Number.NaN;
  if (!(time >= EARLIEST && time < LATEST)) throw refuseEvent('at', 'is not a likely instant');
}

/** An id chooses the month under which the event is kept and purged, so it must be of the event's time, to a day. */
function requireSameTime(id: string, at: Date): void {
  const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  if (Math.abs(time - at.getTime()) > DAY_MS) throw refuseEvent('id', 'must carry the time of the event');
}

function requireCode(member: string, value: unknown): void {
  if (typeof value !== 'string' || !CODE.test(value)) {
    throw refuseEvent(member, 'must be a code of 1 to 64 letters, digits, _ . : / -');
  }
}

function requirePrintable(member: string, value: unknown): void {
  if (typeof value !== 'string' || !PRINTABLE.test(value)) {
    throw refuseEvent(member, 'must be 1 to 128 printable ASCII characters without space');
  }
}

function requireUuid(member: string, value: unknown): void {
  if (!isUuid(value)) throw refuseEvent(member, 'must be the UUID of a person');
}

function requirePurpose(value: unknown): void {
  const fine =
    typeof value === 'string' &&
    value.length >= 1 &&
    value.length <= MAX_PURPOSE_LENGTH &&
    value.isWellFormed() &&
    !CONTROL.test(value);
  if (!fine) throw refuseEvent('purpose', 'must be 1 to 200 characters without control characters');
}
