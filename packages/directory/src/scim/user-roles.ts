import type { SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { RoleId } from '../ids.ts';
import { endRole, grantRole } from '../people/grant-role.ts';
import { guardWithdrawals } from './guard-withdrawals.ts';
import { endScimMemberships } from './memberships.ts';
import type { WantedUser } from './parse-resource.ts';
import { refuseScim } from './scim-error.ts';
import { SCIM_REASON, writeContext, type ScimSession } from './scim-session.ts';
import type { UserRow } from './user-rows.ts';

export interface KnownSchool {
  readonly id: SchoolId;
}

/** The schools that roles name, of those that the transaction's scope shows. @throws DirectoryError `scim_value_invalid`. */
export async function loadSchoolsByUai(
  tx: Tx,
  roles: WantedUser['roles'],
): Promise<ReadonlyMap<string, KnownSchool>> {
  const uais = [...new Set(roles.map(({ school }) => school))];
  const rows = await tx.query<{ uai: string; id: SchoolId }>(
    'SELECT uai, id FROM directory.schools WHERE uai = ANY ($1::text[])',
    [uais],
  );
  if (rows.length < uais.length) {
    throw refuseScim('invalidValue', 'roles names a school that is not of this client’s controller.');
  }
  return new Map(rows.map(({ uai, id }) => [uai, { id }]));
}

/** Brings the roles that SCIM gave in line; whoever leaves a school is counted by the guard. */
export async function applyRoles(
  session: ScimSession,
  row: UserRow,
  wanted: WantedUser['roles'],
  schools: ReadonlyMap<string, KnownSchool>,
): Promise<void> {
  const { tx, at } = session;
  await settleCategory(session, row, wanted);
  const context = writeContext(session);
  const open = await tx.query<{ id: RoleId; role: string; school: SchoolId; uai: string }>(
    `SELECT r.id, r.role, r.school_id AS school, s.uai FROM directory.roles r JOIN directory.schools s ON s.id = r.school_id
     WHERE r.person_id = $1 AND r.source = 'manual' AND r.reason = $2 AND r.valid_to IS NULL`,
    [row.id, SCIM_REASON],
  );
  const left = new Set(open.map(({ school }) => school));
  for (const { school } of wanted) left.delete(schools.get(school)!.id);
  // Who is suspended holds no place that could be lost.
  if (row.status === 'active') await guardWithdrawals(session, row.id, [...left]);
  for (const role of open) {
    if (!wanted.some((each) => each.role === role.role && each.school === role.uai))
      await endRole(tx, role.id, context);
  }
  for (const school of left) await endScimMemberships(session, row.id, school);
  for (const { role, school } of wanted) {
    if (open.some((each) => each.role === role && each.uai === school)) continue;
    await tx.query(
      `UPDATE directory.roles SET valid_to = $4 WHERE person_id = $1 AND role = $2 AND school_id = $3 AND source = 'manual'
         AND reason = $5 AND valid_to > $4`,
      [row.id, role, schools.get(school)!.id, at, SCIM_REASON],
    );
    await grantRole(
      tx,
      { person: row.id, role, domain: { school: schools.get(school)!.id }, reason: SCIM_REASON },
      context,
    );
  }
}

/** A pupil does not become a teacher: the first role settles what a user is. */
async function settleCategory(
  session: ScimSession,
  row: UserRow,
  wanted: WantedUser['roles'],
): Promise<void> {
  const categories = new Set(wanted.map(({ role }) => (role === 'pupil' ? 'pupil' : 'staff')));
  if (row.category) categories.add(row.category);
  if (categories.size > 1) {
    throw refuseScim(
      'mutability',
      'A user is a pupil or staff, and stays so. Make another user for the other.',
    );
  }
  const [category] = categories;
  if (!category || row.category) return;
  await session.tx.query('UPDATE directory.scim_users SET category = $2 WHERE person_id = $1', [
    row.id,
    category,
  ]);
}
