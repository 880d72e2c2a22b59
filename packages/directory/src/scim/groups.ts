import { isUuid, type PersonId, type SchoolId } from '@socle/base';
import type { DivisionId } from '../ids.ts';
import { openDivision } from '../schools/open-school.ts';
import { applyPatch } from './apply-patch.ts';
import { GROUP_COLUMNS, GROUPS, renderGroup, type GroupRow } from './group-rows.ts';
import { addMember, removeMember } from './memberships.ts';
import { parseGroup, type WantedGroup } from './parse-resource.ts';
import { refuseScim, refuseUnknownResource } from './scim-error.ts';
import {
  logScim,
  requireVersion,
  writeContext,
  type ScimResource,
  type ScimSession,
} from './scim-session.ts';

/** Reads one group. @throws DirectoryError `scim_resource_unknown`. */
export async function loadGroup(session: ScimSession, id: string): Promise<ScimResource> {
  return renderGroup(session, await loadRow(session, id));
}

async function loadRow(session: ScimSession, id: string): Promise<GroupRow> {
  const [row] = isUuid(id)
    ? await session.tx.query<GroupRow>(`SELECT ${GROUP_COLUMNS} ${GROUPS} AND d.id = $2`, [
        session.caller.controller,
        id,
      ])
    : [];
  if (!row) throw refuseUnknownResource();
  return row;
}

/** Opens a class or group of a school; a code that another one has there is refused. */
export async function createGroup(session: ScimSession, body: unknown): Promise<ScimResource> {
  const { tx, caller, at } = session;
  const wanted = parseGroup(body);
  const school = await chooseSchool(session, wanted.school);
  const kind = wanted.kind ?? 'class';
  const [former] = await tx.query<{ id: DivisionId }>(
    `SELECT d.id FROM directory.divisions d JOIN directory.scim_groups g ON g.division_id = d.id
     WHERE d.school_id = $1 AND d.kind = $2 AND d.code = $3 AND g.deleted_at IS NOT NULL FOR UPDATE OF g`,
    [school, kind, wanted.displayName],
  );
  const id =
    former?.id ??
    (await openDivision(
      tx,
      { school, kind, code: wanted.displayName, name: wanted.displayName },
      writeContext(session),
    ));
  await tx.query(
    `INSERT INTO directory.scim_groups AS g (division_id, controller_id, external_id, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (division_id) DO UPDATE SET deleted_at = NULL, external_id = EXCLUDED.external_id, changed_at = EXCLUDED.changed_at`,
    [id, caller.controller, wanted.externalId ?? null, at],
  );
  const row = await loadRow(session, id);
  await applyGroup(session, row, wanted);
  return loadGroup(session, id);
}

async function chooseSchool({ tx }: ScimSession, uai: string | undefined): Promise<SchoolId> {
  const rows = await tx.query<{ id: SchoolId }>(
    'SELECT id FROM directory.schools WHERE $1::text IS NULL OR uai = $1 ORDER BY id LIMIT 2',
    [uai ?? null],
  );
  if (rows.length === 1) return rows[0]!.id;
  throw refuseScim(
    'invalidValue',
    uai === undefined
      ? 'The extension’s school is needed: this client’s controller has several schools, or none.'
      : 'The school is not of this client’s controller.',
  );
}

export async function replaceGroup(
  session: ScimSession,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
): Promise<ScimResource> {
  return changeGroup(session, id, ifMatch, () => parseGroup(body));
}

export async function patchGroup(
  session: ScimSession,
  id: string,
  body: unknown,
  ifMatch: string | undefined,
): Promise<ScimResource> {
  return changeGroup(session, id, ifMatch, ({ body: before }) =>
    parseGroup(applyPatch(before, body, 'Group')),
  );
}

