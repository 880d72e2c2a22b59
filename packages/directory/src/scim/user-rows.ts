import type { PersonId } from '@socle/base';
import type { SqlAttributes } from './filter-sql.ts';
import { SCIM_SCHEMAS } from './schemas.ts';
import { finishResource, type ScimResource, type ScimSession } from './scim-session.ts';

export interface UserRow {
  readonly id: PersonId;
  readonly user_name: string;
  readonly external_id: string | null;
  readonly category: 'pupil' | 'staff' | null;
  readonly given_name: string;
  readonly family_name: string;
  readonly birth_date: string | null;
  readonly status: string;
  readonly status_reason: string | null;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly roles: readonly { readonly role: string; readonly school: string }[];
  readonly groups: readonly { readonly value: string; readonly display: string }[];
}

const OPEN_ROLES = `FROM directory.roles r JOIN directory.schools s ON s.id = r.school_id
  WHERE r.person_id = p.id AND r.source = 'manual' AND r.reason = 'scim' AND r.valid_to IS NULL`;
const IN_GROUPS = `FROM directory.scim_groups g JOIN directory.divisions d ON d.id = g.division_id
  WHERE g.deleted_at IS NULL AND (
    EXISTS (SELECT FROM directory.division_members m WHERE m.division_id = d.id AND m.person_id = p.id AND m.valid_to IS NULL)
    OR EXISTS (SELECT FROM directory.teaching_assignments t WHERE t.division_id = d.id AND t.person_id = p.id AND t.valid_to IS NULL))`;

/** The users of one controller ($1), under the aliases `u` and `p`. */
export const USERS = `FROM directory.scim_users u JOIN directory.people p ON p.id = u.person_id
  WHERE u.controller_id = $1 AND u.deleted_at IS NULL`;

/** Columns of UserRow. */
export const USER_COLUMNS = `p.id, u.user_name, u.external_id, u.category, p.given_name, p.family_name,
  p.birth_date::text AS birth_date, p.status, p.status_reason, u.created_at, u.changed_at,
  (SELECT coalesce(json_agg(json_build_object('role', r.role, 'school', s.uai) ORDER BY s.uai, r.role), '[]') ${OPEN_ROLES}) AS roles,
  (SELECT coalesce(json_agg(json_build_object('value', d.id, 'display', d.name) ORDER BY d.name, d.id), '[]') ${IN_GROUPS}) AS groups`;

/** What filters and sorting may name. */
export const USER_ATTRIBUTES: SqlAttributes = {
  id: { type: 'text', sql: 'p.id::text' },
  externalid: { type: 'exact', sql: 'u.external_id' },
  username: { type: 'text', sql: 'u.user_name' },
  'name.familyname': { type: 'text', sql: 'p.family_name' },
  'name.givenname': { type: 'text', sql: 'p.given_name' },
  'name.formatted': { type: 'text', sql: `btrim(p.given_name || ' ' || p.family_name)` },
  displayname: { type: 'text', sql: `btrim(p.given_name || ' ' || p.family_name)` },
  active: { type: 'boolean', sql: `(p.status = 'active')` },
  birthdate: { type: 'exact', sql: 'p.birth_date::text' },
  'meta.resourcetype': { type: 'text', sql: `'User'::text` },
  'meta.created': { type: 'instant', sql: 'u.created_at' },
  'meta.lastmodified': { type: 'instant', sql: 'u.changed_at' },
  roles: {
    type: 'list',
    from: `SELECT ${OPEN_ROLES}`,
    value: 'role',
    parts: { role: { type: 'text', sql: 'r.role' }, school: { type: 'exact', sql: 's.uai' } },
  },
  groups: {
    type: 'list',
    from: `SELECT ${IN_GROUPS}`,
    value: 'value',
    parts: { value: { type: 'text', sql: 'd.id::text' }, display: { type: 'text', sql: 'd.name' } },
  },
};

export function renderUser({ baseUrl }: ScimSession, row: UserRow): ScimResource {
  const formatted = `${row.given_name} ${row.family_name}`.trim();
  return finishResource(
    {
      schemas: [SCIM_SCHEMAS.user, SCIM_SCHEMAS.socleUser],
      id: row.id,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      userName: row.user_name,
      name: {
        formatted,
        familyName: row.family_name,
        ...(row.given_name === '' ? {} : { givenName: row.given_name }),
      },
      displayName: formatted,
      active: row.status === 'active',
      groups: row.groups.map(({ value, display }) => ({
        value,
        $ref: `${baseUrl}/Groups/${value}`,
        display,
      })),
      [SCIM_SCHEMAS.socleUser]: {
        ...(row.birth_date === null ? {} : { birthDate: row.birth_date }),
        roles: row.roles,
      },
    },
    {
      resourceType: 'User',
      createdAt: row.created_at,
      changedAt: row.changed_at,
      location: `${baseUrl}/Users/${row.id}`,
    },
  );
}
