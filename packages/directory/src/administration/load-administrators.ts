import type { PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { AcademyId, RegionId, RoleId } from '../ids.ts';
import { ADMINISTRATIVE_ROLES, type AdministrativeRole } from './roles-of-administration.ts';

/** Somebody who administers a place, now or from a day to come. */
export interface Administrator {
  readonly id: RoleId;
  readonly person: PersonId;
  readonly displayName: string;
  readonly role: AdministrativeRole;
  readonly from: Date;
  readonly to?: Date;
  readonly reason?: string;
  /** Who gave it; nobody for what the operator gave. */
  readonly givenBy?: PersonId;
  readonly agreedBy?: PersonId;
}

/** Who holds a role of administration in this very place at `at` or later, in the order of the roles, then of names. */
export async function loadAdministrators(tx: Tx, place: string, at: Date): Promise<readonly Administrator[]> {
  const rows = await tx.query<{
    id: RoleId;
    person: PersonId;
    name: string;
    role: AdministrativeRole;
    valid_from: Date;
    valid_to: Date | null;
    reason: string | null;
    given_by: PersonId | null;
    agreed_by: PersonId | null;
  }>(
    `SELECT r.id, r.person_id AS person, concat_ws(' ', p.given_name, p.family_name) AS name, r.role, r.valid_from,
       r.valid_to, r.reason, r.granted_by AS given_by,
       (SELECT a.agreed_by_id FROM directory.role_acts a WHERE a.role_id = r.id AND a.act IN ('given', 'restored')
        LIMIT 1) AS agreed_by
     FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
     WHERE r.domain_id = $1 AND r.role = ANY ($2::text[]) AND (r.valid_to IS NULL OR r.valid_to > $3)
     ORDER BY array_position($2::text[], r.role), p.sort_name, r.valid_from`,
    [place, ADMINISTRATIVE_ROLES, at],
  );
  return rows.map((row) => ({
    id: row.id,
    person: row.person,
    displayName: row.name,
    role: row.role,
    from: row.valid_from,
    ...(row.valid_to === null ? {} : { to: row.valid_to }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.given_by === null ? {} : { givenBy: row.given_by }),
    ...(row.agreed_by === null ? {} : { agreedBy: row.agreed_by }),
  }));
}

/** One act about a role of administration. */
export interface AdministrationAct {
  readonly id: string;
  readonly role: RoleId;
  readonly name: AdministrativeRole;
  readonly person: PersonId;
  readonly displayName: string;
  readonly act: 'given' | 'prolonged' | 'ended' | 'restored';
  readonly at: Date;
  /** Nobody: the operator. */
  readonly by?: PersonId;
  readonly agreedBy?: PersonId;
  /** The end of the role after the act; of one that was ended, the end that it had before. */
  readonly until?: Date;
  readonly reason: string;
  /** The role is over and its former end has not passed: the end may be taken back. */
  readonly isRestorable: boolean;
}

const SHOWN = 100;

/** The last 100 acts about roles of administration in this very place, latest first. */
export async function loadAdministrationActs(
  tx: Tx,
  place: string,
  at: Date,
): Promise<readonly AdministrationAct[]> {
  const rows = await tx.query<{
    id: string;
    role_id: RoleId;
    role: AdministrativeRole;
    person: PersonId;
    name: string;
    act: AdministrationAct['act'];
    at: Date;
    by_id: PersonId | null;
    agreed_by_id: PersonId | null;
    until: Date | null;
    reason: string;
    restorable: boolean;
  }>(
    `SELECT a.id, a.role_id, r.role, r.person_id AS person, concat_ws(' ', p.given_name, p.family_name) AS name, a.act,
       a.at, a.by_id, a.agreed_by_id, a.until, a.reason,
       a.act = 'ended' AND NOT EXISTS (
         SELECT FROM directory.roles o WHERE o.person_id = r.person_id AND o.role = r.role AND o.domain_id = r.domain_id
           AND (o.valid_to IS NULL OR o.valid_to > $2))
         AND coalesce(a.until, 'infinity') > $2
         AND a.id = (SELECT c.id FROM directory.role_acts c JOIN directory.roles q ON q.id = c.role_id
           WHERE q.person_id = r.person_id AND q.role = r.role AND q.domain_id = r.domain_id
           ORDER BY c.at DESC, c.id DESC LIMIT 1) AS restorable
     FROM directory.role_acts a JOIN directory.roles r ON r.id = a.role_id JOIN directory.people p ON p.id = r.person_id
     WHERE r.domain_id = $1 ORDER BY a.at DESC, a.id DESC LIMIT ${SHOWN}`,
    [place, at],
  );
  return rows.map((row) => ({
    id: row.id,
    role: row.role_id,
    name: row.role,
    person: row.person,
    displayName: row.name,
    act: row.act,
    at: row.at,
    ...(row.by_id === null ? {} : { by: row.by_id }),
    ...(row.agreed_by_id === null ? {} : { agreedBy: row.agreed_by_id }),
    ...(row.until === null ? {} : { until: row.until }),
    reason: row.reason,
    isRestorable: row.restorable,
  }));
}

/** Schools of an academy or a region in which nobody active is local administrator at `at`, by name; at most 200. */
export async function loadUnadministered(
  tx: Tx,
  within: { readonly academy: AcademyId } | { readonly region: RegionId },
  at: Date,
): Promise<readonly { readonly id: SchoolId; readonly name: string }[]> {
  const [column, value] = 'academy' in within ? ['a.id', within.academy] : ['a.region_id', within.region];
  return tx.query<{ id: SchoolId; name: string }>(
    `SELECT s.id, s.name FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id
     WHERE ${column} = $1 AND s.leaving_since IS NULL AND NOT EXISTS (
       SELECT FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
       WHERE r.school_id = s.id AND r.role = 'local_admin' AND p.status = 'active' AND r.valid_from <= $2
         AND (r.valid_to IS NULL OR r.valid_to > $2))
     ORDER BY s.name, s.id LIMIT 200`,
    [value, at],
  );
}
