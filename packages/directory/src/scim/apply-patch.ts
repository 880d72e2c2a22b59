import { parseAttributePath, parsePatchPath, type AttributePath, type PatchPath } from './filter.ts';
import { isObject, member, requireObject, type JsonObject } from './json.ts';
import { matchesValue } from './match-value.ts';
import type { ResourceTypeName } from './resource-types.ts';
import { RESOURCE_TYPES } from './resource-types.ts';
import { IGNORED, SCHEMAS, type ScimAttribute } from './schemas.ts';
import { refuseScim } from './scim-error.ts';

type Mutable = Record<string, unknown>;
type Operation = 'add' | 'replace' | 'remove';
const MAX_OPERATIONS = 100;
const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:patchop';

/**
 * Applies the operations of a PATCH (RFC 7644 §3.5.2) to a resource, one after the other, and gives what it is then.
 * The operations are all or none: the caller stores nothing when one is refused.
 *
 * @throws DirectoryError `scim_syntax_invalid`, `scim_path_invalid`, `scim_filter_invalid`, `scim_no_target`, `scim_mutability`.
 */
export function applyPatch(resource: JsonObject, body: unknown, type: ResourceTypeName): JsonObject {
  const request = requireObject(body);
  const schemas = member(request, 'schemas');
  const operations = member(request, 'Operations');
  if (!Array.isArray(schemas) || !schemas.some((each) => String(each).toLowerCase() === PATCH_SCHEMA)) {
    throw refuseScim('invalidSyntax', 'schemas must name the PatchOp message.');
  }
  if (!Array.isArray(operations) || operations.length > MAX_OPERATIONS || !operations.every(isObject)) {
    throw refuseScim('invalidSyntax', 'Operations must be a list of 1 to 100 operations.');
  }
  const target = structuredClone(resource) as Mutable;
  for (const each of operations) applyOperation(target, each, type);
  return target;
}

function applyOperation(target: Mutable, operation: JsonObject, type: ResourceTypeName): void {
  const name = String(member(operation, 'op') ?? '').toLowerCase();
  if (name !== 'add' && name !== 'replace' && name !== 'remove') {
    throw refuseScim('invalidSyntax', 'op must be add, replace or remove.');
  }
  const path = member(operation, 'path');
  const value = member(operation, 'value');
  if (path !== undefined) {
    if (typeof path !== 'string') throw refuseScim('invalidPath', 'path must be a text.');
    applyAtPath(target, name, parsePatchPath(path), value, type);
    return;
  }
  if (name === 'remove') throw refuseScim('noTarget', 'remove needs a path.');
  applyMembers(target, name, requireObject(value), type);
}

/** Without a path, the members of the value are the attributes; a member may be an extension's object. */
function applyMembers(target: Mutable, name: Operation, value: JsonObject, type: ResourceTypeName): void {
  for (const [key, each] of Object.entries(value)) {
    const extension = SCHEMAS.find(({ id }) => id.toLowerCase() === key.toLowerCase());
    if (extension && isObject(each)) {
      for (const [part, inner] of Object.entries(each)) {
        applyAtPath(
          target,
          name,
          { path: { urn: extension.id.toLowerCase(), name: part.toLowerCase() } },
          inner,
          type,
        );
      }
      continue;
    }
    if (/^urn:/i.test(key) && isObject(each)) continue; // an extension that is not kept, such as enterprise
    applyAtPath(target, name, { path: parseAttributePath(key) }, each, type);
  }
}

interface Place {
  readonly container: Mutable;
  readonly attribute: ScimAttribute;
}

function applyAtPath(
  target: Mutable,
  name: Operation,
  at: PatchPath,
  value: unknown,
  type: ResourceTypeName,
): void {
  const place = findPlace(target, at.path, type, name !== 'remove');
  if (!place) return;
  const { container, attribute } = place;
  if (attribute.mutability === 'readOnly') {
    // Clients that mirror a whole record send the name as it is displayed; it follows the name's parts.
    if (attribute.name === 'displayName') return;
    throw refuseScim('mutability', 'This attribute is read only.');
  }
  const sub = at.path.sub ?? at.sub;
  if (attribute.multiValued) {
    if (at.filter === undefined && sub === undefined) changeList(container, attribute, name, value);
    else changeElements(container, attribute, name, at, sub, value);
    return;
  }
  if (at.filter)
    throw refuseScim('invalidPath', 'A filter stands behind an attribute of several values only.');
  if (sub === undefined) changeSingle(container, attribute, name, value);
  else changePart(container, attribute, name, sub, value);
}

