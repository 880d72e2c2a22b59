import type { FastifyRequest } from 'fastify';
import type { PersonFacts, Resource } from '@socle/authorization';
import type { PersonId } from '@socle/base';
import type { SocleSession } from '@socle/identity';
import type { Socle } from '../compose.ts';
import { logoAddress } from '../http/logos.ts';
import { findLogoDigest } from '../logos/store.ts';
import { loadPersonContext } from '../modules/person-context.ts';
import { buildSeenSession, type OpenView } from '../view-as/open-view.ts';
import type { Visitor } from './visit.ts';

/**
 * The person whose session this request bears, with their facts; undefined for nobody. While they see in somebody's place,
 * that person, with `view`.
 */
export async function loadVisitor(socle: Socle, request: FastifyRequest): Promise<Visitor | undefined> {
  const session = await socle.identity.checkSession(request);
  if (!session) return undefined;
  const [facts, place] = await Promise.all([
    socle.decisions.loadFacts(session.personId),
    loadPlace(socle, session.personId),
  ]);
  if (!facts || !place.context) return undefined;
  const open = await socle.views.find({ facts, session });
  if (open) {
    const view: OpenView = { row: open.view, viewer: session };
    const seen = await loadPlace(socle, open.view.seen_id);
    const theirs = seen.context && (await buildSeenSession(socle, view, seen.context));
    if (theirs) return buildVisitor(socle, { ...seen, session: theirs, facts: open.seen, view });
  }
  return buildVisitor(socle, { ...place, session, facts });
}

/** What a person may know of themselves, and the logo of the school of those who have only one. */
async function loadPlace(socle: Socle, person: PersonId) {
  return socle.database.transaction(
    async (tx) => {
      const context = await loadPersonContext(tx, person, socle.clock.now());
      const [only, ...others] = context?.schools ?? [];
      return { context, logo: only && others.length === 0 ? await findLogoDigest(tx, only.id) : undefined };
    },
    { scope: 'all', readOnly: true },
  );
}

function buildVisitor(
  socle: Pick<Socle, 'decisions'>,
  {
    session,
    facts,
    context,
    logo,
    view,
  }: Awaited<ReturnType<typeof loadPlace>> & {
    readonly session: SocleSession;
    readonly facts: PersonFacts;
    readonly view?: OpenView;
  },
): Visitor | undefined {
  if (!context) return undefined;
  const decide = (action: string, resource: Resource) =>
    socle.decisions.decide(facts, { action, resource, acr: session.acr });
  const [school, ...others] = context.schools;
  const held = new Set(facts.roles.map(({ role }) => role));
  return {
    session,
    facts,
    context,
    ...(view === undefined ? {} : { view }),
    ...(school && others.length === 0
      ? { school: { name: school.name, href: '/', ...(logo && { logo: logoAddress(logo) }) } }
      : {}),
    decide,
    may: (action, resource) => decide(action, resource).allowed,
    holds: (...roles) => roles.some((role) => held.has(role)),
  };
}
