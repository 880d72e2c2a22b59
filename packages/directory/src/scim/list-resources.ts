import { parseAttributePath, parseFilter } from './filter.ts';
import { buildCondition, type SqlAttributes } from './filter-sql.ts';
import { GROUP_ATTRIBUTES, GROUP_COLUMNS, GROUPS, renderGroup, type GroupRow } from './group-rows.ts';
import { RESOURCE_TYPES, type ResourceTypeName } from './resource-types.ts';
import { refuseScim } from './scim-error.ts';
import type { ScimResource, ScimSession } from './scim-session.ts';
import { renderUser, USER_ATTRIBUTES, USER_COLUMNS, USERS, type UserRow } from './user-rows.ts';

/** Most resources of one answer. */
export const MAX_RESULTS = 200;

/** A query (RFC 7644 §3.4.2); numbers beyond the bounds are brought within them. */
export interface ScimQuery {
  readonly filter?: string;
  readonly sortBy?: string;
  readonly sortOrder?: 'ascending' | 'descending';
  /** From 1. */
  readonly startIndex?: number;
  /** 0 to 200; default 100. */
  readonly count?: number;
}

export interface ScimPage {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly resources: readonly ScimResource[];
}

/** Resources of the caller's controller, in a stable order. @throws DirectoryError `scim_filter_invalid`, `scim_path_invalid`. */
export async function listResources(
  session: ScimSession,
  type: ResourceTypeName,
  query: ScimQuery,
): Promise<ScimPage> {
  const { tx, caller } = session;
  const users = type === 'User';
  const attributes = users ? USER_ATTRIBUTES : GROUP_ATTRIBUTES;
  const from = users ? USERS : GROUPS;
  const { schema, extension } = RESOURCE_TYPES.find((each) => each.name === type)!;
  const urns = [schema.toLowerCase(), extension.toLowerCase()];
  const condition =
    query.filter === undefined
      ? { sql: 'true', values: [] }
      : buildCondition(parseFilter(query.filter), attributes, urns, 2);
  const order = buildOrder(query, attributes, urns);
  const startIndex = Math.max(1, query.startIndex ?? 1);
  const count = Math.max(0, Math.min(query.count ?? 100, MAX_RESULTS));
  const parameters = [caller.controller, ...condition.values];
  const [total] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n ${from} AND ${condition.sql}`,
    parameters,
  );
  const id = users ? 'p.id' : 'd.id';
  const page = `${from} AND ${condition.sql} ORDER BY ${order}${id} LIMIT $${parameters.length + 1} OFFSET $${parameters.length + 2}`;
  const bounds = [...parameters, count, Math.min(startIndex - 1, 2 ** 31)];
  const resources =
    count === 0
      ? []
      : users
        ? (await tx.query<UserRow>(`SELECT ${USER_COLUMNS} ${page}`, bounds)).map((row) =>
            renderUser(session, row),
          )
        : (await tx.query<GroupRow>(`SELECT ${GROUP_COLUMNS} ${page}`, bounds)).map((row) =>
            renderGroup(session, row),
          );
  return { totalResults: total!.n, startIndex, resources };
}

function buildOrder(query: ScimQuery, attributes: SqlAttributes, urns: readonly string[]): string {
  if (query.sortBy === undefined) return '';
  const { urn, name, sub } = parseAttributePath(query.sortBy);
  const attribute = attributes[sub === undefined ? name : `${name}.${sub}`];
  if (!attribute || attribute.type === 'list' || (urn !== undefined && !urns.includes(urn))) {
    throw refuseScim('invalidPath', 'sortBy must name an attribute of one value that is kept.');
  }
  const expression = attribute.type === 'text' ? `lower(${attribute.sql})` : attribute.sql;
  return `${expression} ${query.sortOrder === 'descending' ? 'DESC' : 'ASC'} NULLS LAST, `;
}
