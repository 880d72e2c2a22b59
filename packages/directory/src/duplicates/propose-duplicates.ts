import type { ControllerId, PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import { PERSON_COLUMNS, readPerson, type Person, type PersonRow } from '../people/find-person.ts';
import type { WriteContext } from '../people/grant-role.ts';
import { scoreDuplicate, type ComparedPerson, type DuplicateScore } from './score-duplicate.ts';

/** Two entries that may be one person. */
export interface ProposedDuplicate extends DuplicateScore {
  readonly one: Person;
  readonly other: Person;
}

/**
 * Pairs of entries that may be one person, of which one at least holds a role in the school, likeliest first. The other
 * may be anywhere that the transaction's scope shows: a pupil who comes from a primary school needs the scope of all.
 * Pairs that somebody has declared two people are left out.
 */
export async function proposeDuplicates(
  tx: Tx,
  search: {
    readonly school: SchoolId;
    readonly at: Date;
    /** 1 to 100. Default 50. */
    readonly atLeast?: number;
    /** 1 to 200. Default 50. */
    readonly limit?: number;
  },
): Promise<readonly ProposedDuplicate[]> {
  const pairs = await tx.query<{ one: PersonId; other: PersonId }>(PAIRS, [search.school, search.at]);
  if (pairs.length === 0) return [];
  const compared = await loadCompared(tx, [...new Set(pairs.flatMap(({ one, other }) => [one, other]))]);
  const atLeast = Math.max(1, search.atLeast ?? 50);
  return pairs
    .flatMap(({ one: oneId, other: otherId }) => {
      const [one, other] = [compared.get(oneId), compared.get(otherId)];
      if (!one || !other) return [];
      const verdict = scoreDuplicate(one.compared, other.compared);
      return verdict.score < atLeast ? [] : [{ one: one.person, other: other.person, ...verdict }];
    })
    .toSorted(
      (left, right) => right.score - left.score || left.one.sortName.localeCompare(right.one.sortName, 'fr'),
    )
    .slice(0, Math.max(1, Math.min(search.limit ?? 50, 200)));
}

/** The score of one pair, as it is kept with a merge. */
export async function scorePair(tx: Tx, one: PersonId, other: PersonId): Promise<DuplicateScore> {
  const compared = await loadCompared(tx, [one, other]);
  const [left, right] = [compared.get(one), compared.get(other)];
  return left && right ? scoreDuplicate(left.compared, right.compared) : { score: 0, reasons: [] };
}

/**
 * Notes that two entries are two people, and logs `directory.duplicate.refused`: they are not proposed again.
 *
 * @throws DirectoryError `person_unknown` when the scope shows either of them not.
 */
export async function declareDistinct(
  tx: Tx,
  pair: { readonly one: PersonId; readonly other: PersonId; readonly by: PersonId },
  context: WriteContext,
): Promise<void> {
  const [one, other] = [pair.one, pair.other].toSorted() as [PersonId, PersonId];
  const people = await tx.query<{ id: PersonId; controller_id: ControllerId }>(
    'SELECT id, controller_id FROM directory.people WHERE id IN ($1, $2)',
    [one, other],
  );
  if (people.length !== 2) throw refuse('person_unknown', 404, 'These two people are not known here.');
  const controller = people.find(({ id }) => id === pair.one)!.controller_id;
  await tx.query(
    `INSERT INTO directory.distinct_people (one_id, other_id, controller_id, decided_by, decided_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [one, other, controller, pair.by, context.at],
  );
  await context.audit.append(tx, {
    controller,
    actor: context.author,
    action: 'directory.duplicate.refused',
    target: { kind: 'person', id: one },
    outcome: 'success',
    detail: { other },
  });
}

/** Same names in either order, or the same birth date with one of the two names: what may score at all, nearly. */
const PAIRS = `
  WITH here AS (
    SELECT DISTINCT p.id, p.birth_date, p.sort_name, directory.fold_name(p.family_name) AS family,
      directory.fold_name(p.given_name) AS given
    FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
    WHERE r.school_id = $1 AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2) AND p.merged_into IS NULL
  ), found AS (
    SELECT h.id AS one, p.id AS other FROM here h JOIN directory.people p ON p.sort_name = h.sort_name
      WHERE p.id <> h.id AND p.merged_into IS NULL
    UNION
    SELECT h.id, p.id FROM here h JOIN directory.people p ON p.sort_name = h.given || ', ' || h.family
      WHERE p.id <> h.id AND p.merged_into IS NULL
    UNION
    SELECT h.id, p.id FROM here h JOIN directory.people p ON p.birth_date = h.birth_date
      WHERE p.id <> h.id AND p.merged_into IS NULL
        AND (directory.fold_name(p.family_name) = h.family OR directory.fold_name(p.given_name) = h.given)
  )
  SELECT DISTINCT least(f.one, f.other) AS one, greatest(f.one, f.other) AS other FROM found f
  WHERE NOT EXISTS (SELECT FROM directory.distinct_people d
    WHERE d.one_id = least(f.one, f.other) AND d.other_id = greatest(f.one, f.other))
  LIMIT 5000`;

interface ComparedRow extends PersonRow {
  readonly given: string;
  readonly family: string;
  readonly numbers: readonly string[];
  readonly live: readonly string[];
  readonly relatives: readonly string[];
  readonly schools: readonly string[];
}

async function loadCompared(
  tx: Tx,
  people: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, { person: Person; compared: ComparedPerson }>> {
  const rows = await tx.query<ComparedRow>(
    `SELECT ${PERSON_COLUMNS}, directory.fold_name(p.given_name) AS given, directory.fold_name(p.family_name) AS family,
       ARRAY(SELECT DISTINCT split_part(j.value, '-', 2) FROM directory.join_keys j
         WHERE j.person_id = p.id AND j.kind = 'aaf') AS numbers,
       ARRAY(SELECT DISTINCT j.academy_id || ' ' || j.degree || ' ' || j.category FROM directory.join_keys j
         WHERE j.person_id = p.id AND j.kind = 'aaf' AND j.missing_since IS NULL) AS live,
       ARRAY(SELECT g.adult_id::text FROM directory.guardian_links g
           WHERE g.child_id = p.id AND g.superseded_at IS NULL AND g.kind <> 'contact'
         UNION SELECT g.child_id::text FROM directory.guardian_links g
           WHERE g.adult_id = p.id AND g.superseded_at IS NULL AND g.kind <> 'contact') AS relatives,
       ARRAY(SELECT DISTINCT r.school_id::text FROM directory.roles r
         WHERE r.person_id = p.id AND r.school_id IS NOT NULL) AS schools
     FROM directory.people p WHERE p.id = ANY ($1::uuid[])`,
    [people],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        person: readPerson(row),
        compared: {
          givenName: row.given,
          familyName: row.family,
          ...(row.birth_date ? { birthDate: row.birth_date } : {}),
          keyNumbers: row.numbers,
          liveKinds: row.live,
          family: row.relatives,
          schools: row.schools,
        },
      },
    ]),
  );
}
