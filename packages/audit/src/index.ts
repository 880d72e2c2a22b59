export {
  defineActions,
  type ActionDefinition,
  type ActionDefinitions,
  type DetailKind,
  type EventClass,
} from './actions.ts';
export type { AuditAppender, EventActor, EventOutcome, EventTarget, NewEvent } from './event.ts';
