/**
 * What one member of an event's detail may hold. The vocabulary is closed and has no free text, so that
 * an event cannot carry a name, an address or a sentence by mistake.
 */
export type DetailKind =
  /** A UUID of a thing. Never a person's: those are `person`. */
  | 'id'
  /** A person's id, stored as that person's pseudonym. */
  | 'person'
  /** A short identifier of the domain: 1 to 64 of `A-Z a-z 0-9 _ . : / -`. */
  | 'code'
  /** A list of at most 32 codes. */
  | 'codes'
  /** A safe integer. */
  | 'integer'
  /** A finite number. */
  | 'number'
  | 'boolean'
  /** An ISO 8601 instant in UTC with milliseconds. */
  | 'instant'
  /** A calendar day, `YYYY-MM-DD`. */
  | 'day'
  /** A SHA-256 in lower-case hexadecimal. */
  | 'digest';

/** How an event is treated when the log cannot be written: see the package's README. */
export type EventClass =
  /** Sensitive: no event, no act. */
  | 'A'
  /** Security: waits in the outbox. */
  | 'B'
  /** Usage: bounded, dropped with a counted gap. */
  | 'C';

/** The schema of one action. */
export interface ActionDefinition {
  readonly class: EventClass;
  /** What happened, for the generated catalogue and the screens. */
  readonly title: { readonly fr: string; readonly en: string };
  /** The allowed members of `detail`; a name that ends in `?` may be missing. */
  readonly detail: Readonly<Record<string, DetailKind>>;
}

/** Actions by name: `<module>.<object>.<verb>`. */
export type ActionDefinitions = Readonly<Record<string, ActionDefinition>>;

/** Declares the actions of one package, frozen, with their names kept as types. */
export function defineActions<const Actions extends ActionDefinitions>(actions: Actions): Actions {
  return Object.freeze(actions);
}
