import { randomBytes } from 'node:crypto';

declare const brand: unique symbol;

/** A string that only its maker can produce, so that two kinds of id never mix. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

export type PersonId = Branded<'PersonId'>;
export type SchoolId = Branded<'SchoolId'>;
export type ControllerId = Branded<'ControllerId'>;
export type ClassId = Branded<'ClassId'>;
export type GroupId = Branded<'GroupId'>;
export type ClientId = Branded<'ClientId'>;
export type EventId = Branded<'EventId'>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** True for a lower-case RFC 9562 UUID of any version. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * A version 7 UUID (RFC 9562 §5.7): 48 bits of milliseconds, then 74 random bits.
 * Ids made in different milliseconds sort by time; within one millisecond the order is random.
 */
export function uuidv7(at: Date = new Date()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A new random id of the wanted brand (`newId<PersonId>()`). */
export function newId<Id extends Branded<string>>(at?: Date): Id {
  return uuidv7(at) as Id;
}

/** Parses an id from outside, or gives undefined when it is not a UUID. */
export function parseId<Id extends Branded<string>>(value: unknown): Id | undefined {
  return isUuid(value) ? (value as Id) : undefined;
}
