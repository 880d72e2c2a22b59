import type { Decision, PersonFacts, Resource } from '@socle/authorization';
import type { Decisions } from '../decisions.ts';
import type { AccessWorld } from './access-worlds/world.ts';
import type { Evaluation } from './evaluation.ts';

/** The answer to one evaluation (AuthZEN 1.0 §6.2). */
export interface EvaluationAnswer {
  readonly decision: boolean;
  readonly context: {
    readonly basis: Decision['basis'] | 'unknown_subject';
    readonly rule?: string;
    /** The revision of the facts that were judged. */
    readonly rev?: number;
    /** Digest of the policies that decided. */
    readonly policyRev?: string;
  };
}

/** Decides in the names of a world. */
export interface Evaluator {
  evaluate(evaluation: Evaluation): Promise<EvaluationAnswer>;
  /** The verdict on what was resolved already. */
  allows(facts: PersonFacts, action: string, resource: Resource, context: Evaluation['context']): boolean;
}

/** Told of each decision, before it is answered; a failure of its is a failure to decide. */
export type DecisionListener = (taken: {
  readonly facts: PersonFacts;
  readonly action: string;
  readonly resource: Resource;
  readonly acr: string | undefined;
  readonly decision: Decision;
}) => Promise<void>;

/** Binds the policies in force and a world. */
export function buildEvaluator(
  decisions: Decisions,
  world: AccessWorld,
  onDecision?: DecisionListener,
): Evaluator {
  const judge = (facts: PersonFacts, action: string, resource: Resource, context: Evaluation['context']) => {
    const acr = context?.['acr'];
    return decisions.decide(facts, { action, resource, ...(typeof acr === 'string' ? { acr } : {}) });
  };
  return {
    allows: (facts, action, resource, context) => judge(facts, action, resource, context).allowed,
    async evaluate(evaluation) {
      const minRev = evaluation.context?.['minRev'];
      const facts = await world.factsOf(
        evaluation.subject,
        typeof minRev === 'number' && Number.isSafeInteger(minRev) ? minRev : undefined,
      );
      if (!facts) return { decision: false, context: { basis: 'unknown_subject' } };
      const policyRev = decisions.policies().digest;
      // What memory has not reached was asked of the database, so only a revision that does not exist yet is not reached.
      if (typeof minRev === 'number' && facts.revision < minRev)
        return { decision: false, context: { basis: 'error', rev: facts.revision, policyRev } };
      const { name } = evaluation.action;
      const resource = world.describe(evaluation.resource);
      const decision = judge(facts, name, resource, evaluation.context);
      const acr = evaluation.context?.['acr'];
      await onDecision?.({
        facts,
        action: name,
        resource,
        acr: typeof acr === 'string' ? acr : undefined,
        decision,
      });
      const rule = decision.rule ? { rule: decision.rule } : {};
      return {
        decision: decision.allowed,
        context: { basis: decision.basis, ...rule, rev: facts.revision, policyRev },
      };
    },
  };
}
