import type { Filter } from './filter.ts';

/** True when one value of a multi-valued attribute is what the filter between brackets asks for. Texts: without case. */
export function matchesValue(filter: Filter, value: Readonly<Record<string, unknown>>): boolean {
  switch (filter.kind) {
    case 'and':
      return matchesValue(filter.left, value) && matchesValue(filter.right, value);
    case 'or':
      return matchesValue(filter.left, value) || matchesValue(filter.right, value);
    case 'not':
      return !matchesValue(filter.filter, value);
    case 'present':
      return (read(value, filter.path.name) ?? '') !== '';
    case 'any':
      return false;
    case 'compare':
      return compare(read(value, filter.path.name), filter.comparison, filter.value);
  }
}

/** Reads a member by its name, whatever its case. */
function read(value: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = Object.keys(value).find((each) => each.toLowerCase() === name);
  return key === undefined ? undefined : value[key];
}

function compare(
  actual: unknown,
  comparison: Extract<Filter, { kind: 'compare' }>['comparison'],
  wanted: unknown,
): boolean {
  const fold = (each: unknown) => (typeof each === 'string' ? each.toLowerCase() : (each ?? null));
  const left = fold(actual);
  const right = fold(wanted);
  if (comparison === 'eq') return left === right;
  if (comparison === 'ne') return left !== right;
  if (typeof left === 'string' && typeof right === 'string') {
    if (comparison === 'co') return left.includes(right);
    if (comparison === 'sw') return left.startsWith(right);
    if (comparison === 'ew') return left.endsWith(right);
    if (comparison === 'gt') return left > right;
    if (comparison === 'ge') return left >= right;
    return comparison === 'lt' ? left < right : left <= right;
  }
  return false;
}
