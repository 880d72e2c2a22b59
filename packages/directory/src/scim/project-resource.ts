import { parseAttributePath, type AttributePath } from './filter.ts';
import { isObject, type JsonObject } from './json.ts';
import { refuseScim } from './scim-error.ts';

/** Which attributes of a resource are sent (RFC 7644 §3.9); `id` and `schemas` always are. */
export interface Projection {
  readonly attributes?: readonly AttributePath[];
  readonly excludedAttributes?: readonly AttributePath[];
}

const MAX_PATHS = 50;

/** @throws DirectoryError `scim_path_invalid`, `scim_value_invalid` when both lists are given. */
export function parseProjection(query: {
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
}): Projection {
  const { attributes = [], excludedAttributes = [] } = query;
  if (attributes.length > 0 && excludedAttributes.length > 0) {
    throw refuseScim('invalidValue', 'Give attributes or excludedAttributes, not both.');
  }
  if (attributes.length > MAX_PATHS || excludedAttributes.length > MAX_PATHS) {
    throw refuseScim('invalidValue', 'At most 50 attributes may be named.');
  }
  if (attributes.length > 0) return { attributes: attributes.map(parseAttributePath) };
  return excludedAttributes.length > 0
    ? { excludedAttributes: excludedAttributes.map(parseAttributePath) }
    : {};
}

/** Gives the resource with what the projection leaves of it. */
export function projectResource(resource: JsonObject, projection: Projection): JsonObject {
  const { attributes, excludedAttributes } = projection;
  if (!attributes && !excludedAttributes) return resource;
  const paths = (attributes ?? excludedAttributes)!;
  const keep = attributes !== undefined;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(resource)) {
    if (key === 'id' || key === 'schemas') result[key] = value;
    else {
      const extension = key.startsWith('urn:');
      const left =
        extension && isObject(value)
          ? cutExtension(key.toLowerCase(), value, paths, keep)
          : cut(
              key,
              value,
              paths.filter(({ urn }) => urn === undefined || isCore(urn)),
              keep,
            );
      if (left !== undefined) result[key] = left;
    }
  }
  return result;
}

const isCore = (urn: string) => urn.startsWith('urn:ietf:params:scim:schemas:core:');

/** A whole extension is named `urn:…:2.0:User`, which reads as its last part behind its first ones. */
function cutExtension(
  urn: string,
  value: JsonObject,
  paths: readonly AttributePath[],
  keep: boolean,
): unknown {
  const whole = paths.some(
    (path) => `${path.urn}:${path.name}` === urn || (path.urn === undefined && path.name === urn),
  );
  if (whole) return keep ? value : undefined;
  const inside = paths.filter((path) => path.urn === urn);
  const parts: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const left = cut(key, each, inside, keep);
    if (left !== undefined) parts[key] = left;
  }
  return Object.keys(parts).length > 0 ? parts : undefined;
}

function cut(key: string, value: unknown, paths: readonly AttributePath[], keep: boolean): unknown {
  const own = paths.filter(({ name }) => name === key.toLowerCase());
  if (own.length === 0) return keep ? undefined : value;
  if (own.some(({ sub }) => sub === undefined)) return keep ? value : undefined;
  const subs = new Set(own.map(({ sub }) => sub));
  const cutObject = (object: JsonObject) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => subs.has(name.toLowerCase()) === keep));
  if (Array.isArray(value)) return value.map((each) => (isObject(each) ? cutObject(each) : each));
  return isObject(value) ? cutObject(value) : value;
}
