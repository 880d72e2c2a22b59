import { invariant } from '@socle/base';
import type { PersonFacts, Resource } from './facts.ts';
import { MEMBERS, type ObjectType } from './object-type.ts';

/** A person's facts judged at one instant: what rules see as `r.sub`. */
export interface Subject {
  readonly facts: PersonFacts;
  /** The request's instant, in milliseconds. */
  readonly at: number;
}

/** Where a resource lives: what rules see as `r.dom`. Academy and region of a school come from the socle alone. */
export interface Place {
  readonly school: string | undefined;
  readonly academy: string | undefined;
  readonly region: string | undefined;
}

/** A window of validity: from its first instant to the last before `to`. */
export interface Window {
  readonly from?: Date;
  readonly to?: Date;
}

/** True when the window is open at the subject's instant. An instant that is not a date throws. */
export function isCurrent(window: Window, subject: Subject): boolean {
  if (window.from === undefined && window.to === undefined) return true;
  const from = window.from === undefined ? -Infinity : window.from.getTime();
  const to = window.to === undefined ? Infinity : window.to.getTime();
  invariant(!Number.isNaN(from) && !Number.isNaN(to), 'a validity window holds an invalid date');
  return from <= subject.at && subject.at < to;
}

/** A person's facts at `now`. @throws InvariantViolation when the facts are not those of `person`. */
export function buildSubject(person: string, facts: PersonFacts, now: Date): Subject {
  const at = now.getTime();
  invariant(typeof person === 'string' && person.length > 0, 'the request names no subject');
  invariant(facts.person === person, 'the facts are those of another person');
  invariant(!Number.isNaN(at), 'the request has no instant');
  return { facts, at };
}

/** The place of a resource. What the module says of academy and region counts only where no school is given. */
export function buildPlace(resource: Resource, facts: PersonFacts): Place {
  if (resource.school === undefined)
    return { school: undefined, academy: resource.academy, region: resource.region };
  const known = facts.schools.get(resource.school);
  return { school: resource.school, academy: known?.academy, region: known?.region };
}

/**
 * The resource as rules may rely on it: of a declared type, with every member that its type needs, each a text that
 * is not empty, flags that are booleans.
 *
 * @throws InvariantViolation otherwise: the decision is then an error, and a denial.
 */
export function checkResource(resource: Resource, type: ObjectType): Resource {
  return buildResourceCheck(type)(resource);
}

/** {@link checkResource} for one type, prepared: the form that is cheap to call again and again. */
export function buildResourceCheck(type: ObjectType): (resource: Resource) => Resource {
  const { idIs } = type;
  const needed = type.needs.reduce((bits, member) => bits | (1 << MEMBERS.indexOf(member)), 0);
  return (resource) => {
    let checked = resource;
    if (idIs !== undefined && resource.id !== undefined) {
      const named = resource[idIs];
      invariant(named === undefined || named === resource.id, 'the id and the member it names differ');
      if (named === undefined) checked = { ...resource, [idIs]: resource.id };
    }
    // Written out member by member, in the order of MEMBERS: this runs before each decision.
    const given =
      presence(checked.id, 'id', 1) |
      presence(checked.school, 'school', 2) |
      presence(checked.academy, 'academy', 4) |
      presence(checked.region, 'region', 8) |
      presence(checked.division, 'division', 16) |
      presence(checked.subject, 'subject', 32) |
      presence(checked.pupil, 'pupil', 64) |
      presence(checked.owner, 'owner', 128);
    if ((given & needed) !== needed) {
      const missing = type.needs.find((member) => checked[member] === undefined);
      invariant(false, `the resource gives no ${missing}`);
    }
    requireFlag(checked.published, 'published');
    requireFlag(checked.closed, 'closed');
    return checked;
  };
}

function presence(value: unknown, member: string, bit: number): number {
  if (value === undefined) return 0;
  if (typeof value !== 'string' || value.length === 0) invariant(false, `${member} is not a text`);
  return bit;
}

function requireFlag(value: unknown, member: string): void {
  if (value !== undefined && typeof value !== 'boolean')
    invariant(false, `${member} is neither true nor false`);
}
