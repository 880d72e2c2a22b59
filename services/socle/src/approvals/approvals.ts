import { isUuid, newId, type Branded, type Clock, type ControllerId, type PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { PersonFacts } from '@socle/authorization';
import type { Tx } from '@socle/db';
import { mayBeOnePerson } from '@socle/directory';
import type { Decisions } from '../decisions.ts';
import { ServiceError } from '../errors.ts';
import { approvalKinds, type ApprovalKindId, type ApprovalPlace } from './kinds.ts';
import {
  decideOpen,
  findApproval,
  insertApproval,
  listApprovals,
  takeConfirmed,
  type ApprovalRow,
} from './store.ts';

/** What somebody asks a second person to confirm. */
interface ApprovalQuestion {
  readonly kind: ApprovalKindId;
  /** What exactly: a digest or an id that the act computes again, so that nothing else can be done with the answer. */
  readonly subject: string;
  readonly controller: ControllerId;
  readonly place: ApprovalPlace;
  /** What the second person reads: counts and codes, no names. */
  readonly summary: { readonly fr: readonly string[]; readonly en: readonly string[] };
  /** Why, in the asker's words; 3 to 500 characters. */
  readonly reason: string;
  readonly by: EventActor;
  /** Whom the act is about: not the one to agree to it. */
  readonly about?: PersonId;
}

/** Acts that need two people. Every function takes the transaction of the act, and leaves its event in it. */
export interface Approvals {
  /** Asks; the same act asked again by the same person while it waits is the same request. */
  ask(tx: Tx, question: ApprovalQuestion): Promise<ApprovalRow>;
  /**
   * Uses up the confirmation of an act; undefined when nobody else has confirmed that very act for this asker, when it was
   * used already, or when the one who confirmed may not do so any more: the confirmation is then void. Call it in the transaction that does the act.
   */
  use(
    tx: Tx,
    act: { readonly kind: ApprovalKindId; readonly subject: string; readonly by: EventActor },
  ): Promise<ApprovalRow | undefined>;
  /**
   * The second person's answer.
   *
   * @throws ServiceError `access_denied` (403) for the asker's own request, under whatever entry of the directory, for one
   *   that is about this person, or that the rules do not let them confirm, `approval_closed` (409) when it was decided already or its time is over, `not_found` (404).
   */
  decide(
    tx: Tx,
    answer: {
      readonly id: string;
      readonly verdict: 'confirmed' | 'refused';
      readonly facts: PersonFacts;
      readonly acr: string;
      readonly session: string;
    },
  ): Promise<ApprovalRow>;
  /** Takes back a request of one's own that waits. @throws as `decide`. */
  withdraw(tx: Tx, id: string, by: PersonId): Promise<ApprovalRow>;
  /** May this person answer that request? */
  mayDecide(row: ApprovalRow, facts: PersonFacts, acr: string): boolean;
  /** The latest requests that concern this person: asked by them, or theirs to answer. Newest first. */
  listFor(tx: Tx, facts: PersonFacts, acr: string): Promise<readonly ApprovalRow[]>;
}

const LISTED = 200;
const STRONGEST = 'passkey';

/** Binds the rules, the log and the clock. */
export function openApprovals(options: {
  readonly decisions: Decisions;
  readonly audit: AuditAppender;
  readonly clock: Clock;
}): Approvals {
  const { decisions, audit, clock } = options;

  async function write(
    tx: Tx,
    row: ApprovalRow,
    verb: 'asked' | 'confirmed' | 'refused' | 'used' | 'withdrawn',
    actor: EventActor,
    session?: string,
  ): Promise<void> {
    await audit.append(tx, {
      controller: row.controller_id,
      actor,
      action: `service.approval.${verb}`,
      target: { kind: 'approval', id: row.id },
      outcome: 'success',
      ...(session === undefined ? {} : { session }),
      detail: { kind: row.kind },
    });
  }

  const mayDecide = (row: ApprovalRow, facts: PersonFacts, acr: string): boolean => {
    const kind = approvalKinds[row.kind];
    if (row.asked_by === facts.person || row.about === facts.person) return false;
    return decisions.decide(facts, { action: kind.action, resource: kind.resource(row.place), acr }).allowed;
  };

  return {
    mayDecide,

    async ask(tx, question) {
      const at = clock.now();
      const { kind } = question;
      const row = await insertApproval(tx, {
        id: newId<Branded<'ApprovalId'>>(at),
        kind,
        subject: question.subject,
        controller_id: question.controller,
        place: question.place,
        summary: question.summary,
        reason: question.reason,
        asked_by_kind: question.by.kind === 'person' ? 'person' : 'system',
        asked_by: question.by.id,
        asked_at: at,
        expires_at: new Date(at.getTime() + approvalKinds[kind].validSeconds * 1_000),
        verdict: null,
        decided_by: null,
        decided_at: null,
        used_at: null,
        about: question.about ?? null,
      });
      if (row.asked_at.getTime() === at.getTime()) await write(tx, row, 'asked', question.by);
      return row;
    },

    async use(tx, act) {
      const rows = await takeConfirmed(tx, {
        kind: act.kind,
        subject: act.subject,
        askedBy: act.by.id,
        at: clock.now(),
      });
      for (const row of rows) {
        // the right of the second person counts at the act too; how they signed in was judged when they answered
        const second = await decisions.loadFacts(row.decided_by!);
        if (!second || !mayDecide(row, second, STRONGEST)) continue;
        await write(tx, row, 'used', act.by);
        return row;
      }
      return undefined;
    },

    async decide(tx, { id, verdict, facts, acr, session }) {
      const found = await requireApproval(tx, id);
      if (!mayDecide(found, facts, acr)) throw denied();
      const by = facts.person as PersonId;
      if (await isOneOf(tx, by, found)) throw denied();
      const row = await decideOpen(tx, { id, verdict, by, at: clock.now() });
      if (!row) throw closed();
      await write(tx, row, verdict, { kind: 'person', id: by }, session);
      return row;
    },

    async withdraw(tx, id, by) {
      const found = await requireApproval(tx, id);
      if (found.asked_by !== by) throw denied();
      const row = await decideOpen(tx, { id, verdict: 'withdrawn', by, at: clock.now() });
      if (!row) throw closed();
      await write(tx, row, 'withdrawn', { kind: 'person', id: by });
      return row;
    },

    async listFor(tx, facts, acr) {
      const rows = await listApprovals(tx, LISTED);
      return rows.filter((row) => row.asked_by === facts.person || mayDecide(row, facts, acr));
    },
  };
}

/** Is this the asker, or the person concerned, or very likely so, under another entry of the directory? */
async function isOneOf(
  tx: Tx,
  by: PersonId,
  { asked_by_kind, asked_by, about }: ApprovalRow,
): Promise<boolean> {
  if (asked_by_kind === 'person' && (await mayBeOnePerson(tx, by, asked_by as PersonId))) return true;
  return about !== null && mayBeOnePerson(tx, by, about);
}

async function requireApproval(tx: Tx, id: string): Promise<ApprovalRow> {
  const row = isUuid(id) ? await findApproval(tx, id) : undefined;
  if (row) return row;
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such request.' });
}

function denied(): ServiceError {
  return new ServiceError('access_denied', {
    status: 403,
    publicMessage: 'This request is not this person’s to answer: another person with the right must.',
  });
}

function closed(): ServiceError {
  return new ServiceError('approval_closed', {
    status: 409,
    publicMessage: 'This request was answered already, or its time is over. Ask again.',
  });
}
