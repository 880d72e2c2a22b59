import { isUuid, type PersonId } from '@socle/base';
import { createPerson } from '../people/create-person.ts';
import { resumePerson, suspendPerson } from '../people/change-status.ts';
import { applyPatch } from './apply-patch.ts';
import { endScimMemberships } from './memberships.ts';
import { forgetWithdrawals, guardWithdrawals } from './guard-withdrawals.ts';
import { parseUser, type WantedUser } from './parse-resource.ts';
import { refuseScim, refuseUnknownResource } from './scim-error.ts';
import {
  logScim,
  requireVersion,
  SCIM_REASON,
  writeContext,
  type ScimResource,
  type ScimSession,
} from './scim-session.ts';
import { applyRoles, loadSchoolsByUai, type KnownSchool } from './user-roles.ts';
import { renderUser, USER_COLUMNS, USERS, type UserRow } from './user-rows.ts';

/** Reads one user. @throws DirectoryError `scim_resource_unknown`. */
export async function loadUser(session: ScimSession, id: string): Promise<ScimResource> {
  return renderUser(session, await loadRow(session, id));
}

async function loadRow(session: ScimSession, id: string): Promise<UserRow> {
  const [row] = isUuid(id)
    ? await session.tx.query<UserRow>(`SELECT ${USER_COLUMNS} ${USERS} AND p.id = $2`, [
        session.caller.controller,
        id,
      ])
    : [];
  if (!row) throw refuseUnknownResource();
  return row;
}

/** Makes a user: a new person of the controller, or the one who was withdrawn under the same externalId. */
export async function createUser(session: ScimSession, body: unknown): Promise<ScimResource> {
  const { tx, caller, at } = session;
  const wanted = parseUser(body);
  const schools = await loadSchoolsByUai(tx, wanted.roles);
  const known =
    wanted.externalId === undefined ? undefined : await findByExternalId(session, wanted.externalId);
  if (known && !known.deleted) {
    throw refuseScim('uniqueness', 'A user with this externalId exists already.');
  }
  const context = writeContext(session);
  const person =
    known?.id ?? (await createPerson(tx, { ...nameOf(wanted), controller: caller.controller }, context));
  if (known) {
    await tx.query(
      `UPDATE directory.scim_users SET deleted_at = NULL, user_name = $2, changed_at = $3 WHERE person_id = $1`,
      [person, wanted.userName, at],
    );
    await tx.query('UPDATE directory.people SET leaving_since = NULL, updated_at = $2 WHERE id = $1', [
      person,
      at,
    ]);
    await logScim(session, { action: 'directory.scim_user.changed', target: { kind: 'person', id: person } });
  } else {
    await tx.query(
      `INSERT INTO directory.scim_users (person_id, controller_id, user_name, external_id, created_at, changed_at)
       VALUES ($1, $2, $3, $4, $5, $5)`,
      [person, caller.controller, wanted.userName, wanted.externalId ?? null, at],
    );
  }
  await applyUser(session, await loadRow(session, person), wanted, schools);
  await saveJoinKey(session, person);
  return loadUser(session, person);
}

const nameOf = ({ givenName, familyName, birthDate }: WantedUser) => ({
  givenName,
  familyName,
  ...(birthDate === undefined ? {} : { birthDate }),
});

async function findByExternalId(
  { tx, caller }: ScimSession,
  externalId: string,
): Promise<{ readonly id: PersonId; readonly deleted: boolean } | undefined> {
  const [row] = await tx.query<{ id: PersonId; deleted: boolean }>(
    `SELECT person_id AS id, deleted_at IS NOT NULL AS deleted FROM directory.scim_users
     WHERE controller_id = $1 AND external_id = $2 FOR UPDATE`,
    [caller.controller, externalId],
  );
  return row;
}

/** PUT: all that is kept becomes what is sent; what is not sent goes. */
export async function replaceUser(
  session: ScimSession,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
): Promise<ScimResource> {
  return changeUser(session, id, ifMatch, () => parseUser(body));
}

/** PATCH (RFC 7644 §3.5.2). */
export async function patchUser(
  session: ScimSession,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
): Promise<ScimResource> {
  return changeUser(session, id, ifMatch, ({ body: before }) => parseUser(applyPatch(before, body, 'User')));
}

async function changeUser(
  session: ScimSession,
  id: string,
  ifMatch: string | undefined,
  choose: (before: ScimResource) => WantedUser,
): Promise<ScimResource> {
  const { tx, at } = session;
  const row = await lockRow(session, id);
  const before = renderUser(session, row);
  requireVersion(ifMatch, before.version);
  const wanted = choose(before);
  const schools = await loadSchoolsByUai(tx, wanted.roles);
  await applyUser(session, row, wanted, schools);
  const after = await loadUser(session, row.id);
  if (after.version === before.version) return before;
  await tx.query('UPDATE directory.scim_users SET changed_at = $2 WHERE person_id = $1', [row.id, at]);
  await saveJoinKey(session, row.id);
  await logScim(session, { action: 'directory.scim_user.changed', target: { kind: 'person', id: row.id } });
  return loadUser(session, row.id);
}

