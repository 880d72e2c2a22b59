import type { ModuleSession } from '../session/session.ts';

/** The members that an action's detail may hold, as in the module's registration document. */
export interface ModuleAction {
  readonly class: 'A' | 'B' | 'C';
  readonly title: { readonly fr: string; readonly en: string };
  /** Kind by member name; a name that ends in `?` may be missing. */
  readonly detail: Readonly<Record<string, string>>;
}

/** The actions of a module by name (`module.actions` of its registration document). */
export type ModuleActions = Readonly<Record<string, ModuleAction>>;

/** Something that happened in a module and belongs in the log. */
export interface ModuleEvent {
  /** A UUID; the same id twice is one event. Default: a new one. */
  readonly id?: string;
  /** When it happened. Default: now. */
  readonly at?: Date;
  /** Who did it. Left out when the module itself did (a job). */
  readonly session?: ModuleSession;
  /** A name of the module's actions. */
  readonly action: string;
  /** What was acted on; a person (kind `person`) by `sub`. */
  readonly target?: { readonly kind: string; readonly id: string };
  /** Default `success`. */
  readonly outcome?: 'success' | 'denied' | 'error';
  /** A short code, for instance the rule that denied. */
  readonly reason?: string;
  /** A short code: why the data was read, where a purpose is demanded. */
  readonly purpose?: string;
  /** Id of the school in whose name it was done: it settles the controller of the event. */
  readonly school: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** The request's id, which ties events of one request together. */
  readonly correlation?: string;
}

/** How the outbox stands, for metrics. */
export interface OutboxStatus {
  /** Events that the socle has not acknowledged yet. */
  readonly waiting: number;
  /** Events that the socle refused, kept for a person to look at. */
  readonly refused: number;
  /** Age of the oldest waiting event; 0 when none waits. */
  readonly oldestWaitingSeconds: number;
}

/** What one round of delivery did. */
export interface DeliveryRound {
  readonly delivered: number;
  readonly refused: number;
  /** True when the batch was full, so that another round should follow at once. */
  readonly more: boolean;
}
