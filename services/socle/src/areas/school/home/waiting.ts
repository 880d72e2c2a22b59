import type { Visit } from '../../visit.ts';
import { loadOpenAuthority } from '../authority/open-authority.ts';
import { loadPairs } from '../duplicates/joinable.ts';

/** What waits for this person, in counts. */
export interface Waiting {
  /** Decisions on parental authority that another person entered. */
  readonly authority: number;
  /** Late judgments of which the time before is to be looked at. */
  readonly reviews: number;
  /** Pairs of entries that may be one person. */
  readonly duplicates: number;
  /** Acts that need a second person, such as an import that the guard stopped. */
  readonly approvals: number;
}

/** Counts what the rules let this person answer. */
export async function loadWaiting(visit: Visit): Promise<Waiting> {
  const { socle, facts, session, now } = visit;
  const { requests, reviews } = await loadOpenAuthority(visit);
  return socle.database.transaction(
    async (tx) => {
      const approvals = await socle.approvals.listFor(tx, facts, session.acr);
      return {
        authority: requests.filter(({ mayConfirm }) => mayConfirm).length,
        reviews: reviews.filter(({ mayConfirm }) => mayConfirm).length,
        duplicates: (await loadPairs(tx, visit)).length,
        approvals: approvals.filter(
          (row) => row.verdict === null && row.expires_at > now && row.asked_by !== facts.person,
        ).length,
      };
    },
    { scope: 'all', readOnly: true },
  );
}
