import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import {
  findPerson,
  loadChildren,
  loadClassesTaught,
  loadHeadTeacherOf,
  loadMemberships,
  loadPersonFacts,
  loadSchools,
  type Child,
  type ClassTaught,
  type Division,
  type Person,
  type School,
} from '@socle/directory';
import type { SchoolId } from '@socle/base';

/** What a module may know of the person who signed in: enough for a home page, nothing to decide on. */
export interface PersonContext {
  readonly person: Person;
  /** Roles in force, each in one school. Roles over an academy or a region are not a module's concern. */
  readonly roles: readonly { readonly role: string; readonly school: string }[];
  readonly schools: readonly School[];
  readonly teaches: readonly ClassTaught[];
  readonly memberOf: readonly Division[];
  readonly headTeacherOf: readonly Division[];
  /** Children over whom this person exercises parental authority. A contact is told nothing. */
  readonly children: readonly Child[];
}

/** Loads the context of a person at `at`; undefined for nobody, or for somebody who may do nothing now. */
export async function loadPersonContext(tx: Tx, id: PersonId, at: Date): Promise<PersonContext | undefined> {
  const person = await findPerson(tx, id);
  if (!person || person.status !== 'active') return undefined;
  const facts = await loadPersonFacts(tx, id, at);
  const roles = facts.roles
    .filter((role) => role.scope === 'school' && (role.from === undefined || role.from <= at))
    .map((role) => ({ role: role.role, school: role.domain }));
  const children = (await loadChildren(tx, id, at)).filter(exercisesAuthority);
  const schoolIds = new Set<string>([
    ...roles.map((role) => role.school),
    ...children.flatMap((child) => child.schools),
  ]);
  return {
    person,
    roles,
    schools: schoolIds.size === 0 ? [] : await loadSchools(tx, { ids: [...schoolIds] as SchoolId[] }),
    teaches: await loadClassesTaught(tx, id, at),
    memberOf: await loadMemberships(tx, id, at),
    headTeacherOf: await loadHeadTeacherOf(tx, id, at),
    children,
  };
}

function exercisesAuthority(child: Child): boolean {
  return child.kind === 'legal' && (child.exercise === 'joint' || child.exercise === 'sole');
}
