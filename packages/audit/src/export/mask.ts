import { createHmac } from 'node:crypto';
import { isUuid } from '@socle/base';
import type { ActionDefinition } from '../actions.ts';
import { isPersonKind } from '../check-event.ts';
import type { StoredPayload } from './stored-payload.ts';

/** Hides in an event who other people are. */
export type Mask = (payload: StoredPayload) => StoredPayload;

export interface MaskOptions {
  /** The pseudonym of the person whose export it is; it stays. */
  readonly own: string;
  /** 32 random bytes of this export alone: one person has one mask in it, and another in the next. */
  readonly key: Buffer;
  readonly actions: ReadonlyMap<string, ActionDefinition>;
}

/**
 * Builds the mask of one person's export (art. 15(4) GDPR: a copy must not harm others). Everybody else becomes
 * `masked-…`; what only they did (session, address, browser, request, free purpose) is left out. What was done, when, by
 * which rule and with which outcome stays.
 */
export function buildMask({ own, key, actions }: MaskOptions): Mask {
  const hide = (pseudonym: string) =>
    pseudonym === own
      ? pseudonym
      : `masked-${createHmac('sha256', key).update(pseudonym).digest('hex').slice(0, 12)}`;

  return (payload) => {
    const { actor, target, detail, session, correlation, network, purpose, ...kept } = payload;
    const isOwnAct = actor.kind === 'person' && actor.id === own;
    return {
      ...kept,
      actor: {
        kind: actor.kind,
        id: actor.kind === 'person' ? hide(actor.id) : actor.id,
        ...(actor.onBehalfOf === undefined ? {} : { onBehalfOf: hide(actor.onBehalfOf) }),
      },
      ...(target
        ? { target: { kind: target.kind, id: isPersonKind(target.kind) ? hide(target.id) : target.id } }
        : {}),
      detail: hideDetail(payload.action, detail),
      ...(isOwnAct && session !== undefined ? { session } : {}),
      ...(isOwnAct && correlation !== undefined ? { correlation } : {}),
      ...(isOwnAct && network ? { network } : {}),
      ...(isOwnAct && purpose !== undefined ? { purpose } : {}),
    };
  };

  function hideDetail(action: string, detail: StoredPayload['detail']): StoredPayload['detail'] {
    const definition = actions.get(action)?.detail;
    const entries = Object.entries(detail).map(([name, value]) => {
      const kind = definition?.[name] ?? definition?.[`${name}?`];
      // of an action that nobody declares any more, any UUID may be a person's
      const isPerson = kind === undefined ? isUuid(value) : kind === 'person';
      return [name, isPerson ? hide(value as string) : value] as const;
    });
    return Object.fromEntries(entries);
  }
}
