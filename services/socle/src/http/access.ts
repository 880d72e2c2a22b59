import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ServiceError } from '../errors.ts';
import {
  evaluationSchema,
  openEvaluator,
  partialEvaluationSchema,
  type EvaluationAnswer,
  type EvaluatorOptions,
} from './evaluator.ts';
import { describeRoute } from './describe-route.ts';
import { requireModuleCaller } from './module-caller.ts';

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

export interface AccessRoutesOptions extends EvaluatorOptions {
  readonly issuer: string;
}

/**
 * The AuthZEN endpoints: metadata (§9), one evaluation (§6) and several (§7) with the three semantics. Callers are
 * school modules; a subject, and the `pupil` and `owner` of a resource, are pairwise subjects of the caller.
 */
export function buildAccessRoutes(options: AccessRoutesOptions): FastifyPluginAsync {
  const { issuer } = options;
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
      };
    });

    app.post('/access/v1/evaluation', describeRoute(ONE), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const evaluation = parse(evaluationSchema, request.body);
      const evaluate = await openEvaluator(options, caller, [evaluation]);
      return evaluate(evaluation);
    });

    app.post('/access/v1/evaluations', describeRoute(SEVERAL), async (request) => {
      const caller = await requireModuleCaller(options, request);
      const { evaluations, options: semantics, ...defaults } = parse(evaluationsSchema, request.body);
      if (!evaluations || evaluations.length === 0) {
        const only = parse(evaluationSchema, defaults);
        return (await openEvaluator(options, caller, [only]))(only);
      }
      const whole = evaluations.map((item) => parse(evaluationSchema, { ...defaults, ...item }));
      const evaluate = await openEvaluator(options, caller, whole);
      const semantic = semantics?.evaluations_semantic ?? 'execute_all';
      const answers: EvaluationAnswer[] = [];
      for (const item of whole) {
        const answer = await evaluate(item);
        answers.push(answer);
        if (semantic === 'deny_on_first_deny' && !answer.decision) break;
        if (semantic === 'permit_on_first_permit' && answer.decision) break;
      }
      return { evaluations: answers };
    });
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new ServiceError('request_refused', {
    status: 400,
    publicMessage: `The evaluation request is refused at ${issue.path.join('.') || 'its root'}: ${issue.message}.`,
  });
}