/** Holds the row until the transaction ends: of two changes under one version, one comes too late. */
async function lockRow(session: ScimSession, id: string): Promise<UserRow> {
  if (!isUuid(id)) throw refuseUnknownResource();
  await session.tx.query('SELECT 1 FROM directory.scim_users WHERE person_id = $1 FOR UPDATE', [id]);
  return loadRow(session, id);
}

async function applyUser(
  session: ScimSession,
  row: UserRow,
  wanted: WantedUser,
  schools: ReadonlyMap<string, KnownSchool>,
): Promise<void> {
  const { tx, at } = session;
  await tx.query(
    `UPDATE directory.people SET given_name = $2, family_name = $3, birth_date = $4, updated_at = $5
     WHERE id = $1 AND (given_name, family_name, birth_date) IS DISTINCT FROM ($2, $3, $4::date)`,
    [row.id, wanted.givenName, wanted.familyName, wanted.birthDate ?? null, at],
  );
  await tx.query(
    `UPDATE directory.scim_users SET user_name = $2, external_id = $3
     WHERE person_id = $1 AND (user_name, external_id) IS DISTINCT FROM ($2, $3)`,
    [row.id, wanted.userName, wanted.externalId ?? null],
  );
  const context = writeContext(session);
  // Before its roles end: who is suspended loses a place once.
  await applyRoles(session, row, wanted.roles, schools);
  if (!wanted.active && row.status === 'active') {
    await guardWithdrawals(
      session,
      row.id,
      [...schools.values()].map(({ id }) => id),
    );
    await suspendPerson(tx, row.id, SCIM_REASON, context);
  }
  if (wanted.active)
    await forgetWithdrawals(
      tx,
      row.id,
      [...schools.values()].map(({ id }) => id),
    );
  // What a person decided (a stolen password) is not SCIM's to undo.
  if (wanted.active && row.status === 'suspended' && row.status_reason === SCIM_REASON) {
    await resumePerson(tx, row.id, SCIM_REASON, context);
  }
}

/** Keeps the client's key among those that lead to the person. */
async function saveJoinKey({ tx, caller }: ScimSession, person: PersonId): Promise<void> {
  await tx.query(
    `DELETE FROM directory.join_keys j USING directory.scim_users u
     WHERE u.person_id = $1 AND j.person_id = $1 AND j.kind = 'scim'
       AND j.value IS DISTINCT FROM $2::text || '-' || u.external_id`,
    [person, caller.controller],
  );
  await tx.query(
    `INSERT INTO directory.join_keys AS t (kind, value, degree, person_id, academy_id, category)
     SELECT 'scim', $2::text || '-' || u.external_id, 'ALL', u.person_id, s.academy_id, coalesce(u.category, 'staff')
     FROM directory.scim_users u
     CROSS JOIN LATERAL (SELECT academy_id FROM directory.schools WHERE controller_id = $2::uuid ORDER BY created_at, id LIMIT 1) s
     WHERE u.person_id = $1 AND u.external_id IS NOT NULL
     ON CONFLICT (kind, value, degree) DO UPDATE SET missing_since = NULL, category = EXCLUDED.category
       WHERE t.person_id = EXCLUDED.person_id`,
    [person, caller.controller],
  );
}

/** Withdraws a user: roles and classes end, the departure clock starts; nobody is erased. */
export async function deleteUser(
  session: ScimSession,
  id: string,
  ifMatch: string | undefined,
): Promise<void> {
  const { tx, caller, at } = session;
  const row = await lockRow(session, id);
  requireVersion(ifMatch, renderUser(session, row).version);
  await applyRoles(session, row, [], new Map());
  await endScimMemberships(session, row.id, undefined);
  await tx.query('UPDATE directory.scim_users SET deleted_at = $2, changed_at = $2 WHERE person_id = $1', [
    row.id,
    at,
  ]);
  await tx.query(
    `UPDATE directory.join_keys SET missing_since = $2 WHERE person_id = $1 AND kind = 'scim' AND starts_with(value, $3)`,
    [row.id, at, `${caller.controller}-`],
  );
  await tx.query(
    `UPDATE directory.people p SET leaving_since = $2, updated_at = $2 WHERE p.id = $1 AND p.leaving_since IS NULL
       AND NOT EXISTS (SELECT FROM directory.join_keys j WHERE j.person_id = p.id AND j.kind <> 'agent_mail' AND j.missing_since IS NULL)
       AND NOT EXISTS (SELECT FROM directory.roles r WHERE r.person_id = p.id AND (r.valid_to IS NULL OR r.valid_to > $2))`,
    [row.id, at],
  );
  await logScim(session, { action: 'directory.scim_user.deleted', target: { kind: 'person', id: row.id } });
}
