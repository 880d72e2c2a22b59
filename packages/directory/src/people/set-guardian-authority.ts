import { newId, type ControllerId, type PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import { loadBeliefs, openLateReviews } from '../guardians/review-late-decisions.ts';
import type { GuardianLinkId } from '../ids.ts';
import type { WriteContext } from './grant-role.ts';

/** What a judge may forbid an adult, whoever exercises authority. */
export type Restriction = 'no_contact' | 'no_pickup' | 'no_address' | 'no_information' | 'no_image';

/** A decision about who exercises parental authority, recorded by the school from a judgment or a declaration. */
export interface AuthorityDecision {
  readonly child: PersonId;
  readonly adult: PersonId;
  /** `none`, `suspended` and `withdrawn` let the adult see nothing; `joint` and `sole` give authority back. */
  readonly exercise: 'joint' | 'sole' | 'none' | 'suspended' | 'withdrawn';
  /** In what capacity the adult acts for the child. Default: as before, or as the feed says. */
  readonly capacity?: 'parent' | 'delegate' | 'tutor' | 'ase' | 'other';
  /** How much the adult oversees. Default: as the law has it: all of it with exercise, the essential without. */
  readonly oversight?: 'full' | 'essential' | 'none';
  readonly restrictions?: readonly Restriction[];
  /** Since when the decision holds; may be past (a judgment that arrives late) or to come. */
  readonly validFrom: Date;
  /** Default: until the next decision. */
  readonly validTo?: Date;
  /** Reference of the judgment, or the SHA-256 of its text. Never the text. */
  readonly evidenceReference?: string;
  /** The first declaration of a school without a feed: the two need not be tied yet. Default false. */
  readonly declaresLink?: boolean;
  /** Who wrote the decision down. */
  readonly recordedBy: PersonId;
  /** A second person who checked it against the evidence. */
  readonly confirmedBy: PersonId;
}

/**
 * Records a decision about one adult's authority over one child and logs `directory.authority.recorded`.
 * What was held true before stays readable (`known_at`), and where the new decision does not reach, the earlier one goes
 * on. No feed overwrites it. Where it says that something else held in the past than was believed, it opens a review.
 *
 * @throws DirectoryError `person_unknown`; `authority_without_link` when the two are not tied by any feed or decision;
 *   `authority_unconfirmed` when one person both records and confirms, or either is the adult or the child;
 *   `role_window_invalid` when the end is not after the start.
 */
export async function setGuardianAuthority(
  tx: Tx,
  decision: AuthorityDecision,
  context: WriteContext,
): Promise<GuardianLinkId> {
  const { child, adult, recordedBy, confirmedBy } = decision;
  const concerned: readonly string[] = [child, adult];
  if (recordedBy === confirmedBy || concerned.includes(recordedBy) || concerned.includes(confirmedBy)) {
    throw refuse(
      'authority_unconfirmed',
      422,
      'A decision on authority is recorded by one person and confirmed by another, neither of whom it concerns.',
    );
  }
  if (decision.validTo && decision.validTo <= decision.validFrom) {
    throw refuse('role_window_invalid', 422, 'The end of a decision must come after its start.');
  }
  const controller = await requireChild(tx, child, adult, decision.declaresLink ?? false);
  const isLate = decision.validFrom < context.at;
  const believed = isLate ? await loadBeliefs(tx, decision, decision.validFrom, context.at) : [];
  await withdrawOverlap(tx, decision, context.at);
  const id = newId<GuardianLinkId>(context.at);
  await tx.query(
    `INSERT INTO directory.guardian_links (id, child_id, adult_id, controller_id, kind, exercise, source, valid_from,
       valid_to, recorded_at, recorded_by, confirmed_by, evidence_reference, capacity, oversight, restrictions)
     VALUES ($1, $2, $3, $4, 'legal', $5, 'local', $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      id,
      child,
      adult,
      controller,
      decision.exercise,
      decision.validFrom,
      decision.validTo ?? null,
      context.at,
      recordedBy,
      confirmedBy,
      decision.evidenceReference ?? null,
      decision.capacity ?? null,
      decision.oversight ?? null,
      decision.restrictions ?? [],
    ],
  );
  const reviews = isLate
    ? await openLateReviews(
        tx,
        { ...decision, link: id, controller, from: decision.validFrom, to: decision.validTo },
        believed,
        context.at,
      )
    : 0;
  await context.audit.append(tx, {
    controller,
    actor: context.author,
    action: 'directory.authority.recorded',
    target: { kind: 'person', id: child },
    outcome: 'success',
    detail: {
      adult,
      exercise: decision.exercise,
      from: decision.validFrom.toISOString(),
      ...(decision.validTo ? { until: decision.validTo.toISOString() } : {}),
      confirmed_by: confirmedBy,
      ...(reviews > 0 ? { reviews } : {}),
    },
  });
  return id;
}

async function requireChild(
  tx: Tx,
  child: PersonId,
  adult: PersonId,
  mayDeclare: boolean,
): Promise<ControllerId> {
  // The child's row is locked so that two decisions about one child are taken one after the other.
  const [row] = await tx.query<{ controller_id: ControllerId; linked: boolean }>(
    `SELECT p.controller_id, EXISTS (SELECT FROM directory.guardian_links g
       WHERE g.child_id = p.id AND g.adult_id = $2) AS linked
     FROM directory.people p WHERE p.id = $1 FOR NO KEY UPDATE`,
    [child, adult],
  );
  if (!row) throw refuse('person_unknown', 404, 'This child is not known here.');
  if (!row.linked && !mayDeclare)
    throw refuse('authority_without_link', 422, 'These two people are not tied as child and relative.');
  return row.controller_id;
}

/** Closes what was believed and overlaps, and writes anew the parts of it that the decision leaves as they were. */
async function withdrawOverlap(tx: Tx, decision: AuthorityDecision, at: Date): Promise<void> {
  const overlapping = await tx.query<{ id: string; valid_from: Date; valid_to: Date | null }>(
    `UPDATE directory.guardian_links SET superseded_at = greatest($5, recorded_at)
     WHERE child_id = $1 AND adult_id = $2 AND source = 'local' AND superseded_at IS NULL
       AND tstzrange(valid_from, valid_to) && tstzrange($3, $4)
     RETURNING id, valid_from, valid_to`,
    [decision.child, decision.adult, decision.validFrom, decision.validTo ?? null, at],
  );
  for (const old of overlapping) {
    if (old.valid_from < decision.validFrom)
      await copyLink(tx, old.id, old.valid_from, decision.validFrom, at);
    if (decision.validTo && (old.valid_to === null || old.valid_to > decision.validTo)) {
      await copyLink(tx, old.id, decision.validTo, old.valid_to, at);
    }
  }
}

async function copyLink(tx: Tx, id: string, from: Date, to: Date | null, at: Date): Promise<void> {
  await tx.query(
    `INSERT INTO directory.guardian_links (id, child_id, adult_id, controller_id, kind, exercise, relation_code, source,
       valid_from, valid_to, recorded_at, recorded_by, confirmed_by, evidence_reference, capacity, oversight, restrictions)
     SELECT $2, child_id, adult_id, controller_id, kind, exercise, relation_code, source, $3, $4, $5, recorded_by,
       confirmed_by, evidence_reference, capacity, oversight, restrictions
     FROM directory.guardian_links WHERE id = $1`,
    [id, newId<GuardianLinkId>(at), from, to, at],
  );
}
