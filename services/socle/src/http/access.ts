import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Fixtures } from '@socle/authorization';
import type { Audit } from '@socle/audit';
import { registerSearches } from './access-search.ts';
import { openEntitiesWorld } from './access-worlds/entities-world.ts';
import { openTerritoryWorld, type TerritoryOptions } from './access-worlds/territory-world.ts';
import type { AccessWorld } from './access-worlds/world.ts';
import { buildDecisionListener } from './decision-listener.ts';
import { describeRoute } from './describe-route.ts';
import { evaluationSchema, partialEvaluationSchema } from './evaluation.ts';
import { buildEvaluator, type EvaluationAnswer } from './evaluator.ts';
import { requireModuleCaller, type ModuleCaller } from './module-caller.ts';
import { parseAccessRequest } from './parse-access-request.ts';

const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
const MAX_EVALUATIONS = 500;
const MAX_REQUEST_ID_LENGTH = 200;

const evaluationsSchema = partialEvaluationSchema.extend({
  evaluations: z.array(partialEvaluationSchema).max(MAX_EVALUATIONS).optional(),
  options: z
    .object({ evaluations_semantic: z.enum(SEMANTICS).optional() })
    .loose()
    .optional(),
});

const ONE = {
  summary: 'May this person do this?',
  description: 'AuthZEN Authorization API 1.0 §6: access evaluation.',
  body: evaluationSchema,
};
const SEVERAL = {
  summary: 'Several questions in one request',
  description: 'AuthZEN Authorization API 1.0 §7: access evaluations, with the three semantics.',
  body: evaluationsSchema,
};

export interface AccessRoutesOptions extends TerritoryOptions {
  readonly issuer: string;
  readonly audit: Audit;
  /** People and things of the policies folder, in place of the territory's: for a certification of the interface. */
  readonly entities?: Fixtures;
}

/**
 * The AuthZEN endpoints: metadata (§9), one evaluation (§6), several (§7) with the three semantics, and the searches (§8).
 * Callers are school modules; a subject, and the `pupil` and `owner` of a resource, are pairwise subjects of the caller.
 */
export function buildAccessRoutes(options: AccessRoutesOptions): FastifyPluginAsync {
  const { issuer, decisions, entities } = options;
  const openWorld = (caller: ModuleCaller): AccessWorld =>
    entities === undefined ? openTerritoryWorld(options, caller) : openEntitiesWorld(entities);
  const openListener = (caller: ModuleCaller) =>
    entities === undefined ? buildDecisionListener(options, caller) : undefined;
  return async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      const id = request.headers['x-request-id'];
      if (typeof id === 'string' && id.length <= MAX_REQUEST_ID_LENGTH) void reply.header('x-request-id', id);
    });

    app.get('/.well-known/authzen-configuration', async (_request, reply) => {
      void reply.header('cache-control', 'public, max-age=3600');
      return {
        policy_decision_point: issuer,
        access_evaluation_endpoint: `${issuer}/access/v1/evaluation`,
        access_evaluations_endpoint: `${issuer}/access/v1/evaluations`,
        search_subject_endpoint: `${issuer}/access/v1/search/subject`,
        search_resource_endpoint: `${issuer}/access/v1/search/resource`,
        search_action_endpoint: `${issuer}/access/v1/search/action`,
      };
    });

    app.post('/access/v1/evaluation', describeRoute(ONE), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const world = openWorld(caller);
      const evaluation = parseAccessRequest(evaluationSchema, request.body);
      await world.prepare([evaluation], [evaluation.subject.id]);
      return buildEvaluator(decisions, world, openListener(caller)).evaluate(evaluation);
    });

    app.post('/access/v1/evaluations', describeRoute(SEVERAL), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const world = openWorld(caller);
      const evaluator = buildEvaluator(decisions, world, openListener(caller));
      const {
        evaluations,
        options: semantics,
        ...defaults
      } = parseAccessRequest(evaluationsSchema, request.body);
      const isOne = !evaluations || evaluations.length === 0;
      const whole = (isOne ? [{}] : evaluations).map((item) =>
        parseAccessRequest(evaluationSchema, { ...defaults, ...item }),
      );
      await world.prepare(
        whole,
        whole.map(({ subject }) => subject.id),
      );
      if (isOne) return evaluator.evaluate(whole[0]!);
      const semantic = semantics?.evaluations_semantic ?? 'execute_all';
      const answers: EvaluationAnswer[] = [];
      for (const item of whole) {
        const answer = await evaluator.evaluate(item);
        answers.push(answer);
        if (semantic === 'deny_on_first_deny' && !answer.decision) break;
        if (semantic === 'permit_on_first_permit' && answer.decision) break;
      }
      return { evaluations: answers };
    });

    registerSearches(app, { ...options, openWorld });
  };
}
