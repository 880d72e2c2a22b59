import type { PersonFacts } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Place } from '../schools/load-controllers.ts';
import { readPersonFacts, type PersonFactsRow } from './load-person-facts.ts';

/**
 * Everybody whose roles in force reach a place (roles of the school, and those over its academy and region), in the order of
 * their ids, after the given one: nobody else can be allowed anything there but about themselves or their child.
 */
export async function listPeopleOfPlace(
  tx: Tx,
  place: Place,
  page: { readonly at: Date; readonly after?: PersonId; readonly limit: number },
): Promise<readonly PersonId[]> {
  const rows = await tx.query<{ person_id: PersonId }>(
    `WITH place AS (
       SELECT s.id AS school, a.id AS academy, a.region_id AS region FROM directory.academies a
       LEFT JOIN directory.schools s ON s.academy_id = a.id AND s.id = $1::uuid
       WHERE s.id IS NOT NULL OR a.id = $2::uuid
       UNION ALL SELECT NULL, NULL, id FROM directory.regions WHERE id = $3::uuid
     )
     SELECT DISTINCT r.person_id FROM directory.roles r, place
     WHERE (r.school_id = place.school OR r.academy_id = place.academy OR r.region_id = place.region)
       AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to > $4) AND ($5::uuid IS NULL OR r.person_id > $5)
     ORDER BY r.person_id LIMIT $6`,
    [
      place.school ?? null,
      place.academy ?? null,
      place.region ?? null,
      page.at,
      page.after ?? null,
      page.limit,
    ],
  );
  return rows.map((row) => row.person_id);
}

/** The facts of many people in one statement; who is not known is left out. */
export async function loadManyPersonFacts(
  tx: Tx,
  people: readonly PersonId[],
  at: Date,
): Promise<ReadonlyMap<PersonId, PersonFacts>> {
  const rows = await tx.query<PersonFactsRow>(
    `SELECT asked.person, facts.* FROM unnest($1::uuid[]) AS asked (person), LATERAL directory.person_facts(asked.person, $2) AS facts`,
    [people, at],
  );
  return new Map(rows.map((row) => [row.person as PersonId, readPersonFacts(row)]));
}