async function changeGroup(
  session: ScimSession,
  id: string,
  ifMatch: string | undefined,
  choose: (before: ScimResource) => WantedGroup,
): Promise<ScimResource> {
  const row = await lockRow(session, id);
  const before = renderGroup(session, row);
  requireVersion(ifMatch, before.version);
  const wanted = choose(before);
  if ((wanted.school ?? row.uai) !== row.uai || (wanted.kind ?? row.kind) !== row.kind) {
    throw refuseScim('mutability', 'The school and the kind of a group do not change. Make another group.');
  }
  const { added, removed } = await applyGroup(session, row, wanted);
  const after = await loadGroup(session, row.id);
  if (after.version === before.version) return before;
  await session.tx.query('UPDATE directory.scim_groups SET changed_at = $2 WHERE division_id = $1', [
    row.id,
    session.at,
  ]);
  await logScim(session, {
    action: 'directory.scim_group.changed',
    target: { kind: 'division', id: row.id },
    detail: { added, removed },
  });
  return loadGroup(session, row.id);
}

async function lockRow(session: ScimSession, id: string): Promise<GroupRow> {
  if (!isUuid(id)) throw refuseUnknownResource();
  await session.tx.query('SELECT 1 FROM directory.scim_groups WHERE division_id = $1 FOR UPDATE', [id]);
  return loadRow(session, id);
}

async function applyGroup(
  session: ScimSession,
  row: GroupRow,
  wanted: WantedGroup,
): Promise<{ readonly added: number; readonly removed: number }> {
  const { tx } = session;
  await tx.query('UPDATE directory.divisions SET name = $2 WHERE id = $1 AND name <> $2', [
    row.id,
    wanted.displayName,
  ]);
  await tx.query(
    'UPDATE directory.scim_groups SET external_id = $2 WHERE division_id = $1 AND external_id IS DISTINCT FROM $2',
    [row.id, wanted.externalId ?? null],
  );
  const before = new Set<string>(row.members.map(({ value }) => value));
  const added = wanted.members.filter((id) => !before.has(id));
  const removed = row.members.filter(({ value }) => !wanted.members.includes(value));
  for (const { value } of removed) await removeMember(session, row.id, value);
  for (const member of await requireMembers(session, added, row.school_id))
    await addMember(session, row.id, member);
  return { added: added.length, removed: removed.length };
}

/** Users with a role in the school, with what they are there. @throws DirectoryError `scim_value_invalid`. */
async function requireMembers(
  { tx, caller }: ScimSession,
  ids: readonly string[],
  school: SchoolId,
): Promise<readonly { readonly id: PersonId; readonly category: 'pupil' | 'staff' }[]> {
  if (ids.length === 0) return [];
  const rows = ids.every((id) => isUuid(id))
    ? await tx.query<{ id: PersonId; category: 'pupil' | 'staff' }>(
        `SELECT u.person_id AS id, u.category FROM directory.scim_users u
         WHERE u.controller_id = $1 AND u.deleted_at IS NULL AND u.person_id = ANY ($2::uuid[]) AND EXISTS (
           SELECT FROM directory.roles r WHERE r.person_id = u.person_id AND r.school_id = $3 AND r.source = 'manual'
             AND r.reason = 'scim' AND r.valid_to IS NULL) ORDER BY u.person_id`,
        [caller.controller, ids, school],
      )
    : [];
  if (rows.length < ids.length) {
    throw refuseScim(
      'invalidValue',
      'Each member must be a user that holds a role in the school of the group.',
    );
  }
  return rows;
}

/** Withdraws a group: nobody is in it any more. Its past stays. */
export async function deleteGroup(
  session: ScimSession,
  id: string,
  ifMatch: string | undefined,
): Promise<void> {
  const row = await lockRow(session, id);
  requireVersion(ifMatch, renderGroup(session, row).version);
  for (const { value } of row.members) await removeMember(session, row.id, value);
  await session.tx.query(
    'UPDATE directory.scim_groups SET deleted_at = $2, changed_at = $2 WHERE division_id = $1',
    [row.id, session.at],
  );
  await logScim(session, {
    action: 'directory.scim_group.deleted',
    target: { kind: 'division', id: row.id },
    detail: { removed: row.members.length },
  });
}
