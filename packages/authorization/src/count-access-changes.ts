import type { Engine } from './engine.ts';
import type { Environment, PersonFacts, Resource, TeachingFact } from './facts.ts';

/** How many people an action is given to, and taken from, by new policies. */
export interface AccessChangeCount {
  readonly action: string;
  readonly gained: number;
  readonly lost: number;
  /** The same, by each role that those people hold at that instant; a person with two roles is in both. */
  readonly byRole: Readonly<Record<string, { readonly gained: number; readonly lost: number }>>;
}

/** Somebody whose rights a change is asked about, one after the other. */
export interface AccessChangeCounter {
  /** Compares what this person may do before and after. */
  add(facts: PersonFacts): void;
  readonly people: number;
  /** In the order of the actions that were given. */
  readonly counts: readonly AccessChangeCount[];
}

/** Nobody: a pupil, an owner or an entry that is not the person's. */
const SOMEBODY_ELSE = 'somebody-else';
const NOWHERE = 'none';
/** Sessions opened as weakly and as strongly as rules tell apart. */
const SESSIONS = ['password', 'passkey'] as const;
const STATES = [true, false].flatMap((published) => [true, false].map((closed) => ({ published, closed })));

/**
 * Counts who really gains or loses: each person's rights under both policies, on resources made from their own facts (their
 * entry, each child, each class they teach or belong to, somebody else in each place of theirs), published or not, closed or
 * not, with a password and with a passkey. A person is counted when one of these is newly allowed, or no longer.
 *
 * @param actions The actions to ask about: those that `diffPolicies` names, since no other changes.
 */
export function openAccessChangeCounter(
  before: Engine,
  after: Engine,
  options: { readonly actions: readonly string[]; readonly at: Date },
): AccessChangeCounter {
  const { at, actions } = options;
  const environments = SESSIONS.map((acr): Environment => ({ now: at, acr }));
  const counts = actions.map((action) => ({
    action,
    gained: 0,
    lost: 0,
    byRole: {} as Record<string, { gained: number; lost: number }>,
  }));
  let people = 0;

  const typeOf = (action: string): string =>
    (after.policies.vocabulary.actions.get(action) ?? before.policies.vocabulary.actions.get(action))!.name;

  return {
    add(facts) {
      people += 1;
      const places = listResources(facts);
      const roles = new Set(facts.roles.filter((fact) => holdsAt(fact, at)).map(({ role }) => role));
      for (const count of counts) {
        const { gained, lost } = compare(count.action, typeOf(count.action), places, facts);
        if (gained) count.gained += 1;
        if (lost) count.lost += 1;
        if (!gained && !lost) continue;
        for (const role of roles) {
          const ofRole = (count.byRole[role] ??= { gained: 0, lost: 0 });
          if (gained) ofRole.gained += 1;
          if (lost) ofRole.lost += 1;
        }
      }
    },
    get people() {
      return people;
    },
    counts,
  };

  function compare(
    action: string,
    type: string,
    places: readonly Omit<Resource, 'type'>[],
    facts: PersonFacts,
  ): { readonly gained: boolean; readonly lost: boolean } {
    let [gained, lost] = [false, false];
    for (const place of places)
      for (const state of STATES)
        for (const environment of environments) {
          const resource = { ...place, ...state, type };
          const request = { subject: facts.person, action, resource, environment };
          const could = before.decide(request, facts).allowed;
          const can = after.decide(request, facts).allowed;
          gained ||= can && !could;
          lost ||= could && !can;
          if (gained && lost) return { gained, lost };
        }
    return { gained, lost };
  }
}

/** What the person could act on, by their own facts; the type and what its module says of it are added later. */
function listResources(facts: PersonFacts): readonly Omit<Resource, 'type'>[] {
  const { person } = facts;
  const found: Omit<Resource, 'type'>[] = [];
  for (const { scope, domain } of facts.roles) if (scope !== 'school') found.push({ [scope]: domain });
  for (const school of listSchools(facts)) {
    const place = facts.schools.get(school);
    const here = {
      school,
      ...(place && { academy: place.academy, region: place.region }),
      division: NOWHERE,
      subject: NOWHERE,
      pupil: SOMEBODY_ELSE,
      owner: SOMEBODY_ELSE,
      id: SOMEBODY_ELSE,
    };
    const own = facts.memberOf.find((fact) => fact.school === school);
    found.push(here, {
      ...here,
      ...aboutClass(own),
      pupil: person,
      owner: person,
      id: person,
    });
    for (const { child, schools, divisions } of facts.children)
      if (schools.includes(school))
        found.push({ ...here, pupil: child, id: child, division: divisions[0] ?? NOWHERE });
    for (const fact of [...facts.teaches, ...facts.headTeacherOf, ...facts.memberOf])
      if (fact.school === school)
        for (const owner of [SOMEBODY_ELSE, person]) found.push({ ...here, ...aboutClass(fact), owner });
  }
  return found;
}

function aboutClass(fact: TeachingFact | undefined): Pick<Resource, 'division' | 'subject'> {
  return { division: fact?.division ?? NOWHERE, subject: fact?.subject ?? NOWHERE };
}

/** The schools that the person's facts name, and one of each academy and region over which they hold a role. */
function listSchools(facts: PersonFacts): ReadonlySet<string> {
  const schools = new Set([
    ...[...facts.teaches, ...facts.headTeacherOf, ...facts.memberOf].map(({ school }) => school),
    ...facts.children.flatMap((child) => child.schools),
  ]);
  for (const { scope, domain } of facts.roles) {
    if (scope === 'school') schools.add(domain);
    else
      for (const [school, place] of facts.schools)
        if (place[scope] === domain) {
          schools.add(school);
          break;
        }
  }
  return schools;
}

function holdsAt(fact: { readonly from?: Date; readonly to?: Date }, at: Date): boolean {
  return (fact.from === undefined || fact.from <= at) && (fact.to === undefined || fact.to > at);
}
