import { uuidv7, type Clock, type PersonId } from '@socle/base';
import type { Database, Tx } from '@socle/db';

/**
 * What happened to an account: `reset`, a code was given for a new password; `link`, a parent's code was; `colleague`, a
 * colleague vouched for a sign-in; `vouched`, one did so for a colleague; `viewed`, an administrator saw the person's pages
 * in their place.
 */
type NoticeKind = 'reset' | 'link' | 'colleague' | 'vouched' | 'viewed';

/** One thing that a person is told. */
export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  /** Whose account it is about: the reader's own, or a child's. */
  readonly about: PersonId;
  readonly at: Date;
  readonly isSeen: boolean;
}

/** What people are told at their next visit. */
export interface Notices {
  /** Tells these people, in the transaction of what happened. */
  add(
    tx: Tx,
    notice: { readonly to: readonly PersonId[]; readonly about: PersonId; readonly kind: NoticeKind },
  ): Promise<void>;
  /** The latest notices of a person, newest first. */
  list(person: PersonId): Promise<readonly Notice[]>;
  /** The person has seen what was there at `until`. */
  markSeen(person: PersonId, until: Date): Promise<void>;
}

const SHOWN = 50;

export function openNotices(options: { readonly database: Database; readonly clock: Clock }): Notices {
  const { database, clock } = options;
  return {
    async add(tx, { to, about, kind }) {
      const now = clock.now();
      const people = [...new Set(to)];
      await tx.query(
        `INSERT INTO identity.account_notices (id, person_id, about_id, kind, at)
         SELECT id, person_id, $3, $4, $5 FROM unnest($1::uuid[], $2::uuid[]) AS n (id, person_id)`,
        [people.map(() => uuidv7(now)), people, about, kind, now],
      );
    },
    async list(person) {
      const rows = await database.query<{
        id: string;
        kind: NoticeKind;
        about_id: PersonId;
        at: Date;
        seen: boolean;
      }>(
        `SELECT id, kind, about_id, at, seen_at IS NOT NULL AS seen FROM identity.account_notices
          WHERE person_id = $1 ORDER BY at DESC, id LIMIT ${SHOWN}`,
        [person],
      );
      return rows.map(({ id, kind, about_id, at, seen }) => ({
        id,
        kind,
        about: about_id,
        at,
        isSeen: seen,
      }));
    },
    async markSeen(person, until) {
      await database.query(
        `UPDATE identity.account_notices SET seen_at = $3 WHERE person_id = $1 AND at <= $2 AND seen_at IS NULL`,
        [person, until, clock.now()],
      );
    },
  };
}
