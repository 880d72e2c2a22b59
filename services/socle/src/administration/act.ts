import { isUuid, type PersonId } from '@socle/base';
import { isAdministrativeRole, type AdministrativeRole, type EntityId, type RoleId } from '@socle/directory';

/** What is done about a role of administration. */
export type AdministrationAct =
  | {
      readonly act: 'give';
      readonly person: PersonId;
      readonly role: AdministrativeRole;
      readonly over: EntityId;
      readonly from?: Date;
      readonly to?: Date;
    }
  | { readonly act: 'prolong'; readonly role: RoleId; readonly to?: Date }
  | { readonly act: 'end'; readonly role: RoleId }
  | { readonly act: 'restore'; readonly role: RoleId };

const NONE = '-';

/** The act to the letter, as a second person agrees to it: an agreement serves for nothing else. */
export function writeSubject(act: AdministrationAct): string {
  const instant = (at: Date | undefined) => (at === undefined ? NONE : String(at.getTime()));
  switch (act.act) {
    case 'give':
      return ['give', act.person, act.role, act.over, instant(act.from), instant(act.to)].join(' ');
    case 'prolong':
      return ['prolong', act.role, instant(act.to)].join(' ');
    case 'end':
    case 'restore':
      return [act.act, act.role].join(' ');
  }
}

/** The act that a subject writes; undefined for what `writeSubject` did not write. */
export function readSubject(subject: string): AdministrationAct | undefined {
  const [verb, id, ...rest] = subject.split(' ');
  if (!isUuid(id)) return undefined;
  if (verb === 'end' || verb === 'restore') return { act: verb, role: id as RoleId };
  if (verb === 'prolong') return { act: 'prolong', role: id as RoleId, ...named('to', rest[0]) };
  const [role, over, from, to] = rest;
  if (verb !== 'give' || !isAdministrativeRole(role) || !isUuid(over)) return undefined;
  return {
    act: 'give',
    person: id as PersonId,
    role,
    over: over as EntityId,
    ...named('from', from),
    ...named('to', to),
  };
}

function named<Name extends string>(name: Name, text: string | undefined): { readonly [N in Name]?: Date } {
  const at = new Date(Number(text));
  return (text === undefined || text === NONE || Number.isNaN(at.getTime()) ? {} : { [name]: at }) as {
    readonly [N in Name]?: Date;
  };
}
