import type { PersonId, SchoolId } from '@socle/base';
import type { DivisionId } from '../ids.ts';
import type { SqlAttributes } from './filter-sql.ts';
import { SCIM_SCHEMAS } from './schemas.ts';
import { finishResource, type ScimResource, type ScimSession } from './scim-session.ts';

export interface GroupRow {
  readonly id: DivisionId;
  readonly name: string;
  readonly kind: 'class' | 'group';
  readonly school_id: SchoolId;
  readonly uai: string;
  readonly external_id: string | null;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly members: readonly { readonly value: PersonId; readonly display: string }[];
}

const MEMBERS = `FROM directory.scim_users u JOIN directory.people p ON p.id = u.person_id
  WHERE u.deleted_at IS NULL AND (
    EXISTS (SELECT FROM directory.division_members m WHERE m.division_id = d.id AND m.person_id = p.id AND m.valid_to IS NULL)
    OR EXISTS (SELECT FROM directory.teaching_assignments t WHERE t.division_id = d.id AND t.person_id = p.id AND t.valid_to IS NULL))`;

/** The groups of one controller ($1), under the aliases `g`, `d` and `s`. */
export const GROUPS = `FROM directory.scim_groups g JOIN directory.divisions d ON d.id = g.division_id
  JOIN directory.schools s ON s.id = d.school_id WHERE g.controller_id = $1 AND g.deleted_at IS NULL`;

/** Columns of GroupRow. */
export const GROUP_COLUMNS = `d.id, d.name, d.kind, d.school_id, s.uai, g.external_id, g.created_at, g.changed_at,
  (SELECT coalesce(json_agg(json_build_object('value', p.id, 'display', btrim(p.given_name || ' ' || p.family_name))
    ORDER BY p.sort_name, p.id), '[]') ${MEMBERS}) AS members`;

/** What filters and sorting may name. */
export const GROUP_ATTRIBUTES: SqlAttributes = {
  id: { type: 'text', sql: 'd.id::text' },
  externalid: { type: 'exact', sql: 'g.external_id' },
  displayname: { type: 'text', sql: 'd.name' },
  school: { type: 'exact', sql: 's.uai' },
  kind: { type: 'text', sql: 'd.kind' },
  'meta.resourcetype': { type: 'text', sql: `'Group'::text` },
  'meta.created': { type: 'instant', sql: 'g.created_at' },
  'meta.lastmodified': { type: 'instant', sql: 'g.changed_at' },
  members: {
    type: 'list',
    from: `SELECT ${MEMBERS}`,
    value: 'value',
    parts: {
      value: { type: 'text', sql: 'p.id::text' },
      type: { type: 'text', sql: `'User'::text` },
      display: { type: 'text', sql: `btrim(p.given_name || ' ' || p.family_name)` },
    },
  },
};

export function renderGroup({ baseUrl }: ScimSession, row: GroupRow): ScimResource {
  return finishResource(
    {
      schemas: [SCIM_SCHEMAS.group, SCIM_SCHEMAS.socleGroup],
      id: row.id,
      ...(row.external_id === null ? {} : { externalId: row.external_id }),
      displayName: row.name,
      members: row.members.map(({ value, display }) => ({
        value,
        $ref: `${baseUrl}/Users/${value}`,
        type: 'User',
        display,
      })),
      [SCIM_SCHEMAS.socleGroup]: { school: row.uai, kind: row.kind },
    },
    {
      resourceType: 'Group',
      createdAt: row.created_at,
      changedAt: row.changed_at,
      location: `${baseUrl}/Groups/${row.id}`,
    },
  );
}
