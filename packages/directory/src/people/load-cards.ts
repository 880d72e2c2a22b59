import type { PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';

/** What a list says of somebody: a name and what they are now. */
export interface PersonCard {
  readonly displayName: string;
  /** Roles in force, those of schools first. */
  readonly roles: readonly { readonly role: string; readonly school?: SchoolId }[];
}

/** The cards of these people, in one query; whom the transaction's scope does not show is left out. */
export async function loadPersonCards(
  tx: Tx,
  people: readonly PersonId[],
  at: Date,
): Promise<ReadonlyMap<PersonId, PersonCard>> {
  if (people.length === 0) return new Map();
  const rows = await tx.query<{
    id: PersonId;
    name: string;
    roles: readonly { role: string; school: SchoolId | null }[] | null;
  }>(
    `SELECT p.id, concat_ws(' ', p.given_name, p.family_name) AS name, r.roles
     FROM directory.people p LEFT JOIN LATERAL (
       SELECT jsonb_agg(DISTINCT jsonb_build_object('role', role, 'school', school_id)) AS roles
       FROM directory.roles
       WHERE person_id = p.id AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
     ) r ON true
     WHERE p.id = ANY ($1::uuid[])`,
    [people, at],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        displayName: row.name,
        roles: (row.roles ?? [])
          .toSorted((left, right) => Number(left.school === null) - Number(right.school === null))
          .map(({ role, school }) => ({ role, ...(school === null ? {} : { school }) })),
      },
    ]),
  );
}
