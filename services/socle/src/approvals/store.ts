import type { ControllerId, PersonId } from '@socle/base';
import { buildTables, type Tx } from '@socle/db';
import type { ApprovalKindId, ApprovalPlace } from './kinds.ts';

/** What became of a request. `used` and `expired` are told by the clock and the act. */
export type Verdict = 'confirmed' | 'refused' | 'withdrawn';

/** A row of `socle.approvals`. */
export interface ApprovalRow {
  id: string;
  kind: ApprovalKindId;
  subject: string;
  controller_id: ControllerId;
  place: ApprovalPlace;
  summary: { readonly fr: readonly string[]; readonly en: readonly string[] };
  reason: string;
  asked_by_kind: 'person' | 'system';
  asked_by: string;
  asked_at: Date;
  expires_at: Date;
  verdict: Verdict | null;
  decided_by: PersonId | null;
  decided_at: Date | null;
  used_at: Date | null;
  /** Whom the act is about, when it is about one person. */
  about: PersonId | null;
}

interface Tables {
  approvals: ApprovalRow;
}

const tables = buildTables<Tables>('socle');

/** Writes a request; gives the one that is open already for the same act of the same person. */
export async function insertApproval(tx: Tx, row: ApprovalRow): Promise<ApprovalRow> {
  // one that ran out unanswered makes room: it is closed as withdrawn, at its end
  await tx.run(
    tables
      .updateTable('approvals')
      .set((table) => ({ verdict: 'withdrawn' as const, decided_at: table.ref('expires_at') }))
      .where('kind', '=', row.kind)
      .where('subject', '=', row.subject)
      .where('asked_by', '=', row.asked_by)
      .where('verdict', 'is', null)
      .where('expires_at', '<=', row.asked_at),
  );
  const values = {
    ...row,
    place: JSON.stringify(row.place) as never,
    summary: JSON.stringify(row.summary) as never,
  };
  const [written] = await tx.run(
    tables
      .insertInto('approvals')
      .values(values)
      .onConflict((conflict) =>
        conflict
          .columns(['kind', 'subject', 'asked_by'])
          .where('verdict', 'is', null)
          .doUpdateSet({ summary: values.summary }),
      )
      .returningAll(),
  );
  return written!;
}

/** Decides an open request, once: of parallel decisions one gives the row, the others undefined. */
export async function decideOpen(
  tx: Tx,
  decision: { readonly id: string; readonly verdict: Verdict; readonly by: PersonId; readonly at: Date },
): Promise<ApprovalRow | undefined> {
  const [row] = await tx.run(
    tables
      .updateTable('approvals')
      .set({ verdict: decision.verdict, decided_by: decision.by, decided_at: decision.at })
      .where('id', '=', decision.id)
      .where('verdict', 'is', null)
      .where('expires_at', '>', decision.at)
      .returningAll(),
  );
  return row;
}

/** Uses up the confirmations of an act, once: of parallel uses one gives them. */
export async function takeConfirmed(
  tx: Tx,
  use: {
    readonly kind: ApprovalKindId;
    readonly subject: string;
    readonly askedBy: string;
    readonly at: Date;
  },
): Promise<readonly ApprovalRow[]> {
  return tx.run(
    tables
      .updateTable('approvals')
      .set({ used_at: use.at })
      .where('kind', '=', use.kind)
      .where('subject', '=', use.subject)
      .where('asked_by', '=', use.askedBy)
      .where('verdict', '=', 'confirmed')
      .where('used_at', 'is', null)
      .where('expires_at', '>', use.at)
      .returningAll(),
  );
}

/** One request by its id. */
export async function findApproval(tx: Tx, id: string): Promise<ApprovalRow | undefined> {
  const [row] = await tx.run(tables.selectFrom('approvals').selectAll().where('id', '=', id));
  return row;
}

/** The latest requests, newest first. */
export async function listApprovals(tx: Tx, limit: number): Promise<ApprovalRow[]> {
  return tx.run(tables.selectFrom('approvals').selectAll().orderBy('asked_at', 'desc').limit(limit));
}
