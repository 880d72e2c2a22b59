import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Audit } from '@socle/audit';
import type { Database } from '@socle/db';
import type { Decisions } from '../decisions.ts';
import type { AccessWorld, EntityName } from './access-worlds/world.ts';
import { parseAccessRequest } from './parse-access-request.ts';
import { describeRoute } from './describe-route.ts';
import { actionSchema, contextSchema, entitySchema, soughtSchema } from './evaluation.ts';
import { buildEvaluator } from './evaluator.ts';
import { requireModuleCaller, type ModuleCaller, type ModuleGate } from './module-caller.ts';

const PLATFORM = 'platform';
const DEFAULT_LIMIT = 100;
const MOST_RESULTS = 500;
/** Candidates that are looked at together. */
const BATCH = 200;
/** Batches of one answer: a search that finds little gives what it has, and where to go on. */
const MOST_BATCHES = 10;

const page = z
  .object({
    token: z.string().max(200).optional(),
    limit: z.number().int().min(1).max(MOST_RESULTS).optional(),
  })
  .loose()
  .optional();
const subjectSearch = z.object({
  subject: soughtSchema,
  action: actionSchema,
  resource: entitySchema,
  context: contextSchema.optional(),
  page,
});
const resourceSearch = z.object({
  subject: entitySchema,
  action: actionSchema,
  resource: soughtSchema,
  context: contextSchema.optional(),
  page,
});
const actionSearch = z.object({
  subject: entitySchema,
  resource: entitySchema,
  context: contextSchema.optional(),
  page,
});

export interface SearchOptions extends ModuleGate {
  readonly decisions: Decisions;
  readonly audit: Audit;
  readonly database: Database;
  readonly openWorld: (caller: ModuleCaller) => AccessWorld;
}

/** One page of a search (§8.1): an empty token on the last one. */
interface SearchAnswer<Result> {
  readonly results: readonly Result[];
  readonly page: { readonly next_token: string; readonly count: number };
}

/**
 * The three searches (AuthZEN 1.0 §8): who may, on what, and what. Each candidate is put to the engine, so that what is
 * found is what is decided. Things that a module holds itself are not known here: a search for them finds nothing.
 */
export function registerSearches(app: FastifyInstance, options: SearchOptions): void {
  const { decisions, openWorld } = options;

  async function open(request: FastifyRequest, kind: string) {
    const caller = await requireModuleCaller(options, request);
    await options.audit.record({
      controller: PLATFORM,
      actor: { kind: 'client', id: caller.clientId },
      action: 'service.access.searched',
      outcome: 'success',
      detail: { kind },
    });
    return openWorld(caller);
  }

  app.post(
    '/access/v1/search/subject',
    describeRoute({ summary: 'Who may do this? (AuthZEN 1.0 §8.4)', body: subjectSearch }),
    async (request): Promise<SearchAnswer<EntityName>> => {
      const world = await open(request, 'subject');
      const {
        subject,
        action,
        resource,
        context,
        page: asked,
      } = parseAccessRequest(subjectSearch, request.body);
      await world.prepare([{ resource }], []);
      const described = world.describe(resource);
      const { allows } = buildEvaluator(decisions, world);
      return gather(asked, async (at) => {
        const { candidates, ...rest } = await world.listSubjects(described, at);
        const found = candidates.filter(
          ({ name, facts }) =>
            (name.type === subject.type || subject.type === 'user') &&
            allows(facts, action.name, described, context),
        );
        return { found: found.map(({ name }) => ({ ...name, type: subject.type })), ...rest };
      });
    },
  );

  app.post(
    '/access/v1/search/resource',
    describeRoute({ summary: 'On what may this person do this? (AuthZEN 1.0 §8.5)', body: resourceSearch }),
    async (request): Promise<SearchAnswer<EntityName>> => {
      const world = await open(request, 'resource');
      const {
        subject,
        action,
        resource,
        context,
        page: asked,
      } = parseAccessRequest(resourceSearch, request.body);
      await world.prepare([], [subject.id]);
      const facts = await world.factsOf(subject);
      if (!facts) return { results: [], page: { next_token: '', count: 0 } };
      const { allows } = buildEvaluator(decisions, world);
      return gather(asked, async (at) => {
        const { candidates, ...rest } = await world.listResources(resource.type, facts, at);
        const found = candidates.filter((candidate) =>
          allows(facts, action.name, candidate.resource, context),
        );
        // a pupil of two classes is one entry
        const names = new Map(found.map(({ name }) => [name.id, name]));
        return { found: [...names.values()], ...rest };
      });
    },
  );

  app.post(
    '/access/v1/search/action',
    describeRoute({ summary: 'What may this person do to this? (AuthZEN 1.0 §8.6)', body: actionSearch }),
    async (request): Promise<SearchAnswer<{ readonly name: string }>> => {
      const world = await open(request, 'action');
      const { subject, resource, context } = parseAccessRequest(actionSearch, request.body);
      await world.prepare([{ resource }], [subject.id]);
      const facts = await world.factsOf(subject);
      const type = decisions.policies().vocabulary.objects.get(resource.type);
      const described = world.describe(resource);
      const { allows } = buildEvaluator(decisions, world);
      const results =
        facts === undefined
          ? []
          : (type?.actions ?? [])
              .filter((name) => allows(facts, name, described, context))
              .map((name) => ({ name }));
      return { results, page: { next_token: '', count: results.length } };
    },
  );
}

/** Looks at candidates batch by batch until the page is full. A batch is never cut: a page may hold a little more. */
async function gather<Result>(
  asked: z.infer<typeof page>,
  look: (at: {
    readonly cursor?: string;
    readonly limit: number;
  }) => Promise<{ readonly found: readonly Result[]; readonly next?: string }>,
): Promise<SearchAnswer<Result>> {
  const limit = asked?.limit ?? DEFAULT_LIMIT;
  const results: Result[] = [];
  let cursor = asked?.token === undefined || asked.token === '' ? undefined : asked.token;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const { found, next } = await look({
      limit: Math.min(BATCH, limit),
      ...(cursor === undefined ? {} : { cursor }),
    });
    results.push(...found);
    cursor = next;
    if (next === undefined || results.length >= limit) break;
  }
  return { results, page: { next_token: cursor ?? '', count: results.length } };
}
