import type { FastifyRequest } from 'fastify';
import type { Resource } from '@socle/authorization';
import type { Socle } from '../compose.ts';
import { loadPersonContext } from '../modules/person-context.ts';
import type { Visitor } from './visit.ts';

/** The person whose session this request bears, with their facts; undefined for nobody. */
export async function loadVisitor(socle: Socle, request: FastifyRequest): Promise<Visitor | undefined> {
  const session = await socle.identity.checkSession(request);
  if (!session) return undefined;
  const [facts, context] = await Promise.all([
    socle.decisions.loadFacts(session.personId),
    socle.database.transaction((tx) => loadPersonContext(tx, session.personId, socle.clock.now()), {
      scope: 'all',
      readOnly: true,
    }),
  ]);
  if (!facts || !context) return undefined;
  const decide = (action: string, resource: Resource) =>
    socle.decisions.decide(facts, { action, resource, acr: session.acr });
  const held = new Set(facts.roles.map(({ role }) => role));
  return {
    session,
    facts,
    context,
    decide,
    may: (action, resource) => decide(action, resource).allowed,
    holds: (...roles) => roles.some((role) => held.has(role)),
  };
}
