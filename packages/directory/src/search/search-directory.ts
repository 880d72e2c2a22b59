import {
  boundMember,
  buildListFilter,
  printWhere,
  type Environment,
  type ListPredicate,
  type PersonFacts,
  type Policies,
} from '@socle/authorization';
import { isUuid, type PersonId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { DivisionId } from '../ids.ts';
import { PERSON_COLUMNS, readPerson, type Person, type PersonRow } from '../people/find-person.ts';

/** Who searches: the policies, their facts and the circumstances say whom they may see. */
export interface Asker {
  readonly policies: Policies;
  readonly facts: PersonFacts;
  readonly environment: Environment;
  /** Default `directory.person.search`; `directory.person.read` finds whoever's entry may be read. */
  readonly action?: 'directory.person.search' | 'directory.person.read';
}

export interface DirectorySearch {
  /** Beginnings of names in any order: accents, case, hyphens and ligatures do not count. Four words count at most. */
  readonly text?: string;
  readonly school?: SchoolId;
  /** A class or group: its pupils only. */
  readonly division?: DivisionId;
  /** People who hold one of these roles. Default: any. */
  readonly roles?: readonly string[];
  /** 1 to 100. Default 20. */
  readonly limit?: number;
  /** What the page before gave as `next`. */
  readonly after?: string;
}

/** One person found, with where they are as far as the asker may see. */
export interface FoundPerson {
  readonly person: Person;
  readonly places: readonly {
    readonly school: SchoolId;
    readonly role: string;
    /** Names of the classes and groups, of pupils. */
    readonly divisions: readonly string[];
  }[];
  /** Another person of this page or of another bears the same names: tell them apart by place. */
  readonly namesake: boolean;
}

export interface FoundPeople {
  readonly people: readonly FoundPerson[];
  /** Where the next page begins; undefined on the last one. Names nobody, so it may stand in an address. */
  readonly next?: string;
}

const MOST_WORDS = 4;
const MOST_SCHOOLS = 20_000;

/**
 * Searches the people whom the asker may see by the policies, best first: those whose whole names are the words, then
 * beginnings, then by name. The transaction's scope still bounds it: open it with the controllers of the asker's schools.
 *
 * @throws DirectoryError `search_cursor_invalid` when `after` is not what a page gave.
 */
export async function searchDirectory(tx: Tx, asker: Asker, search: DirectorySearch): Promise<FoundPeople> {
  const { facts, environment, action = 'directory.person.search' } = asker;
  const filter = buildListFilter(asker.policies, { action, environment }, facts);
  const schools = listSchools(filter, facts, search.school);
  const limit = Math.max(1, Math.min(search.limit ?? 20, 100));
  if (schools.length === 0) return { people: [] };
  const cursor = search.after === undefined ? undefined : readCursor(search.after);
  const where = printWhere(filter, COLUMNS, 9);
  const rows = await tx.query<FoundRow>(buildStatement(where.sql), [
    (search.text ?? '').slice(0, 200),
    schools,
    search.division ? [search.division] : null,
    search.roles ?? null,
    environment.now,
    limit + 1,
    cursor?.rank ?? null,
    cursor?.person ?? null,
    ...where.values,
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    people: page.map((row) => ({ person: readPerson(row), places: row.places, namesake: row.namesakes > 1 })),
    ...(rows.length > limit && last ? { next: `${last.rank}.${last.id}` } : {}),
  };
}

interface FoundRow extends PersonRow {
  readonly rank: number;
  readonly namesakes: number;
  readonly places: { school: SchoolId; role: string; divisions: string[] }[];
}

/** A row is a person in a school, and of pupils in a class: what the policies judge. */
const COLUMNS = {
  id: { column: 'c.person_id', type: 'uuid' },
  pupil: { column: 'c.person_id', type: 'uuid' },
  school: { column: 'c.school_id', type: 'uuid' },
  division: { column: 'm.division_id', type: 'uuid' },
} as const;

/** The schools to look in: no more than the filter allows, or than the asker's facts know of. */
function listSchools(
  filter: ListPredicate,
  facts: PersonFacts,
  wanted: SchoolId | undefined,
): readonly string[] {
  const bound = boundMember(filter, 'school', MOST_SCHOOLS) ?? [...facts.schools.keys()];
  return wanted === undefined ? bound : bound.filter((school) => school === wanted);
}

function readCursor(text: string): { rank: number; person: PersonId } {
  const [rank = '', person = '', ...rest] = text.split('.');
  if (!/^[0-9]{1,2}$/.test(rank) || !isUuid(person) || rest.length > 0)
    throw refuse('search_cursor_invalid', 422, 'This page of results does not exist. Search again.');
  return { rank: Number(rank), person: person as PersonId };
}

/** $1 text, $2 schools, $3 divisions, $4 roles, $5 instant, $6 rows wanted, $7 and $8 the last row seen. */
function buildStatement(mayBeSeen: string): string {
  return `
    WITH words AS (
      SELECT coalesce((array_agg(word))[1:${MOST_WORDS}], '{}') AS words
      FROM unnest(string_to_array(directory.fold_name($1), ' ')) AS word WHERE word <> ''
    ), seen AS MATERIALIZED (
      SELECT c.person_id, c.school_id, c.role, c.sort_name, c.rank, m.division_id, m.name
      FROM words, directory.people_named(words, $2::uuid[], $3::uuid[], $4::text[], $5) c
      LEFT JOIN LATERAL (
        SELECT x.division_id, d.name FROM directory.division_members x JOIN directory.divisions d ON d.id = x.division_id
        WHERE c.role = 'pupil' AND x.person_id = c.person_id AND d.school_id = c.school_id
          AND x.valid_from <= $5 AND (x.valid_to IS NULL OR x.valid_to > $5)
        -- Looked up person by person: a join would read every class there is.
        OFFSET 0
      ) m ON true
      WHERE ${mayBeSeen}
    ), ranked AS (
      SELECT person_id, min(rank) AS rank, min(sort_name) AS sort_name FROM seen GROUP BY person_id
    ), told AS (
      SELECT person_id, rank, sort_name, count(*) OVER (PARTITION BY sort_name)::int AS namesakes FROM ranked
    ), page AS (
      SELECT * FROM told t
      WHERE $7::int IS NULL OR (t.rank, t.sort_name, t.person_id)
        > ($7::int, (SELECT l.sort_name FROM directory.people l WHERE l.id = $8::uuid), $8::uuid)
      ORDER BY t.rank, t.sort_name, t.person_id LIMIT $6
    )
    SELECT ${PERSON_COLUMNS}, g.rank, g.namesakes,
      (SELECT json_agg(json_build_object('school', s.school_id, 'role', s.role, 'divisions', s.names)
          ORDER BY s.role, s.school_id)
        FROM (SELECT school_id, role, coalesce(array_agg(DISTINCT name ORDER BY name) FILTER (WHERE name IS NOT NULL), '{}')
            AS names FROM seen WHERE person_id = g.person_id GROUP BY school_id, role) s) AS places
    FROM page g JOIN directory.people p ON p.id = g.person_id
    ORDER BY g.rank, g.sort_name, g.person_id`;
}
