import { InvariantViolation } from './errors.ts';

/** What JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * The JSON Canonicalization Scheme (RFC 8785): one text for each value, so that it can be hashed or signed.
 * Keys sort by UTF-16 code units (§3.2.3); numbers print as ECMAScript prints them (§3.2.2.3).
 *
 * @throws InvariantViolation for what has no canonical form: a number that is not finite, a lone surrogate,
 *   `undefined`, a function, a class instance, or a value nested deeper than 128 levels.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 0);
}

const MAX_DEPTH = 128;

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new InvariantViolation('canonical JSON is nested too deeply');
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      if (!Number.isFinite(value)) throw new InvariantViolation('canonical JSON has no form for this number');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return Array.isArray(value)
        ? `[${value.map((item) => write(item, depth + 1)).join(',')}]`
        : writeObject(value, depth);
    default:
      throw new InvariantViolation(`canonical JSON has no form for a ${typeof value}`);
  }
}

function writeObject(value: object, depth: number): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new InvariantViolation('canonical JSON takes plain objects only');
  }
  const members = Object.keys(value)
    .sort() // the default order of JavaScript strings is the order of UTF-16 code units
    .map((key) => `${writeString(key)}:${write((value as Record<string, unknown>)[key], depth + 1)}`);
  return `{${members.join(',')}}`;
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw new InvariantViolation('canonical JSON has no form for a lone surrogate');
  return JSON.stringify(value);
}
