export { listAllowed, type AllowedAccess } from './access-lists.ts';
export type { CompiledPolicies } from './compile-plan.ts';
export { openAccessChangeCounter, type AccessChangeCount } from './count-access-changes.ts';
export { diffPolicies, sayChange, type AccessChange } from './diff-policies.ts';
export { compareWithCasbin, type DifferentialResult } from './differential.ts';
export { acceptBundle, printDelivery, type BundleInForce } from './distribution/accept-bundle.ts';
export {
  buildBundle,
  printBundle,
  signBundle,
  verifyBundle,
  type PolicyBundle,
} from './distribution/bundle.ts';
export { checkCandidate } from './distribution/check-candidate.ts';
export { listNeededFacts, trimFacts, type NeededFacts } from './distribution/needed-facts.ts';
export { signRollback } from './distribution/rollback.ts';
export { openEngine, type Engine, type EngineOptions } from './engine.ts';
export { PolicyError, formatProblem, type PolicyErrorCode, type PolicyProblem } from './errors.ts';
export { explain, type ConjunctOutcome, type Explanation, type RuleOutcome } from './explain.ts';
export type {
  ChildFact,
  Decision,
  DecisionRequest,
  Environment,
  PersonFacts,
  Resource,
  RoleFact,
  RoleScope,
  TeachingFact,
} from './facts.ts';
export {
  buildFixtureRequest,
  loadEntities,
  loadFixtures,
  readResourceProperties,
  type Fixtures,
} from './fixtures.ts';
export { generateModule } from './generate-module.ts';
export { lintPolicies, type LintFinding, type LintResult } from './lint-policies.ts';
export {
  buildPolicies,
  loadPolicies,
  loadPolicyTexts,
  type Policies,
  type PolicyTexts,
} from './load-policies.ts';
export {
  boundMember,
  buildListFilter,
  printWhere,
  type ListColumn,
  type ListQuestion,
  type ListWhere,
} from './list-filter.ts';
export { matchesPredicate, type ListMember, type ListPredicate } from './list-predicate.ts';
export { loadModule } from './load-module.ts';
export { buildMatrix, printMatrix, type MatrixCell } from './matrix.ts';
export { mutatePolicies, type MutationResult, type SurvivingMutant } from './mutate-policies.ts';
export { findNearMisses, printNearMisses, type NearMiss } from './near-misses.ts';
export type { ObjectType } from './object-type.ts';
export { loadPhrases, sayWho, type PhraseLanguage, type Phrases } from './phrases.ts';
export type { PersonRows } from './replica/fact-rows.ts';
export {
  buildReplica,
  loadFactsReplica,
  openFactsReplica,
  type FactsReplica,
} from './replica/facts-replica.ts';
export { openFactPacker, type FactPacker } from './replica/pack-facts.ts';
export { birthDayOf, FACT_KINDS, linkDetail, roleDetail } from './replica/fact-words.ts';
export { openReplicaEngine, type ReplicaEngine } from './replica/replica-engine.ts';
export { replayDecision, type PastDecision, type Replay } from './replay-decisions.ts';
export type { Rule } from './rules.ts';
export type { ShadowMismatch, ShadowOptions } from './shadow.ts';
export {
  testPolicies,
  type PolicyTestCounts,
  type PolicyTestFailure,
  type PolicyTestResult,
  type RuleCoverage,
  type TriedCheck,
} from './test-policies.ts';
export type { Vocabulary } from './vocabulary.ts';
export { buildWorlds, type World } from './worlds.ts';
