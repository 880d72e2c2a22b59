import type { FastifyRequest } from 'fastify';
import type { Resource } from '@socle/authorization';
import type { Socle } from '../compose.ts';
import { logoAddress } from '../http/logos.ts';
import { findLogoDigest } from '../logos/store.ts';
import { loadPersonContext } from '../modules/person-context.ts';
import type { Visitor } from './visit.ts';

/** The person whose session this request bears, with their facts; undefined for nobody. */
export async function loadVisitor(socle: Socle, request: FastifyRequest): Promise<Visitor | undefined> {
  const session = await socle.identity.checkSession(request);
  if (!session) return undefined;
  const [facts, { context, logo }] = await Promise.all([
    socle.decisions.loadFacts(session.personId),
    socle.database.transaction(
      async (tx) => {
        const found = await loadPersonContext(tx, session.personId, socle.clock.now());
        const [only, ...others] = found?.schools ?? [];
        return {
          context: found,
          logo: only && others.length === 0 ? await findLogoDigest(tx, only.id) : undefined,
        };
      },
      { scope: 'all', readOnly: true },
    ),
  ]);
  if (!facts || !context) return undefined;
  const decide = (action: string, resource: Resource) =>
    socle.decisions.decide(facts, { action, resource, acr: session.acr });
  const [school, ...others] = context.schools;
  const held = new Set(facts.roles.map(({ role }) => role));
  return {
    session,
    facts,
    context,
    ...(school && others.length === 0
      ? { school: { name: school.name, href: '/', ...(logo && { logo: logoAddress(logo) }) } }
      : {}),
    decide,
    may: (action, resource) => decide(action, resource).allowed,
    holds: (...roles) => roles.some((role) => held.has(role)),
  };
}
