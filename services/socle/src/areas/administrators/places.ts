import type { Resource, RoleFact } from '@socle/authorization';
import { isUuid } from '@socle/base';
import {
  DELEGATIONS,
  ADMINISTRATIVE_ROLES,
  loadAdministeredPlaces,
  loadEntitiesBelow,
  type AdministeredPlace,
  type AdministrativeRole,
  type Entity,
  type EntityId,
} from '@socle/directory';
import { ServiceError } from '../../errors.ts';
import type { Visit, Visitor } from '../visit.ts';

const TYPE = 'directory.administrator';
export const READ = 'directory.administrator.read';
export const APPOINT = 'directory.administrator.appoint';
/** Seconds for which a proof is recent enough to change who administers. */
const RECENT_SECONDS = 900;

/** The thing that the rules decide about, in one place. */
export function administratorsOf({ scope, school, academy, region }: AdministeredPlace): Resource {
  if (scope === 'school') return { type: TYPE, school: school! };
  return scope === 'academy' ? { type: TYPE, academy: academy!, region } : { type: TYPE, region };
}

/** The areas of whoever reads who administers in some place, by their roles. */
export function readsSomewhere(visitor: Visitor): boolean {
  return visitor.facts.roles.some((held) => visitor.may(READ, { type: TYPE, [held.scope]: held.domain }));
}

/** Lets pass whoever proved a second factor in the last quarter of an hour. @throws IdentityError `step_up_required`. */
export function requireFactor({ socle, session }: Visit, returnTo: string): void {
  socle.identity.requireAcr(session, { acr: 'factor', maxAgeSeconds: RECENT_SECONDS, returnTo });
}

/** Places that the visitor may read: those of their own roles, then the schools of these. */
export async function loadReadable(visit: Visit): Promise<readonly AdministeredPlace[]> {
  const domains = visit.facts.roles.map(({ domain }) => domain);
  const ids = [...new Set([...domains, ...visit.facts.schools.keys()])];
  const found = await visit.socle.database.transaction(
    async (tx) => {
      const places: AdministeredPlace[] = [];
      for (const id of ids) places.push(...(await loadAdministeredPlaces(tx, id as EntityId)));
      return places;
    },
    { scope: 'all', readOnly: true },
  );
  const width = { region: 0, academy: 1, school: 2 } as const;
  return found
    .filter((place) => visit.may(READ, administratorsOf(place)))
    .toSorted((a, b) => width[a.scope] - width[b.scope] || a.name.localeCompare(b.name, 'fr'));
}

/** The node that an address or a form names, and what it stands for. @throws ServiceError `not_found` (404). */
export async function requirePlaces(
  visit: Visit,
  id: string | undefined,
  action: typeof READ | typeof APPOINT,
): Promise<readonly AdministeredPlace[]> {
  if (!isUuid(id)) throw unknownPlace();
  const places = await visit.socle.database.transaction(
    (tx) => loadAdministeredPlaces(tx, id as string as EntityId),
    { scope: 'all', readOnly: true },
  );
  for (const place of places) await visit.requireMay(action, administratorsOf(place));
  return places;
}

/** Communes, départements, owners and networks right under an academy or deeper: names of several schools at once. */
export async function loadTerritories(visit: Visit, place: AdministeredPlace): Promise<readonly Entity[]> {
  if (place.scope === 'school') return [];
  return visit.socle.database.transaction(
    async (tx) => {
      const found: Entity[] = [];
      let level: readonly EntityId[] = [place.id as EntityId];
      while (level.length > 0) {
        const below = (await Promise.all(level.map((id) => loadEntitiesBelow(tx, id)))).flat();
        found.push(...below.filter(({ kind }) => kind === 'department' || kind === 'commune'));
        level = below.filter(({ kind }) => kind !== 'school').map(({ id }) => id);
      }
      return found;
    },
    { scope: 'all', readOnly: true },
  );
}

/** A role that the visitor may give in all of these places, and until when at most. */
export interface GivableRole {
  readonly role: AdministrativeRole;
  readonly until?: Date;
}

/** To show the choices: the directory decides again when the role is given. */
export function listGivable(visit: Visit, places: readonly AdministeredPlace[]): readonly GivableRole[] {
  return ADMINISTRATIVE_ROLES.flatMap((role) => {
    const { scopes, heldWithin } = DELEGATIONS[role];
    const covers = places.map((place) =>
      scopes.includes(place.scope)
        ? visit.facts.roles.filter(
            (held) =>
              heldWithin.some((name) => name === held.role) &&
              isInForce(held, visit.now) &&
              reaches(held, place),
          )
        : [],
    );
    if (covers.some((held) => held.length === 0)) return [];
    const ends = covers.map((held) =>
      held.some(({ to }) => to === undefined)
        ? Number.POSITIVE_INFINITY
        : Math.max(...held.map(({ to }) => to!.getTime())),
    );
    const until = Math.min(...ends);
    return [{ role, ...(Number.isFinite(until) ? { until: new Date(until) } : {}) }];
  });
}

function reaches({ scope, domain }: RoleFact, { school, academy, region }: AdministeredPlace): boolean {
  return domain === { school, academy, region }[scope];
}

function isInForce({ from, to }: RoleFact, now: Date): boolean {
  return (from === undefined || from <= now) && (to === undefined || to > now);
}

function unknownPlace(): ServiceError {
  return new ServiceError('not_found', { status: 404, publicMessage: 'There is no such place.' });
}
