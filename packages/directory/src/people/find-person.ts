import type { ControllerId, PersonId, SchoolId } from '@socle/base';
import type { PreparedStatement, Queryable, Tx } from '@socle/db';

/** `departed` people are kept for their last months only, and do nothing. */
export type PersonStatus = 'active' | 'suspended' | 'departed';

export interface Person {
  readonly id: PersonId;
  readonly givenName: string;
  readonly familyName: string;
  /** Given name, then family name, as the person is greeted. */
  readonly displayName: string;
  /** What lists are sorted by: folded family name, then given name. */
  readonly sortName: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate?: string;
  readonly status: PersonStatus;
  /** Since when no feed names this person. */
  readonly leavingSince?: Date;
  readonly controller: ControllerId;
  /** The entry that this one was joined to, and stands for. */
  readonly mergedInto?: PersonId;
}

/** Reads one person; undefined when there is none that the transaction's scope shows. */
export async function findPerson(tx: Tx, id: PersonId): Promise<Person | undefined> {
  const [row] = await tx.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM directory.people p WHERE p.id = $1`,
    [id],
  );
  return row && readPerson(row);
}

/** Reads who an entry is now: itself, or the one that it was joined to; undefined when `db` sees none. */
export async function findCurrentPerson(db: Queryable, id: PersonId): Promise<Person | undefined> {
  const [row] = await db.prepared<PersonRow>(CURRENT_PERSON, [id]);
  return row && readPerson(row);
}

/** Reads the person whom a feed or a federation calls by this key (`aaf`: `<academy>-<ENTPersonJointure>`). */
export async function findPersonByJoinKey(
  tx: Tx,
  key: { readonly kind: 'aaf' | 'agent_mail' | 'csv' | 'oneroster' | 'scim'; readonly value: string },
): Promise<Person | undefined> {
  const [row] = await tx.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM directory.people p
     WHERE p.id = (SELECT person_id FROM directory.join_keys WHERE kind = $1 AND value = $2 LIMIT 1)`,
    [key.kind, key.kind === 'agent_mail' ? key.value.toLowerCase() : key.value],
  );
  return row && readPerson(row);
}

export interface PeopleSearch {
  readonly school: SchoolId;
  /** Beginnings of names in any order; accents, case and hyphens do not count. */
  readonly text: string;
  /** Only people who hold one of these roles in the school. Default: any role. */
  readonly roles?: readonly string[];
  readonly at: Date;
  /** 1 to 200. Default 50. */
  readonly limit?: number;
}

/** People of one school, each of whose searched words begins one of their names; sorted by name. */
export async function searchPeople(tx: Tx, search: PeopleSearch): Promise<readonly Person[]> {
  const limit = Math.max(1, Math.min(search.limit ?? 50, 200));
  const rows = await tx.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM directory.people p
     WHERE p.id IN (SELECT r.person_id FROM directory.roles r WHERE r.school_id = $1
         AND r.valid_from <= $3 AND (r.valid_to IS NULL OR r.valid_to > $3)
         AND ($4::text[] IS NULL OR r.role = ANY ($4::text[])))
       AND (SELECT bool_and(position(' ' || word IN ' ' || p.folded_name) > 0)
            FROM unnest(string_to_array(directory.fold_name($2), ' ')) AS word WHERE word <> '') IS NOT FALSE
     ORDER BY p.sort_name, p.id LIMIT $5`,
    [search.school, search.text.slice(0, 100), search.at, search.roles ?? null, limit],
  );
  return rows.map(readPerson);
}

/** Columns of `people` under the alias `p`, for every reader of people. */
export const PERSON_COLUMNS = `p.id, p.given_name, p.family_name, p.sort_name, p.birth_date::text AS birth_date, p.status,
  p.leaving_since, p.controller_id, p.merged_into`;

const CURRENT_PERSON: PreparedStatement = {
  name: 'directory.current_person',
  text: `SELECT ${PERSON_COLUMNS} FROM directory.people p WHERE p.id = directory.survivor_of($1)`,
};

export interface PersonRow {
  readonly id: PersonId;
  readonly given_name: string;
  readonly family_name: string;
  readonly sort_name: string;
  readonly birth_date: string | null;
  readonly status: PersonStatus;
  readonly leaving_since: Date | null;
  readonly controller_id: ControllerId;
  readonly merged_into: PersonId | null;
}

export function readPerson(row: PersonRow): Person {
  return {
    id: row.id,
    givenName: row.given_name,
    familyName: row.family_name,
    displayName: `${row.given_name} ${row.family_name}`.trim(),
    sortName: row.sort_name,
    ...(row.birth_date ? { birthDate: row.birth_date } : {}),
    status: row.status,
    ...(row.leaving_since ? { leavingSince: row.leaving_since } : {}),
    controller: row.controller_id,
    ...(row.merged_into ? { mergedInto: row.merged_into } : {}),
  };
}
