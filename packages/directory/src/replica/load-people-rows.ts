import type { ChildFact, PersonFacts, PersonRows, RoleFact } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { buildLinkTimeline, type BelievedLink } from './link-timeline.ts';

interface Bounds {
  readonly from: string | null;
  readonly to: string | null;
}
interface DivisionRow extends Bounds {
  readonly school: string;
  readonly division: string;
  readonly subject?: string | null;
}
interface LinkRow extends Bounds {
  readonly child: string;
  readonly kind: ChildFact['kind'];
  readonly exercise: ChildFact['exercise'];
  readonly local: boolean;
  readonly majority: string | null;
}
interface PeopleRow {
  readonly person: PersonId;
  readonly status: string;
  readonly birth_date: string | null;
  readonly merged_into: PersonId | null;
  readonly roles: readonly (Bounds & Omit<RoleFact, 'from' | 'to'>)[];
  readonly teaches: readonly DivisionRow[];
  readonly heads: readonly DivisionRow[];
  readonly members: readonly DivisionRow[];
  readonly links: readonly LinkRow[];
}

/**
 * What a replica of facts keeps of these people, from `at` on: what was over then is left out, and what held already
 * has no start. Who is not known is left out.
 */
export async function loadPeopleRows(
  tx: Tx,
  people: readonly PersonId[],
  at: Date,
): Promise<readonly PersonRows[]> {
  const rows = await tx.query<PeopleRow>(
    `SELECT p.id AS person, p.status, p.birth_date::text, p.merged_into,
       (SELECT coalesce(json_agg(json_build_object('role', r.role, 'scope', r.scope, 'domain', r.domain_id, ${BOUNDS('r')})), '[]')
        FROM directory.roles r WHERE r.person_id = p.id AND ${OPEN('r')}) AS roles,
       (SELECT coalesce(json_agg(json_build_object('school', d.school_id, 'division', d.id, 'subject', t.subject_id,
          ${BOUNDS('t')})), '[]')
        FROM directory.teaching_assignments t JOIN directory.divisions d ON d.id = t.division_id
        WHERE t.person_id = p.id AND ${OPEN('t')}) AS teaches,
       (SELECT coalesce(json_agg(json_build_object('school', d.school_id, 'division', d.id, ${BOUNDS('h')})), '[]')
        FROM directory.head_teachers h JOIN directory.divisions d ON d.id = h.division_id
        WHERE h.person_id = p.id AND ${OPEN('h')}) AS heads,
       (SELECT coalesce(json_agg(json_build_object('school', d.school_id, 'division', d.id, ${BOUNDS('m')})), '[]')
        FROM directory.division_members m JOIN directory.divisions d ON d.id = m.division_id
        WHERE m.person_id = p.id AND ${OPEN('m')}) AS members,
       (SELECT coalesce(json_agg(json_build_object('child', g.child_id, 'kind', g.kind, 'exercise', g.exercise,
          'local', g.source = 'local', 'from', g.valid_from, 'to', g.valid_to,
          'majority', directory.majority_of(g.child_id))), '[]')
        FROM directory.guardian_links g
        WHERE g.adult_id = p.id AND g.superseded_at IS NULL AND ${OPEN('g')}) AS links
     FROM directory.people p WHERE p.id = ANY ($1::uuid[])`,
    [people, at],
  );
  return rows.map((row) => readPeopleRow(row, at));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** The days between which a replica keeps birth dates; beyond, one is as old, or as young, as at the bound. */
const clampBirth = (day: string): string =>
  day < '1880-01-01' ? '1880-01-01' : day > '2059-01-01' ? '2059-01-01' : day;

const OPEN = (table: string): string => `(${table}.valid_to IS NULL OR ${table}.valid_to > $2)`;
const BOUNDS = (table: string): string =>
  `'from', CASE WHEN ${table}.valid_from > $2 THEN ${table}.valid_from END, 'to', ${table}.valid_to`;

/** Academy, region and controller of every school. */
export async function loadSchoolPlaces(tx: Tx): Promise<PersonFacts['schools']> {
  const rows = await tx.query<{ id: string; academy: string; region: string; controller: string }>(
    `SELECT s.id, s.academy_id AS academy, a.region_id AS region, s.controller_id AS controller
     FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id`,
  );
  return new Map(rows.map(({ id, academy, region, controller }) => [id, { academy, region, controller }]));
}

function readPeopleRow(row: PeopleRow, at: Date): PersonRows {
  const { person, merged_into: mergedInto } = row;
  if (mergedInto !== null)
    return {
      person,
      mergedInto,
      suspended: false,
      roles: [],
      teaches: [],
      headTeacherOf: [],
      memberOf: [],
      children: [],
    };
  return {
    person,
    suspended: row.status !== 'active',
    ...(row.birth_date !== null && DAY.test(row.birth_date) ? { birthDate: clampBirth(row.birth_date) } : {}),
    roles: row.roles.map(({ role, scope, domain, ...bounds }) => ({
      role,
      scope,
      domain,
      ...readBounds(bounds),
    })),
    teaches: row.teaches.map(readDivision),
    headTeacherOf: row.heads.map(readDivision),
    memberOf: row.members.map(readDivision),
    children: readLinks(row.links, at),
  };
}

function readLinks(links: readonly LinkRow[], at: Date): PersonRows['children'] {
  const byChild = new Map<string, { believed: BelievedLink[]; majority: string | null }>();
  for (const { child, kind, exercise, local, from, to, majority } of links) {
    const known = byChild.get(child) ?? { believed: [], majority };
    known.believed.push({
      kind,
      exercise,
      isLocal: local,
      from: new Date(from!),
      to: to === null ? undefined : new Date(to),
    });
    byChild.set(child, known);
  }
  return [...byChild].flatMap(([child, { believed, majority }]) =>
    buildLinkTimeline(believed, majority === null ? undefined : new Date(majority), at).map((link) => ({
      child,
      ...link,
    })),
  );
}

function readBounds({ from, to }: Bounds): { from?: Date; to?: Date } {
  return { ...(from === null ? {} : { from: new Date(from) }), ...(to === null ? {} : { to: new Date(to) }) };
}

function readDivision({ school, division, subject, ...bounds }: DivisionRow) {
  return { school, division, ...(subject ? { subject } : {}), ...readBounds(bounds) };
}
