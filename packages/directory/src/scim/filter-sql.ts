import type { AttributePath, Filter, FilterValue, Comparison } from './filter.ts';
import { refuseScim } from './scim-error.ts';

/** How an attribute is read in SQL. */
type SqlAttribute =
  | { readonly type: 'text' | 'exact' | 'boolean' | 'instant'; readonly sql: string }
  /** A list: rows that `from` gives, under the attributes of one of its values; `value` is its default part. */
  | {
      readonly type: 'list';
      readonly from: string;
      readonly parts: Readonly<Record<string, SqlAttribute>>;
      readonly value: string;
    };

/** Attributes by their lower-case name; `name.sub` for parts of a complex one. */
export type SqlAttributes = Readonly<Record<string, SqlAttribute>>;

/** A condition and the values of its parameters. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly (string | boolean | Date)[];
}

const unsupported = () =>
  refuseScim(
    'invalidFilter',
    'The filter names an attribute that is not kept, or compares one in a way that it cannot be.',
  );

/**
 * Turns a filter into a condition. What was sent only ever becomes a parameter.
 *
 * @param firstParameter number of the first parameter of the condition.
 * @throws DirectoryError `scim_filter_invalid` for an attribute that is not in the list.
 */
export function buildCondition(
  filter: Filter,
  attributes: SqlAttributes,
  schemas: readonly string[],
  firstParameter: number,
): SqlCondition {
  const values: (string | boolean | Date)[] = [];
  const bind = (value: string | boolean | Date, type: string) => {
    values.push(value);
    return `$${firstParameter + values.length - 1}::${type}`;
  };

  function find(path: AttributePath, among: SqlAttributes): SqlAttribute {
    if (path.urn !== undefined && !schemas.includes(path.urn)) throw unsupported();
    const own = among[path.sub === undefined ? path.name : `${path.name}.${path.sub}`];
    if (own) return own;
    const list = among[path.name];
    const part = list?.type === 'list' && path.sub !== undefined ? list.parts[path.sub] : undefined;
    if (list?.type !== 'list' || !part) throw unsupported();
    return { ...list, value: path.sub! };
  }

  function render(node: Filter, among: SqlAttributes): string {
    switch (node.kind) {
      case 'and':
      case 'or':
        return `(${render(node.left, among)} ${node.kind.toUpperCase()} ${render(node.right, among)})`;
      case 'not':
        return `(NOT ${render(node.filter, among)})`;
      case 'present': {
        const attribute = find(node.path, among);
        return attribute.type === 'list'
          ? `EXISTS (${attribute.from})`
          : `coalesce(${attribute.sql}::text, '') <> ''`;
      }
      case 'any': {
        const attribute = find(node.path, among);
        if (attribute.type !== 'list' || node.path.sub !== undefined) throw unsupported();
        return `EXISTS (${attribute.from} AND ${render(node.filter, attribute.parts)})`;
      }
      case 'compare': {
        const attribute = find(node.path, among);
        if (attribute.type !== 'list') return compare(attribute, node.comparison, node.value);
        const part = attribute.parts[attribute.value];
        if (!part || part.type === 'list') throw unsupported();
        return `EXISTS (${attribute.from} AND ${compare(part, node.comparison, node.value)})`;
      }
    }
  }

  function compare(
    attribute: Exclude<SqlAttribute, { type: 'list' }>,
    comparison: Comparison,
    value: FilterValue,
  ): string {
    const { sql, type } = attribute;
    if (value === null) {
      if (comparison === 'eq') return `${sql} IS NULL`;
      if (comparison === 'ne') return `${sql} IS NOT NULL`;
      throw unsupported();
    }
    if (type === 'boolean') {
      if (typeof value !== 'boolean' || (comparison !== 'eq' && comparison !== 'ne')) throw unsupported();
      return `coalesce(${sql} ${comparison === 'eq' ? '=' : '<>'} ${bind(value, 'boolean')}, false)`;
    }
    if (typeof value !== 'string' || value.includes('\0')) throw unsupported();
    if (type === 'instant') {
      const at = new Date(value);
      const operator = ORDERS[comparison];
      if (!operator || Number.isNaN(at.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(value)) throw unsupported();
      return `coalesce(date_trunc('milliseconds', ${sql}) ${operator} ${bind(at, 'timestamptz')}, ${comparison === 'ne'})`;
    }
    const left = type === 'text' ? `lower(${sql})` : sql;
    const right = bind(type === 'text' ? value.toLowerCase() : value, 'text');
    const operator = ORDERS[comparison];
    if (operator) return `coalesce(${left} COLLATE "C" ${operator} ${right}, ${comparison === 'ne'})`;
    if (comparison === 'co') return `coalesce(strpos(${left}, ${right}) > 0, false)`;
    if (comparison === 'sw') return `coalesce(starts_with(${left}, ${right}), false)`;
    return `coalesce(right(${left}, length(${right})) = ${right}, false)`;
  }

  return { sql: render(filter, attributes), values };
}

const ORDERS: Readonly<Partial<Record<Comparison, string>>> = {
  eq: '=',
  ne: '<>',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};
