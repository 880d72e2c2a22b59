import { newId, type Branded, type ControllerId, type PersonId } from '@socle/base';
import { sqlState, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { GuardianLinkId } from '../ids.ts';
import type { WriteContext } from '../people/grant-role.ts';
import { setGuardianAuthority, type AuthorityDecision } from '../people/set-guardian-authority.ts';

export type AuthorityRequestId = Branded<'AuthorityRequestId'>;

/** A decision as its first author enters it. */
export type EnteredAuthority = Omit<AuthorityDecision, 'recordedBy' | 'confirmedBy' | 'declaresLink'>;

const VALID_DAYS = 30;
const DAY_MS = 86_400_000;
const UNIQUE_VIOLATION = '23505';

/**
 * Enters a decision about a parent's authority, for another person to confirm within 30 days, and logs
 * `directory.authority.entered`. It changes nobody's rights yet.
 *
 * @throws DirectoryError `person_unknown`; `authority_unconfirmed` when the author is the child or the adult;
 *   `authority_request_waiting` when one about the two waits already; `role_window_invalid`.
 */
export async function enterAuthority(
  tx: Tx,
  decision: EnteredAuthority,
  by: PersonId,
  context: WriteContext,
): Promise<AuthorityRequestId> {
  if (by === decision.child || by === decision.adult) {
    throw refuse('authority_unconfirmed', 422, 'Nobody enters a decision that concerns them.');
  }
  if (decision.validTo && decision.validTo <= decision.validFrom) {
    throw refuse('role_window_invalid', 422, 'The end of a decision must come after its start.');
  }
  const [child] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.people WHERE id = $1',
    [decision.child],
  );
  if (!child) throw refuse('person_unknown', 404, 'This child is not known here.');
  const id = newId<AuthorityRequestId>(context.at);
  const expiresAt = new Date(context.at.getTime() + VALID_DAYS * DAY_MS);
  await tx.query(
    `UPDATE directory.authority_requests SET state = 'refused', decided_at = $3
     WHERE child_id = $1 AND adult_id = $2 AND state = 'waiting' AND expires_at <= $3`,
    [decision.child, decision.adult, context.at],
  );
  try {
    await tx.query(
      `INSERT INTO directory.authority_requests (id, child_id, adult_id, controller_id, decision, entered_by, entered_at,
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        id,
        decision.child,
        decision.adult,
        child.controller_id,
        JSON.stringify(decision),
        by,
        context.at,
        expiresAt,
      ],
    );
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    throw refuse(
      'authority_request_waiting',
      409,
      'A decision about these two waits to be confirmed already.',
    );
  }
  await log(tx, 'directory.authority.entered', { ...decision, controller: child.controller_id }, context);
  return id;
}

/**
 * Confirms a decision that somebody else entered: from now on it holds, from its own first day. See setGuardianAuthority.
 *
 * @throws DirectoryError `authority_request_unknown` when there is none, it was decided, or its time is over; otherwise as
 *   setGuardianAuthority: `authority_unconfirmed` for the one who entered it.
 */
export async function confirmAuthority(
  tx: Tx,
  id: AuthorityRequestId,
  by: PersonId,
  context: WriteContext,
): Promise<GuardianLinkId> {
  const request = await takeRequest(tx, id, context.at);
  const link = await setGuardianAuthority(
    tx,
    { ...readDecision(request), recordedBy: request.entered_by, confirmedBy: by },
    context,
  );
  await tx.query(
    `UPDATE directory.authority_requests SET state = 'confirmed', decided_by = $2, decided_at = $3 WHERE id = $1`,
    [id, by, context.at],
  );
  return link;
}

/** Refuses what was entered, or takes back one's own, and logs `directory.authority.refused`. @throws as confirmAuthority. */
export async function refuseAuthority(
  tx: Tx,
  id: AuthorityRequestId,
  by: PersonId,
  context: WriteContext,
): Promise<void> {
  const request = await takeRequest(tx, id, context.at);
  await tx.query(
    `UPDATE directory.authority_requests SET state = 'refused', decided_by = $2, decided_at = $3 WHERE id = $1`,
    [id, by, context.at],
  );
  const { child, adult, exercise } = readDecision(request);
  await log(
    tx,
    'directory.authority.refused',
    { child, adult, exercise, controller: request.controller_id },
    context,
  );
}

/** What waits to be confirmed. */
export interface AuthorityRequest {
  readonly id: AuthorityRequestId;
  readonly decision: EnteredAuthority;
  readonly enteredBy: PersonId;
  readonly enteredAt: Date;
  readonly expiresAt: Date;
}

/** Requests that wait, oldest first: of one child, or of all whom the scope shows. */
export async function loadAuthorityRequests(
  tx: Tx,
  at: Date,
  child?: PersonId,
): Promise<readonly AuthorityRequest[]> {
  const rows = await tx.query<RequestRow>(
    `SELECT id, controller_id, decision, entered_by, entered_at, expires_at FROM directory.authority_requests
     WHERE state = 'waiting' AND expires_at > $1 AND ($2::uuid IS NULL OR child_id = $2) ORDER BY entered_at, id`,
    [at, child ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    decision: readDecision(row),
    enteredBy: row.entered_by,
    enteredAt: row.entered_at,
    expiresAt: row.expires_at,
  }));
}

interface RequestRow {
  readonly id: AuthorityRequestId;
  readonly controller_id: ControllerId;
  readonly decision: Omit<EnteredAuthority, 'validFrom' | 'validTo'> & {
    validFrom: string;
    validTo?: string;
  };
  readonly entered_by: PersonId;
  readonly entered_at: Date;
  readonly expires_at: Date;
}

function readDecision({ decision }: Pick<RequestRow, 'decision'>): EnteredAuthority {
  const { validFrom, validTo, ...rest } = decision;
  return { ...rest, validFrom: new Date(validFrom), ...(validTo ? { validTo: new Date(validTo) } : {}) };
}

async function takeRequest(tx: Tx, id: AuthorityRequestId, at: Date): Promise<RequestRow> {
  const [row] = await tx.query<RequestRow>(
    `SELECT id, controller_id, decision, entered_by, entered_at, expires_at FROM directory.authority_requests
     WHERE id = $1 AND state = 'waiting' AND expires_at > $2 FOR UPDATE`,
    [id, at],
  );
  if (!row) {
    throw refuse(
      'authority_request_unknown',
      404,
      'There is no such decision to confirm, or its time is over.',
    );
  }
  return row;
}

async function log(
  tx: Tx,
  action: string,
  about: Pick<EnteredAuthority, 'child' | 'adult' | 'exercise'> & { readonly controller: ControllerId },
  context: WriteContext,
): Promise<void> {
  await context.audit.append(tx, {
    controller: about.controller,
    actor: context.author,
    action,
    target: { kind: 'person', id: about.child },
    outcome: 'success',
    detail: { adult: about.adult, exercise: about.exercise },
  });
}
