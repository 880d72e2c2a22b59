import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PolicyError, type PolicyProblem } from '../errors.ts';
import type { DecisionRequest, PersonFacts, Resource } from '../facts.ts';
import { buildPolicies, type Policies } from '../load-policies.ts';

// For the tests of this package: small policies over the repository's own model and vocabulary, people and requests.

/** The repository's policies folder. */
export const POLICIES_FOLDER = fileURLToPath(new URL('../../../../policies', import.meta.url));

export const MODEL = readFileSync(`${POLICIES_FOLDER}/model.conf`, 'utf8');
const VOCABULARY = readFileSync(`${POLICIES_FOLDER}/vocabulary.yaml`, 'utf8');
export const DENY_SUSPENDED = 'p, DNY-001, anyone, school, *, *, any, suspended, deny';
/** A rule that is right: the twin of those that are refused. */
export const PUPIL_READS = 'p, GRA-014, pupil, school, grades.mark, grades.mark.read, self, published, allow';

/** Policies of the given rows, over the reference model and vocabulary unless said otherwise. */
export function buildSmallPolicies(
  rows: readonly string[],
  texts: { readonly model?: string; readonly vocabulary?: string; readonly deny?: readonly string[] } = {},
): Policies {
  return buildPolicies({
    model: texts.model ?? MODEL,
    vocabulary: texts.vocabulary ?? VOCABULARY,
    policies: new Map([
      ['cross/deny.csv', (texts.deny ?? [DENY_SUSPENDED]).join('\n')],
      ['modules/grades/policy.csv', rows.join('\n')],
    ]),
  });
}

/** The problems that `work` is refused with; none when it is not refused. */
export function readProblems(work: () => unknown): readonly PolicyProblem[] {
  try {
    work();
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

export const SCHOOL = 'college-ferry';
export const NOW = new Date('2026-11-23T10:00:00Z');

/** Facts of a person with nothing but what is given. */
export function buildFacts(given: Partial<PersonFacts> = {}): PersonFacts {
  return {
    person: 'lea',
    revision: 1,
    suspended: false,
    roles: [],
    teaches: [],
    headTeacherOf: [],
    memberOf: [],
    children: [],
    schools: new Map([[SCHOOL, { academy: '99', region: 'est', controller: SCHOOL }]]),
    ...given,
  };
}

/** The pupil Léa, in her school. */
export const LEA: PersonFacts = buildFacts({ roles: [{ role: 'pupil', scope: 'school', domain: SCHOOL }] });

/** Léa's own published mark, in an open period. */
export const MARK_OF_LEA: Resource = Object.freeze({
  type: 'grades.mark',
  school: SCHOOL,
  division: '6a',
  subject: 'maths',
  pupil: 'lea',
  owner: 'helene',
  published: true,
  closed: false,
});

/** A request of Léa's to read her mark, changed as given. */
export function buildRequest(given: Partial<DecisionRequest> = {}): DecisionRequest {
  return {
    subject: 'lea',
    action: 'grades.mark.read',
    resource: MARK_OF_LEA,
    environment: { now: NOW, acr: 'password' },
    ...given,
  };
}
