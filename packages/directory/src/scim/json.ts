import { refuseScim } from './scim-error.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws DirectoryError `scim_syntax_invalid`. */
export function requireObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw refuseScim('invalidSyntax', 'The body must be a JSON object.');
}

/** A member by its name, whatever its case (RFC 7643 §2.1); an empty list or null is no value (§2.5). */
export function member(object: JsonObject, name: string): unknown {
  const wanted = name.toLowerCase();
  const key = Object.keys(object).find((each) => each.toLowerCase() === wanted);
  const value = key === undefined ? undefined : object[key];
  return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value;
}

/** A text, trimmed and normalised. @throws DirectoryError `scim_value_invalid` that names the attribute. */
export function textMember(object: JsonObject, name: string, max: number): string | undefined {
  const value = member(object, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw refuseScim('invalidValue', `${name} must be a text.`);
  const text = value.trim().normalize('NFC');
  if (text.length > max || /\p{Cc}/u.test(text)) {
    throw refuseScim(
      'invalidValue',
      `${name} must be a text of at most ${max} characters, without control characters.`,
    );
  }
  return text === '' ? undefined : text;
}

/** A list of objects. @throws DirectoryError `scim_value_invalid`. */
export function listMember(object: JsonObject, name: string, max: number): readonly JsonObject[] {
  const value = member(object, name) ?? [];
  const list = Array.isArray(value) ? value : [value];
  if (list.length > max || !list.every(isObject)) {
    throw refuseScim('invalidValue', `${name} must be a list of at most ${max} objects.`);
  }
  return list;
}
