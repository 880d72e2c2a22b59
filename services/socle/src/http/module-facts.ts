import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { listNeededFacts, trimFacts, type NeededFacts, type PersonFacts } from '@socle/authorization';
import type { Clock, PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import { loadAuthorizationChanges, loadFactsBoundary, loadPersonFacts } from '@socle/directory';
import type { Identity } from '@socle/identity';
import type { Changes } from '../distribution/changes.ts';
import type { PoliciesInForce } from '../distribution/policies-in-force.ts';
import { ServiceError } from '../errors.ts';
import { describeRoute } from './describe-route.ts';
import { requireModuleCaller, requirePerson } from './module-caller.ts';

const subjectParams = z.object({ sub: z.string().min(1).max(200) });
const changesQuery = z.object({
  since: z.coerce.number().int().min(0),
  policies: z.coerce.number().int().min(0).default(0),
  sessions: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
  wait: z.coerce.number().int().min(0).max(25).default(0),
});

const FACTS = {
  summary: 'The facts by which rules of this module decide about a person who is signed in to it',
  params: subjectParams,
};
const CHANGES = {
  summary: 'Whose facts changed since a revision, which policies are in force, which sessions ended',
  description: 'Waits up to `wait` seconds for a change. `everybody` means: read again whatever you hold.',
  querystring: changesQuery,
};

export interface ModuleFactsOptions {
  readonly identity: Identity;
  readonly database: Database;
  readonly policies: PoliciesInForce;
  readonly changes: Changes;
  readonly clock: Clock;
}

/** What a module needs to decide in its own process: facts in its own subjects, and what becomes of them. */
export function buildModuleFacts(options: ModuleFactsOptions): FastifyPluginAsync {
  const { identity, database, policies, changes, clock } = options;
  let needed = new Map<string, NeededFacts>();
  let neededOf = '';
  const neededFacts = (module: string): NeededFacts => {
    const { digest } = policies.engine.policies;
    if (neededOf !== digest) [needed, neededOf] = [new Map(), digest];
    const known = needed.get(module) ?? listNeededFacts(policies.engine.policies, module);
    needed.set(module, known);
    return known;
  };

  return async (app) => {
    app.get('/modules/v1/facts/:sub', describeRoute(FACTS), async (request, reply) => {
      const caller = await requireModuleCaller(options, request);
      const { sub } = subjectParams.parse(request.params);
      const person = await requirePerson(options, caller, sub);
      // A module knows the subjects of whole classes: what they may do concerns it only once they come.
      if (!(await identity.isSignedInTo(database, caller.clientId, person))) {
        throw new ServiceError('access_denied', {
          status: 403,
          publicMessage: 'This person is not signed in to this module.',
        });
      }
      void reply.header('cache-control', 'no-store');
      return database.transaction(
        async (tx) => {
          const now = clock.now();
          const facts = trimFacts(await loadPersonFacts(tx, person, now), neededFacts(caller.module.id));
          const boundary = facts.children.length > 0 ? await loadFactsBoundary(tx, person, now) : undefined;
          const children = facts.children.map(({ child }) => child as PersonId);
          const subjects = await identity.pairwiseSubjects(tx, caller.sector, children);
          return {
            module: caller.module.id,
            policies: policies.number,
            ...describeFacts(sub, facts, subjects, boundary),
          };
        },
        { scope: 'all' },
      );
    });

    app.get('/modules/v1/changes', describeRoute(CHANGES), async (request, reply) => {
      const caller = await requireModuleCaller(options, request);
      const asked = changesQuery.safeParse(request.query);
      if (!asked.success) {
        throw new ServiceError('request_refused', {
          status: 400,
          publicMessage: 'Ask with since=<revision>, and if you will policies, sessions and wait.',
        });
      }
      const { since, policies: known, sessions, wait } = asked.data;
      await changes.wait(
        (state) =>
          state.revision <= since &&
          state.policies === known &&
          (sessions === undefined || state.sessions === sessions),
        wait * 1000,
      );
      void reply.header('cache-control', 'no-store');
      return database.transaction(
        async (tx) => {
          const { revision, people } = await loadAuthorizationChanges(tx, since);
          const ended = await identity.sessionsEndedSince(tx, sessions);
          const subjects =
            people === 'everybody'
              ? people
              : [...(await identity.knownSubjects(tx, caller.sector, [...people])).values()];
          return {
            revision,
            people: subjects,
            policies: policies.number,
            sessions: ended.cursor,
            ended: ended.ended.filter(({ clientId }) => clientId === caller.clientId).map(({ sid }) => sid),
          };
        },
        { scope: 'all' },
      );
    });
  };
}

/** Facts as they travel: people by the module's subjects, instants as ISO 8601. */
function describeFacts(
  sub: string,
  facts: PersonFacts,
  subjects: ReadonlyMap<PersonId, string>,
  boundary: Date | undefined,
) {
  const { person: _person, schools, children, revision, ...others } = facts;
  return {
    sub,
    revision,
    ...(boundary === undefined ? {} : { validUntil: boundary }),
    facts: {
      ...others,
      children: children.map((link) => ({ ...link, child: subjects.get(link.child as PersonId)! })),
      schools: [...schools].map(([id, place]) => ({ id, ...place })),
    },
  };
}