/** The object that holds an attribute, and what it is; undefined for one that is thrown away. */
function findPlace(
  target: Mutable,
  path: AttributePath,
  type: ResourceTypeName,
  make: boolean,
): Place | undefined {
  const { schema, extension } = RESOURCE_TYPES.find((each) => each.name === type)!;
  const externalId: Place['attribute'] = {
    ...SCHEMAS[0]!.attributes[0]!,
    name: 'externalId',
    required: false,
  };
  const urn = path.urn ?? schema.toLowerCase();
  const id = [schema, extension].find((each) => each.toLowerCase() === urn);
  if (id === undefined) {
    if (/^urn:ietf:params:scim:schemas:extension:enterprise:/.test(urn)) return undefined;
    throw refuseScim('invalidPath', 'The path names a schema that this resource does not have.');
  }
  const known = SCHEMAS.find((each) => each.id === id)!.attributes;
  const attribute =
    known.find((each) => each.name.toLowerCase() === path.name) ??
    (id === schema && path.name === 'externalid' ? externalId : undefined);
  if (!attribute) {
    if (id === schema && IGNORED[type].has(path.name)) {
      if (path.name === 'id' || path.name === 'meta')
        throw refuseScim('mutability', 'This attribute is read only.');
      return undefined;
    }
    throw refuseScim('invalidPath', 'The path names an attribute that this resource does not have.');
  }
  if (id === schema) return { container: target, attribute };
  if (!isObject(target[id]) && make) target[id] = {};
  return { container: (target[id] ?? {}) as Mutable, attribute };
}

function changeSingle(container: Mutable, attribute: ScimAttribute, name: Operation, value: unknown): void {
  const { name: key } = attribute;
  if (name === 'remove') delete container[key];
  else if (attribute.type !== 'complex') container[key] = value;
  else {
    for (const [part, each] of Object.entries(requireObject(value)))
      changePart(container, attribute, name, part.toLowerCase(), each);
  }
}

function changePart(
  container: Mutable,
  attribute: ScimAttribute,
  name: Operation,
  sub: string,
  value: unknown,
): void {
  if (attribute.type !== 'complex') throw refuseScim('invalidPath', 'This attribute has no parts.');
  const part = attribute.subAttributes!.find((each) => each.name.toLowerCase() === sub);
  if (!part || part.mutability === 'readOnly') return; // middle names, prefixes, formatted: not kept
  const parts = { ...(isObject(container[attribute.name]) ? (container[attribute.name] as Mutable) : {}) };
  if (name === 'remove') delete parts[part.name];
  else parts[part.name] = value;
  container[attribute.name] = parts;
}

const listOf = (container: Mutable, attribute: ScimAttribute): JsonObject[] =>
  Array.isArray(container[attribute.name]) ? [...(container[attribute.name] as JsonObject[])] : [];

function readValues(value: unknown): readonly JsonObject[] {
  const values = Array.isArray(value) ? value : [value];
  if (!values.every(isObject))
    throw refuseScim('invalidValue', 'The value must be an object or a list of objects.');
  return values;
}

const same = (attribute: ScimAttribute, a: JsonObject, b: JsonObject): boolean =>
  attribute
    .subAttributes!.filter(({ mutability, required }) => mutability !== 'readOnly' && required)
    .every(({ name }) => member(a, name) === member(b, name));

function changeList(container: Mutable, attribute: ScimAttribute, name: Operation, value: unknown): void {
  const before = listOf(container, attribute);
  if (name === 'remove') {
    // Some clients name what to take out in the value, instead of a filter.
    const gone = value === undefined ? before : readValues(value);
    container[attribute.name] = before.filter((each) => !gone.some((other) => same(attribute, each, other)));
    return;
  }
  const after = name === 'replace' ? [] : before;
  for (const each of value === undefined ? [] : readValues(value)) {
    if (!after.some((other) => same(attribute, each, other))) after.push(each);
  }
  container[attribute.name] = after;
}

function changeElements(
  container: Mutable,
  attribute: ScimAttribute,
  name: Operation,
  at: PatchPath,
  sub: string | undefined,
  value: unknown,
): void {
  const part = attribute.subAttributes!.find((each) => each.name.toLowerCase() === sub);
  if (sub !== undefined && !part)
    throw refuseScim('invalidPath', 'The path names a part that these values do not have.');
  const chosen = (each: JsonObject) => at.filter === undefined || matchesValue(at.filter, each);
  const before = listOf(container, attribute);
  if (name !== 'remove' && !before.some(chosen)) {
    throw refuseScim('noTarget', 'No value is what the path’s filter asks for.');
  }
  container[attribute.name] = before.flatMap((each): JsonObject[] => {
    if (!chosen(each)) return [each];
    if (name === 'remove') return part ? [omit(each, part.name)] : [];
    return [part ? { ...each, [part.name]: value } : { ...each, ...requireObject(value) }];
  });
}

function omit(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
