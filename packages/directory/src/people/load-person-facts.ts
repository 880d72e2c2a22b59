import type { ChildFact, PersonFacts, RoleFact, TeachingFact } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';

/** A row of `directory.person_facts`. */
export interface PersonFactsRow {
  readonly person: PersonId;
  readonly revision: number;
  readonly status: string;
  readonly birth_date: string | null;
  readonly roles: readonly (Window & Omit<RoleFact, 'from' | 'to'>)[];
  readonly teaches: readonly JsonDivision[];
  readonly heads: readonly JsonDivision[];
  readonly members: readonly JsonDivision[];
  readonly children: readonly (Window & Omit<ChildFact, 'from' | 'to'>)[];
  readonly schools: readonly { id: string; academy: string; region: string; controller: string }[];
}

interface Window {
  readonly from: string | null;
  readonly to: string | null;
}

interface JsonDivision extends Window {
  readonly school: string;
  readonly division: string;
  readonly subject?: string | null;
}

/**
 * Everything that decides what a person may do, in one statement, so of one instant of the database.
 * Windows that are over at `at` are left out; those to come are in, with their start.
 * Of an entry that was joined to another, they are the facts of that other, whose id `person` then is.
 * A decision recorded by the school about parental authority hides what the feed says of that pair;
 * a link ends when the child comes of age (code civil, art. 371-1), at midnight where the school stands.
 *
 * @throws DirectoryError `person_unknown` when there is none, or none that the transaction's scope shows.
 */
export async function loadPersonFacts(tx: Tx, personId: PersonId, at: Date): Promise<PersonFacts> {
  const [row] = await tx.query<PersonFactsRow>(
    `SELECT f.*, s.id AS person
     FROM directory.survivor_of($1) AS s(id), LATERAL directory.person_facts(s.id, $2) f`,
    [personId, at],
  );
  if (!row) throw refuse('person_unknown', 404, 'This person is not known here.');
  return readPersonFacts(row);
}

/** The facts that a row holds. */
export function readPersonFacts(row: PersonFactsRow): PersonFacts {
  return {
    person: row.person,
    revision: row.revision,
    suspended: row.status !== 'active',
    ...(row.birth_date ? { birthDate: row.birth_date } : {}),
    roles: row.roles.map((role) => ({
      role: role.role,
      scope: role.scope,
      domain: role.domain,
      ...readWindow(role),
    })),
    teaches: row.teaches.map(readDivision),
    headTeacherOf: row.heads.map(readDivision),
    memberOf: row.members.map(readDivision),
    children: row.children.map((link) => ({
      child: link.child,
      kind: link.kind,
      exercise: link.exercise,
      schools: link.schools,
      divisions: link.divisions,
      ...readWindow(link),
    })),
    schools: new Map(
      row.schools.map(({ id, academy, region, controller }) => [id, { academy, region, controller }]),
    ),
  };
}

function readWindow(window: Window): { from?: Date; to?: Date } {
  return {
    ...(window.from ? { from: new Date(window.from) } : {}),
    ...(window.to ? { to: new Date(window.to) } : {}),
  };
}

function readDivision(row: JsonDivision): TeachingFact {
  return {
    school: row.school,
    division: row.division,
    ...(row.subject ? { subject: row.subject } : {}),
    ...readWindow(row),
  };
}
