export { canonicalJson, type JsonValue } from './canonical-json.ts';
export { buildManualClock, systemClock, type Clock, type ManualClock } from './clock.ts';
export {
  InvariantViolation,
  SocleError,
  invariant,
  isSocleError,
  type FailureKind,
  type SocleErrorOptions,
} from './errors.ts';
export {
  isUuid,
  newId,
  parseId,
  uuidv7,
  type Branded,
  type ClassId,
  type ClientId,
  type ControllerId,
  type EventId,
  type GroupId,
  type PersonId,
  type SchoolId,
} from './ids.ts';
export { silentLog, type Log, type LogFields } from './log.ts';
export { Secret, randomToken, sha256 } from './secret.ts';
