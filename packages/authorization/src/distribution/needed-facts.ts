import { planBuckets } from '../compile-plan.ts';
import type { PersonFacts } from '../facts.ts';
import { listRoles, UncompilableMatcher, type Formula } from '../formula.ts';
import type { Policies } from '../load-policies.ts';

/** The facts that the rules of one module ask: what it is given of a person, and no more (GDPR, art. 5.1.c). */
export interface NeededFacts {
  /** `all` when a rule asks whether the person has any role in a school. */
  readonly roles: ReadonlySet<string> | 'all';
  readonly teaches: boolean;
  readonly headTeacherOf: boolean;
  readonly memberOf: boolean;
  readonly children: boolean;
  readonly birthDate: boolean;
}

type Kind = Exclude<keyof NeededFacts, 'roles'>;
const EVERYTHING: NeededFacts = {
  roles: 'all',
  teaches: true,
  headTeacherOf: true,
  memberOf: true,
  children: true,
  birthDate: true,
};

/** What each relation and condition asks; one that is not here may ask for everything. */
const ASKED: ReadonlyMap<string, readonly (Kind | 'roles')[]> = new Map<string, readonly (Kind | 'roles')[]>([
  ['self', []],
  ['own_entry', []],
  ['owner', []],
  ['published', []],
  ['not_closed', []],
  ['suspended', []],
  ['acr_factor', []],
  ['adult', ['birthDate']],
  ['own_child_legal', ['children']],
  ['child_member_legal', ['children']],
  ['guardian_here', ['children']],
  ['child_authority_removed', ['children']],
  ['teaches', ['teaches']],
  ['teaches_own', ['teaches']],
  ['teaches_division', ['teaches']],
  ['head_teacher_of', ['headTeacherOf']],
  ['member_of', ['memberOf']],
  ['same_school', ['roles']],
  ['own_here', ['roles']],
]);

/** The facts that can settle an action on the objects that `owner` answers for (`owner:` of the vocabulary). */
export function listNeededFacts(policies: Policies, owner: string): NeededFacts {
  try {
    const formulas = planBuckets(policies)
      .filter(({ action }) => policies.vocabulary.actions.get(action)!.owner === owner)
      .flatMap(({ denials, allowances }) => [...denials, ...allowances].map(({ formula }) => formula));
    const asked = new Set<Kind | 'roles'>();
    for (const name of formulas.flatMap(listCalls)) {
      const kinds = ASKED.get(name);
      if (kinds === undefined) return EVERYTHING;
      for (const kind of kinds) asked.add(kind);
    }
    return {
      roles: asked.has('roles') ? 'all' : new Set(formulas.flatMap(listRoles).map(({ role }) => role)),
      teaches: asked.has('teaches'),
      headTeacherOf: asked.has('headTeacherOf'),
      memberOf: asked.has('memberOf'),
      children: asked.has('children'),
      birthDate: asked.has('birthDate'),
    };
  } catch (error) {
    if (error instanceof UncompilableMatcher) return EVERYTHING;
    throw error;
  }
}

/** A person's facts without those that are not needed. Every decision on the module's own objects stays the same. */
export function trimFacts(facts: PersonFacts, needed: NeededFacts): PersonFacts {
  const { birthDate, ...others } = facts;
  const { roles: wanted } = needed;
  const roles = wanted === 'all' ? facts.roles : facts.roles.filter(({ role }) => wanted.has(role));
  const children = needed.children ? facts.children : [];
  const reachesWide = roles.some(({ scope }) => scope !== 'school');
  const named = new Set([
    ...roles.map(({ domain }) => domain),
    ...children.flatMap(({ schools }) => schools),
    ...[...facts.teaches, ...facts.headTeacherOf, ...facts.memberOf].map(({ school }) => school),
  ]);
  return {
    ...others,
    ...(needed.birthDate && birthDate !== undefined ? { birthDate } : {}),
    roles,
    teaches: needed.teaches ? facts.teaches : [],
    headTeacherOf: needed.headTeacherOf ? facts.headTeacherOf : [],
    memberOf: needed.memberOf ? facts.memberOf : [],
    children,
    schools: reachesWide
      ? facts.schools
      : new Map([...facts.schools].filter(([school]) => named.has(school))),
  };
}

function listCalls(formula: Formula): readonly string[] {
  switch (formula.kind) {
    case 'relation':
    case 'condition':
      return [formula.name];
    case 'not':
      return listCalls(formula.of);
    case 'and':
    case 'or':
      return formula.all.flatMap(listCalls);
    default:
      return [];
  }
}
