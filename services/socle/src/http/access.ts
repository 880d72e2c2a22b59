import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Decision, PersonFacts, Resource } from '@socle/authorization';
import type { Database } from '@socle/db';
import type { Identity } from '@socle/identity';
import type { Decisions } from '../decisions.ts';
import { ServiceError } from '../errors.ts';
import { requireModuleCaller, type ModuleCaller } from './module-caller.ts';

const subject = z.object({ type: z.string(), id: z.string().min(1) });
const action = z.object({ name: z.string().min(1) });
const resource = z.object({
  type: z.string().min(1),
  id: z.string().min(1),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const context = z.record(z.string(), z.unknown());

const evaluationSchema = z.object({ subject, action, resource, context: context.optional() });

const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
const MAX_EVALUATIONS = 500;

const evaluationsSchema = z.object({
  subject: subject.optional(),
  action: action.optional(),
  resource: resource.optional(),
  context: context.optional(),
  evaluations: z
    .array(
      z.object({
        subject: subject.optional(),
        action: action.optional(),
        resource: resource.optional(),
        context: context.optional(),
      }),
    )
    .max(MAX_EVALUATIONS)
    .optional(),
  options: z
    .object({ evaluations_semantic: z.enum(SEMANTICS).optional() })
    .loose()
    .optional(),
});

type Evaluation = z.infer<typeof evaluationSchema>;

/** AuthZEN Authorization API 1.0: the answer to one evaluation. */
interface EvaluationAnswer {
  readonly decision: boolean;
  readonly context: {
    readonly basis: Decision['basis'] | 'unknown_subject';
    readonly rule?: string;
    readonly rev?: number;
  };
}

export interface AccessRoutesOptions {
  readonly issuer: string;
  readonly identity: Identity;
  readonly database: Database;
  readonly decisions: Decisions;
}

/**
 * The AuthZEN endpoints: metadata (§9), one evaluation (§6) and several (§7) with the three semantics. Callers are
 * school modules; a subject, and the `pupil` and `owner` of a resource, are pairwise subjects of the caller.
 */
export function buildAccessRoutes(options: AccessRoutesOptions): FastifyPluginAsync {
  const { issuer, identity } = options;
  return async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      const id = request.headers['x-request-id'];
      if (typeof id === 'string' && id.length <= 200) void reply.header('x-request-id', id);
    });

    app.get('/.well-known/authzen-configuration', async (_request, reply) => {
      void reply.header('cache-control', 'public, max-age=3600');
      return {
        policy_decision_point: issuer,
        access_evaluation_endpoint: `${issuer}/access/v1/evaluation`,
        access_evaluations_endpoint: `${issuer}/access/v1/evaluations`,
      };
    });

    app.post('/access/v1/evaluation', async (request) => {
      const caller = await requireModuleCaller(identity, request);
      const evaluate = openEvaluator(options, caller);
      return evaluate(parse(evaluationSchema, request.body));
    });

    app.post('/access/v1/evaluations', async (request) => {
      const caller = await requireModuleCaller(identity, request);
      const evaluate = openEvaluator(options, caller);
      const body = parse(evaluationsSchema, request.body);
      const { evaluations, options: semantics, ...defaults } = body;
      if (!evaluations || evaluations.length === 0) return evaluate(parse(evaluationSchema, defaults));
      const semantic = semantics?.evaluations_semantic ?? 'execute_all';
      const answers: EvaluationAnswer[] = [];
      for (const item of evaluations) {
        const answer = await evaluate(parse(evaluationSchema, { ...defaults, ...item }));
        answers.push(answer);
        if (semantic === 'deny_on_first_deny' && !answer.decision) break;
        if (semantic === 'permit_on_first_permit' && answer.decision) break;
      }
      return { evaluations: answers };
    });
  };
}

/** Evaluates for one request: each person's facts and each subject are looked up once. */
function openEvaluator(
  options: AccessRoutesOptions,
  caller: ModuleCaller,
): (evaluation: Evaluation) => Promise<EvaluationAnswer> {
  const people = new Map<string, Promise<PersonFacts | undefined>>();
  const ids = new Map<string, Promise<string>>();

  function factsOf(sub: string): Promise<PersonFacts | undefined> {
    const known = people.get(sub);
    if (known) return known;
    const loading = options.identity
      .resolveSubject(options.database, caller.sector, sub)
      .then((person) => (person ? options.decisions.loadFacts(person) : undefined));
    people.set(sub, loading);
    return loading;
  }

  function personOf(sub: unknown): Promise<string | undefined> {
    if (typeof sub !== 'string') return Promise.resolve(undefined);
    const known = ids.get(sub);
    if (known) return known;
    // a subject that nobody has stands for nobody: no rule relates to it
    const loading = options.identity
      .resolveSubject(options.database, caller.sector, sub)
      .then((person) => person ?? `nobody:${sub.slice(0, 64)}`);
    ids.set(sub, loading);
    return loading;
  }

  return async ({ subject: asked, action: act, resource: on, context: circumstances }) => {
    const facts = asked.type === 'person' ? await factsOf(asked.id) : undefined;
    if (!facts) return { decision: false, context: { basis: 'unknown_subject' } };
    const properties = on.properties ?? {};
    const described: Resource = {
      type: on.type,
      id: on.id,
      ...pickTexts(properties, ['school', 'division', 'subject']),
      ...pickFlags(properties, ['published', 'closed']),
      ...withoutUndefined({
        pupil: await personOf(properties.pupil),
        owner: await personOf(properties.owner),
      }),
    };
    const acr = circumstances?.acr;
    const decision = options.decisions.decide(facts, {
      action: act.name,
      resource: described,
      ...(typeof acr === 'string' ? { acr } : {}),
    });
    return {
      decision: decision.allowed,
      context: {
        basis: decision.basis,
        ...(decision.rule ? { rule: decision.rule } : {}),
        rev: facts.revision,
      },
    };
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

function pickTexts(properties: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof properties[name] === 'string' ? [[name, properties[name]]] : [])),
  );
}

function pickFlags(properties: Record<string, unknown>, names: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof properties[name] === 'boolean' ? [[name, properties[name]]] : [])),
  );
}

function withoutUndefined(members: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
