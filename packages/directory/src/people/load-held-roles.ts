import type { ControllerId, PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { RoleId } from '../ids.ts';

/** A role as it was given, with its holder and place in words. */
export interface HeldRole {
  readonly id: RoleId;
  readonly role: string;
  readonly person: PersonId;
  readonly displayName: string;
  readonly scope: 'school' | 'academy' | 'region';
  /** The school's, academy's or region's id. */
  readonly domain: string;
  /** The school, for a role held in one. */
  readonly school?: { readonly id: SchoolId; readonly name: string };
  readonly controller: ControllerId;
  readonly from: Date;
  /** First instant without the role; undefined for a role without an end. */
  readonly to?: Date;
  /** Why it was given, in the words of whoever gave it; a role of the feed has none. */
  readonly reason?: string;
}

/** Which ones. */
export interface HeldRoleFilter {
  readonly role?: string;
  readonly id?: RoleId;
  readonly person?: PersonId;
  readonly school?: SchoolId;
  /** Only those that hold at this instant. */
  readonly at?: Date;
  /** Only those that began at or after this instant. */
  readonly since?: Date;
}

/** Who holds or held a role, in the places that the transaction's scope shows, newest first. */
export async function loadHeldRoles(tx: Tx, filter: HeldRoleFilter): Promise<readonly HeldRole[]> {
  const rows = await tx.query<{
    id: RoleId;
    role: string;
    person_id: PersonId;
    display_name: string;
    scope: HeldRole['scope'];
    domain_id: string;
    school_id: SchoolId | null;
    school_name: string | null;
    controller_id: ControllerId;
    valid_from: Date;
    valid_to: Date | null;
    reason: string | null;
  }>(
    `SELECT r.id, r.role, r.person_id, concat_ws(' ', p.given_name, p.family_name) AS display_name, r.scope, r.domain_id, r.school_id, s.name AS school_name,
       r.controller_id, r.valid_from, r.valid_to, r.reason
     FROM directory.roles r JOIN directory.people p ON p.id = r.person_id LEFT JOIN directory.schools s ON s.id = r.school_id
     WHERE ($1::text IS NULL OR r.role = $1) AND ($6::uuid IS NULL OR r.school_id = $6) AND ($2::uuid IS NULL OR r.id = $2) AND ($3::uuid IS NULL OR r.person_id = $3)
       AND ($4::timestamptz IS NULL OR (r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to > $4)))
       AND ($5::timestamptz IS NULL OR r.valid_from >= $5)
     ORDER BY r.valid_from DESC, r.id DESC`,
    [
      filter.role ?? null,
      filter.id ?? null,
      filter.person ?? null,
      filter.at ?? null,
      filter.since ?? null,
      filter.school ?? null,
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    role: row.role,
    person: row.person_id,
    displayName: row.display_name,
    scope: row.scope,
    domain: row.domain_id,
    ...(row.school_id === null ? {} : { school: { id: row.school_id, name: row.school_name ?? '' } }),
    controller: row.controller_id,
    from: row.valid_from,
    ...(row.valid_to === null ? {} : { to: row.valid_to }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  }));
}
