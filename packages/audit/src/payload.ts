import { canonicalJson, sha256, type JsonValue } from '@socle/base';
import type { ActionDefinition } from './actions.ts';
import { isPersonKind } from './check-event.ts';
import { refuseEvent } from './errors.ts';
import type { NewEvent } from './event.ts';
import { truncateAddress } from './network.ts';

/** Largest stored payload, in bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 8_192;

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
 * Builds the stored form of a checked event: canonical bytes (RFC 8785), and the columns derived from them.
 *
 * @throws AuditError `audit_event_refused` when the payload exceeds 8 KiB.
 */
export function buildEventRow(
  event: NewEvent,
  definition: ActionDefinition,
  given: { readonly id: string; readonly at: Date; readonly pseudonyms: ReadonlyMap<string, string> },
): EventRow {
  const { actor, target, network } = event;
  const { pseudonyms } = given;
  const at = given.at.toISOString();
  const actorId = actor.kind === 'person' ? pseudonyms.get(actor.id)! : actor.id;
  const targetId = target && (isPersonKind(target.kind) ? pseudonyms.get(target.id)! : target.id);
  const truncated = network?.address === undefined ? undefined : truncateAddress(network.address);
  const payload = Buffer.from(
    canonicalJson(
      withoutUndefined({
        v: 1,
        id: given.id,
        ts: at,
        controller: event.controller,
        actor: withoutUndefined({
          kind: actor.kind,
          id: actorId,
          onBehalfOf: actor.onBehalfOf === undefined ? undefined : pseudonyms.get(actor.onBehalfOf)!,
        }),
        session: event.session,
        action: event.action,
        target: target && { kind: target.kind, id: targetId! },
        outcome: event.outcome,
        reason: event.reason,
        purpose: event.purpose,
        network:
          truncated === undefined && network?.agent === undefined
            ? undefined
            : withoutUndefined({
                address: truncated,
                // half a SHA-256 tells agents apart and is short
                agent:
                  network?.agent === undefined ? undefined : sha256(network.agent).toString('hex', 0, 16),
              }),
        detail: buildDetail(event, definition, pseudonyms),
        correlation: event.correlation,
      }),
    ),
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
    payload,
  };
}

function buildDetail(
  event: NewEvent,
  definition: ActionDefinition,
  pseudonyms: ReadonlyMap<string, string>,
): JsonValue {
  const detail: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(event.detail ?? {})) {
    detail[name] = detailKind(definition, name) === 'person' ? pseudonyms.get(value as string)! : value;
  }
  return detail;
}

function detailKind(definition: ActionDefinition, name: string) {
  return definition.detail[name] ?? definition.detail[`${name}?`];
}

function withoutUndefined(members: Readonly<Record<string, JsonValue | undefined>>): JsonValue {
  const kept: Record<string, JsonValue> = {};
  for (const name of Object.keys(members)) {
    const value = members[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
