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
