import type { ControllerId, EventId } from '@socle/base';
import type { Tx } from '@socle/db';

/** Who acts. The log stores a pseudonym in place of the id. */
export interface EventActor {
  readonly kind: 'person' | 'client' | 'system';
  /** A person's id, a client's id, or the name of a job (`import`, `retention`). */
  readonly id: string;
  /** The person in whose name a client or an administrator acts. */
  readonly onBehalfOf?: string;
}

/** What was acted on. A person's id is stored as a pseudonym; other ids as they are. */
export interface EventTarget {
  /** `person` (or a kind that ends in `.person`) for a person; otherwise the type of the thing. */
  readonly kind: string;
  readonly id: string;
}

export type EventOutcome = 'success' | 'denied' | 'error';

/** An event as the business code gives it; the log adds its id, its salt and, later, its place. */
export interface NewEvent {
  /** Given by a module that delivers from its own outbox, so that a second delivery changes nothing. */
  readonly id?: EventId;
  /** When it happened. Default: now, by the audit's clock. */
  readonly at?: Date;
  /** The controller (art. 4.7 GDPR) in whose name the data is processed. */
  readonly controller: ControllerId | string;
  readonly actor: EventActor;
  readonly action: string;
  readonly target?: EventTarget;
  readonly outcome: EventOutcome;
  /** A short code: the rule that denied, the reason that was chosen. */
  readonly reason?: string;
  /** Why the data was read, where a purpose is demanded. */
  readonly purpose?: string;
  /** The session's public id, never the cookie. */
  readonly session?: string;
  readonly network?: {
    /** The peer's address; stored truncated to /24 (IPv4) or /48 (IPv6). */
    readonly address?: string;
    /** The User-Agent header; stored as a hash. */
    readonly agent?: string;
  };
  /** Members allowed by the action's definition only. */
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** The request's id, which ties events of one request together. */
  readonly correlation?: string;
}

/** The part of the log that business code sees. */
export interface AuditAppender {
  /**
   * Appends an event in the caller's transaction: it is in the log if and only if that transaction commits.
   * An event whose id is already there is left alone.
   *
   * @returns the event's id.
   * @throws AuditError `audit_event_refused` for an unknown action, a detail member that the action does not
   *   allow, or a payload over 8 KiB.
   */
  append(tx: Tx, event: NewEvent): Promise<EventId>;

  /**
   * Appends many events in one statement (keep to some thousands a call). All are checked before any is written.
   *
   * @returns their ids, in order.
   * @throws AuditError as `append`; `details.index` tells which event was refused.
   */
  appendMany(tx: Tx, events: readonly NewEvent[]): Promise<EventId[]>;
}
