import { hash } from 'node:crypto';
import type { ActionDefinition } from './actions.ts';
import { isPersonKind } from './check-event.ts';
import { refuseEvent } from './errors.ts';
import type { NewEvent } from './event.ts';
import { truncateAddress } from './network.ts';

const MAX_PAYLOAD_BYTES = 8_192;

/** One row of audit.events before its salt. */
export interface EventRow {
  readonly id: string;
  readonly at: string;
  readonly class: string;
  readonly controller: string;
  readonly action: string;
  /** `kind:id`, a person's id being a pseudonym. */
  readonly actor: string;
  readonly target: string | null;
  readonly outcome: string;
  /** Pseudonyms of the people named elsewhere than as `actor` or as a target of kind `person`: `{a,b}`, or null. */
  readonly mentions: string | null;
  readonly payload: Buffer;
}

/** The ids of the people that an event names, which the log never stores. */
export function collectPersonIds(event: NewEvent, definition: ActionDefinition, into: Set<string>): void {
  const { actor, target, detail } = event;
  if (actor.kind === 'person') into.add(actor.id);
  if (actor.onBehalfOf !== undefined) into.add(actor.onBehalfOf);
  if (target && isPersonKind(target.kind)) into.add(target.id);
  for (const name of detail ? Object.keys(detail) : []) {
    if (detailKind(definition, name) === 'person') into.add(detail![name] as string);
  }
}

/**
 * Builds the stored form of an event that `checkEvent` has let through: canonical bytes (RFC 8785), and the columns
 * derived from them.
 *
 * @throws AuditError `audit_event_refused` when the payload exceeds 8 KiB.
 */
export function buildEventRow(
  event: NewEvent,
  definition: ActionDefinition,
  given: { readonly id: string; readonly at: Date; readonly pseudonyms: ReadonlyMap<string, string> },
): EventRow {
  const { actor, target } = event;
  const { pseudonyms } = given;
  const at = given.at.toISOString();
  const actorId = actor.kind === 'person' ? pseudonyms.get(actor.id)! : actor.id;
  const onBehalfOf = actor.onBehalfOf === undefined ? undefined : pseudonyms.get(actor.onBehalfOf)!;
  const targetId = target && (isPersonKind(target.kind) ? pseudonyms.get(target.id)! : target.id);
  // RFC 8785 by hand, several times as fast as the general form: members stand in the order of their names
  const payload = Buffer.from(
    `{"action":${quote(event.action)}` +
      `,"actor":{"id":${quote(actorId)},"kind":${quote(actor.kind)}${member('onBehalfOf', onBehalfOf)}}` +
      `,"controller":${quote(event.controller)}` +
      member('correlation', event.correlation) +
      `,"detail":${writeDetail(event, definition, pseudonyms)}` +
      `,"id":${quote(given.id)}` +
      writeNetwork(event) +
      `,"outcome":${quote(event.outcome)}` +
      member('purpose', event.purpose) +
      member('reason', event.reason) +
      member('session', event.session) +
      (target ? `,"target":{"id":${quote(targetId!)},"kind":${quote(target.kind)}}` : '') +
      `,"ts":"${at}","v":1}`,
    'utf8',
  );
  if (payload.length > MAX_PAYLOAD_BYTES) throw refuseEvent('the event', 'exceeds 8 KiB');
  return {
    id: given.id,
    at,
    class: definition.class,
    controller: event.controller,
    action: event.action,
    actor: `${actor.kind}:${actorId}`,
    target: target ? `${target.kind}:${targetId}` : null,
    outcome: event.outcome,
    mentions: writeMentions(event, definition, pseudonyms),
    payload,
  };
}

function writeMentions(
  { actor, target, detail }: NewEvent,
  definition: ActionDefinition,
  pseudonyms: ReadonlyMap<string, string>,
): string | null {
  const people = new Set<string>();
  if (actor.onBehalfOf !== undefined) people.add(pseudonyms.get(actor.onBehalfOf)!);
  if (target && target.kind !== 'person' && isPersonKind(target.kind)) people.add(pseudonyms.get(target.id)!);
  for (const name of detail ? Object.keys(detail) : []) {
    if (detailKind(definition, name) === 'person') people.add(pseudonyms.get(detail![name] as string)!);
  }
  return people.size === 0 ? null : `{${[...people].join(',')}}`;
}

function writeDetail(
  event: NewEvent,
  definition: ActionDefinition,
  pseudonyms: ReadonlyMap<string, string>,
): string {
  const { detail } = event;
  if (!detail) return '{}';
  const members = Object.keys(detail)
    .sort()
    .map((name) => {
      const value = detail[name]!;
      const isPerson = detailKind(definition, name) === 'person';
      return `${quote(name)}:${quote(isPerson ? pseudonyms.get(value as string)! : value)}`;
    });
  return `{${members.join(',')}}`;
}

function writeNetwork({ network }: NewEvent): string {
  if (!network) return '';
  const address = network.address === undefined ? undefined : truncateAddress(network.address);
  // half a SHA-256 tells agents apart and is short
  const agent = network.agent === undefined ? undefined : hash('sha256', network.agent, 'hex').slice(0, 32);
  const members = `${member('address', address)}${member('agent', agent)}`;
  return members === '' ? '' : `,"network":{${members.slice(1)}}`;
}

/** `,"name":"value"`, or nothing for a member that is not there. */
function member(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${quote(value)}`;
}

/** The canonical form of what a checked event can hold: JSON.stringify writes texts, numbers and lists of codes so. */
function quote(value: string | number | boolean | readonly string[]): string {
  return JSON.stringify(value);
}

function detailKind(definition: ActionDefinition, name: string) {
  return definition.detail[name] ?? definition.detail[`${name}?`];
}
