import { newId, type Branded, type ControllerId, type PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { GuardianLinkId } from '../ids.ts';
import type { WriteContext } from '../people/write-context.ts';

export type AuthorityReviewId = Branded<'AuthorityReviewId'>;
type Exercise = 'joint' | 'sole' | 'none' | 'suspended' | 'withdrawn';

/** A stretch of time in which something was held true that a later decision says was not. */
export interface AuthorityReview {
  readonly id: AuthorityReviewId;
  readonly child: PersonId;
  readonly adult: PersonId;
  /** What every decision of the socle went by in that time. */
  readonly believed: Exercise;
  /** What is now known to have held. */
  readonly decided: Exercise;
  /** What the adult read or did about the child from here to `until` is to be looked at, in the log. */
  readonly since: Date;
  readonly until: Date;
}

/**
 * Compares what was known with what a decision says of the time before it was recorded, and opens a review for each
 * stretch where they differ. Called by setGuardianAuthority before the earlier belief is superseded.
 */
export async function openLateReviews(
  tx: Tx,
  late: {
    readonly link: GuardianLinkId;
    readonly child: PersonId;
    readonly adult: PersonId;
    readonly controller: ControllerId;
    readonly exercise: Exercise;
    readonly from: Date;
    readonly to: Date | undefined;
  },
  believed: readonly Belief[],
  at: Date,
): Promise<number> {
  const end = late.to && late.to < at ? late.to : at;
  let opened = 0;
  for (const belief of believed) {
    const since = belief.from > late.from ? belief.from : late.from;
    const until = belief.to && belief.to < end ? belief.to : end;
    if (until <= since || belief.exercise === late.exercise) continue;
    opened += 1;
    await tx.query(
      `INSERT INTO directory.authority_reviews (id, link_id, child_id, adult_id, controller_id, believed, decided, since, until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        newId<AuthorityReviewId>(at),
        late.link,
        late.child,
        late.adult,
        late.controller,
        belief.exercise,
        late.exercise,
        since,
        until,
      ],
    );
  }
  return opened;
}

/** What was held true of a pair over a stretch of time. */
export interface Belief {
  readonly exercise: Exercise;
  readonly from: Date;
  readonly to: Date | undefined;
}

/** What is held true now of a pair, as stretches that follow each other from `from` to `to`; nothing where they were not tied. */
export async function loadBeliefs(
  tx: Tx,
  pair: { readonly child: PersonId; readonly adult: PersonId },
  from: Date,
  to: Date,
): Promise<readonly Belief[]> {
  const rows = await tx.query<{
    exercise: Exercise;
    source: string;
    valid_from: Date;
    valid_to: Date | null;
  }>(
    `SELECT exercise, source, valid_from, valid_to FROM directory.guardian_links
     WHERE child_id = $1 AND adult_id = $2 AND superseded_at IS NULL
       AND tstzrange(valid_from, valid_to) && tstzrange($3, $4)`,
    [pair.child, pair.adult, from, to],
  );
  const bounds = [from, to, ...rows.flatMap((row) => [row.valid_from, row.valid_to ?? to])]
    .map((each) => each.getTime())
    .filter((each) => each >= from.getTime() && each <= to.getTime());
  const instants = [...new Set(bounds)].toSorted((left, right) => left - right);
  return instants.slice(0, -1).flatMap((start, index) => {
    const holds = rows.filter(
      (row) => row.valid_from.getTime() <= start && (row.valid_to === null || row.valid_to.getTime() > start),
    );
    // What the school decided hides what the feed says.
    const held = holds.find(({ source }) => source === 'local') ?? holds[0];
    return held
      ? [{ exercise: held.exercise, from: new Date(start), to: new Date(instants[index + 1]!) }]
      : [];
  });
}

/** Reviews that are open, oldest first: of one child, or of all whom the scope shows. */
export async function loadAuthorityReviews(tx: Tx, child?: PersonId): Promise<readonly AuthorityReview[]> {
  return tx.query<AuthorityReview>(
    `SELECT id, child_id AS child, adult_id AS adult, believed, decided, since, until FROM directory.authority_reviews
     WHERE closed_at IS NULL AND ($1::uuid IS NULL OR child_id = $1) ORDER BY since, id`,
    [child ?? null],
  );
}

/**
 * Closes a review with what came of it, and logs `directory.authority.reviewed`.
 *
 * @throws DirectoryError `authority_review_unknown` when there is none that is open; `authority_unconfirmed` when the
 *   closer is the child or the adult.
 */
export async function closeAuthorityReview(
  tx: Tx,
  review: {
    readonly id: AuthorityReviewId;
    readonly by: PersonId;
    /** Nothing happened; the family was told; it was reported further. */
    readonly outcome: 'nothing_done' | 'told' | 'reported';
  },
  context: WriteContext,
): Promise<void> {
  const [closed] = await tx.query<{ child_id: PersonId; adult_id: PersonId; controller_id: ControllerId }>(
    `UPDATE directory.authority_reviews SET closed_by = $2, closed_at = $3, outcome = $4
     WHERE id = $1 AND closed_at IS NULL RETURNING child_id, adult_id, controller_id`,
    [review.id, review.by, context.at, review.outcome],
  );
  if (!closed)
    throw refuse('authority_review_unknown', 404, 'There is no such review, or it is closed already.');
  if (review.by === closed.child_id || review.by === closed.adult_id)
    throw refuse('authority_unconfirmed', 422, 'Nobody closes a review that concerns them.');
  await context.audit.append(tx, {
    controller: closed.controller_id,
    actor: context.author,
    action: 'directory.authority.reviewed',
    target: { kind: 'person', id: closed.child_id },
    outcome: 'success',
    detail: { adult: closed.adult_id, outcome: review.outcome },
  });
}
