import { hash } from 'node:crypto';
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
const MOST_DIVISIONS = 1_000;

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
  const where = printWhere(filter, COLUMNS, 13);
  const text = buildStatement(where.sql);
  // Planned once a connection for each form that the policies' filter takes: planning costs as much as searching.
  const statement = { name: `directory-search-${hash('sha256', text).slice(0, 16)}`, text };
  const words = (search.text ?? '').slice(0, 200);
  const divisions = search.division ? [search.division] : null;
  const onlyOf = boundMember(filter, 'division', MOST_DIVISIONS) ?? null;
  const found: PageRow[] = [];
  let before: Row | undefined;
  let after: Place = { rank: cursor?.rank ?? null, name: null, person: cursor?.person ?? null };
  for (let most = 2 * (limit + 1); ; most *= 8) {
    const rows: readonly Row[] = await tx.prepared<Row>(statement, [
      words,
      schools,
      divisions,
      search.roles ?? null,
      environment.now,
      onlyOf,
      after.rank,
      after.name,
      after.person,
      cursor?.person ?? null,
      most,
      limit + 1 - found.length,
      ...where.values,
    ]);
    const [read] = rows;
    before ??= read;
    found.push(...rows.filter(isFound));
    if (!read || read.read < most || found.length > limit) break;
    after = { rank: read.last_rank, name: read.last_name, person: read.last_person };
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    people: page.map((row, index) => ({
      person: readPerson(row),
      places: row.places,
      // Those of one name follow each other: all of them answer the words equally well.
      namesake:
        row.sort_name === (index > 0 ? found[index - 1]!.sort_name : before?.before_name) ||
        row.sort_name === found[index + 1]?.sort_name,
    })),
    ...(found.length > limit && last ? { next: `${last.rank}.${last.id}` } : {}),
  };
}

/** A place in the order of results; null before the first. */
interface Place {
  readonly rank: number | null;
  readonly name: string | null;
  readonly person: string | null;
}

/** What one statement read, beside each person of it whom the asker may see; once beside nulls when there is none. */
interface Read {
  /** People read, whether or not the asker may see them. */
  readonly read: number;
  readonly last_rank: number | null;
  readonly last_name: string | null;
  readonly last_person: string | null;
  /** The name at which the page before ended. */
  readonly before_name: string | null;
}

interface PageRow extends PersonRow, Read {
  readonly rank: number;
  readonly places: { school: SchoolId; role: string; divisions: string[] }[];
}

type Row = PageRow | (Read & { readonly id: null });

const isFound = (row: Row): row is PageRow => row.id !== null;

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

/**
 * Reads people in the order of results, and gives those whom the asker may see. $1 text, $2 schools, $3 divisions, $4 roles,
 * $5 instant, $6 the only divisions that the policies allow, $7 to $9 the place after which to read, $10 the last person of
 * the page before, $11 how many people to read, $12 how many are wanted.
 */
function buildStatement(mayBeSeen: string): string {
  return `
    WITH words AS (
      SELECT coalesce((array_agg(word))[1:${MOST_WORDS}], '{}') AS words
      FROM unnest(string_to_array(directory.fold_name($1), ' ')) AS word WHERE word <> ''
    ), before AS (
      SELECT (SELECT p.sort_name FROM directory.people p WHERE p.id = $10::uuid) AS name
    ), named AS MATERIALIZED (
      SELECT n.* FROM words, before, directory.people_named(words, $2::uuid[], $3::uuid[], $4::text[], $5,
        $6::uuid[], $7::int, coalesce($8::text, before.name), $9::uuid, $11::int) n
    ), seen AS MATERIALIZED (
      SELECT c.person_id, c.school_id, c.role, c.sort_name, c.rank, m.division_id, m.name
      FROM named c
      LEFT JOIN LATERAL (
        SELECT x.division_id, d.name FROM directory.division_members x JOIN directory.divisions d ON d.id = x.division_id
        WHERE c.role = 'pupil' AND x.person_id = c.person_id AND d.school_id = c.school_id
          AND x.valid_from <= $5 AND (x.valid_to IS NULL OR x.valid_to > $5)
        -- Looked up person by person: a join would read every class there is.
        OFFSET 0
      ) m ON true
      WHERE ${mayBeSeen}
    ), page AS (
      SELECT person_id, min(rank) AS rank, min(sort_name) AS sort_name FROM seen GROUP BY person_id
      ORDER BY 2, 3, 1 LIMIT $12
    ), last AS (
      SELECT rank, sort_name, person_id FROM named ORDER BY rank DESC, sort_name DESC, person_id DESC LIMIT 1
    )
    SELECT (SELECT count(DISTINCT person_id)::int FROM named) AS read, last.rank AS last_rank, last.sort_name AS last_name,
      last.person_id AS last_person, before.name AS before_name, found.*
    FROM before LEFT JOIN last ON true LEFT JOIN LATERAL (
      SELECT ${PERSON_COLUMNS}, g.rank,
        (SELECT json_agg(json_build_object('school', s.school_id, 'role', s.role, 'divisions', s.names)
            ORDER BY s.role, s.school_id)
          FROM (SELECT school_id, role, coalesce(array_agg(DISTINCT name ORDER BY name) FILTER (WHERE name IS NOT NULL), '{}')
              AS names FROM seen WHERE person_id = g.person_id GROUP BY school_id, role) s) AS places
      FROM page g JOIN directory.people p ON p.id = g.person_id
    ) found ON true
    ORDER BY found.rank, found.sort_name, found.id`;
}
