import type { PersonId } from '@socle/base';
import {
  loadAuthorityRequests,
  loadAuthorityReviews,
  loadPersonFacts,
  type AuthorityRequest,
  type AuthorityReview,
} from '@socle/directory';
import type { Visit } from '../../visit.ts';

/** What is open about parental authority in the schools where this person may read it. */
export interface OpenAuthority {
  readonly requests: readonly (AuthorityRequest & { readonly mayConfirm: boolean })[];
  readonly reviews: readonly (AuthorityReview & { readonly mayConfirm: boolean })[];
}

/**
 * Decisions that wait and reviews that are open, of pupils whose authority the rules let this person read: of one child,
 * or of all whose data the controllers of their schools answer for.
 */
export async function loadOpenAuthority(visit: Visit, child?: PersonId): Promise<OpenAuthority> {
  const { socle, context, facts, now } = visit;
  const schools = context.schools.filter(({ id }) =>
    visit.may('directory.authority.read', { type: 'directory.authority', school: id }),
  );
  if (schools.length === 0) return { requests: [], reviews: [] };
  return socle.database.transaction(
    async (tx) => {
      const requests = await loadAuthorityRequests(tx, now, child);
      const reviews = await loadAuthorityReviews(tx, child);
      const children = new Set([
        ...requests.map(({ decision }) => decision.child),
        ...reviews.map(({ child }) => child),
      ]);
      const places = new Map<PersonId, readonly string[]>();
      for (const each of children) places.set(each, pupilPlaces(await loadPersonFacts(tx, each, now)));
      const may = (action: string, child: PersonId) =>
        mayAbout(visit, action, child, places.get(child) ?? []);
      return {
        requests: requests
          .filter(({ decision }) => may('directory.authority.read', decision.child))
          .map((request) => ({
            ...request,
            mayConfirm:
              request.enteredBy !== facts.person &&
              ![request.decision.child, request.decision.adult].includes(facts.person as PersonId) &&
              may('directory.authority.confirm', request.decision.child),
          })),
        reviews: reviews
          .filter((review) => may('directory.authority.read', review.child))
          .map((review) => ({
            ...review,
            mayConfirm:
              ![review.child, review.adult].includes(facts.person as PersonId) &&
              may('directory.authority.confirm', review.child),
          })),
      };
    },
    {
      scope: child ? 'all' : [...new Set(schools.map(({ controller }) => controller))],
      readOnly: true,
    },
  );
}

/** The schools in which somebody is a pupil. */
export function pupilPlaces({
  roles,
}: {
  readonly roles: readonly { readonly role: string; readonly scope: string; readonly domain: string }[];
}): readonly string[] {
  return roles
    .filter(({ role, scope }) => role === 'pupil' && scope === 'school')
    .map(({ domain }) => domain);
}

/** Do the rules let this person do `action` about the authority over this pupil of one of these schools? */
export function mayAbout(visit: Visit, action: string, pupil: PersonId, schools: readonly string[]): boolean {
  return schools.some((school) => visit.may(action, { type: 'directory.authority', school, pupil }));
}
