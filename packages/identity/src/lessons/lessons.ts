import type { Clock, PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import type { Sessions } from '../sessions.ts';

/** The sessions of a class, together. */
export interface Lessons {
  /** How many sessions these people have open now. */
  countOpen(pupils: readonly PersonId[]): Promise<number>;
  /**
   * Ends every session of these people and tells their services, with one event for the lesson besides those of the
   * sessions. The caller has decided that the actor may do this to every one of them, and that they are pupils.
   *
   * @returns how many sessions ended.
   */
  end(
    pupils: readonly PersonId[],
    order: {
      readonly actor: EventActor;
      readonly controller: string;
      /** The class or group. */
      readonly division: string;
      /** The actor's own session. */
      readonly session?: string;
    },
  ): Promise<number>;
}

/** Opens the sessions of classes. */
export function openLessons(options: {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly sessions: Pick<Sessions, 'endAll'>;
}): Lessons {
  const { database, clock } = options;

  const findOpen = (pupils: readonly PersonId[]) =>
    database.query<{ account_id: string; sessions: number }>(
      `SELECT s.account_id, count(*)::int AS sessions
         FROM identity.sessions AS s JOIN identity.accounts AS a ON a.id = s.account_id
        WHERE a.person_id = ANY ($1::uuid[]) AND s.idle_expires_at > $2 GROUP BY s.account_id`,
      [pupils, clock.now()],
    );
  const sum = (rows: readonly { sessions: number }[]) => rows.reduce((total, row) => total + row.sessions, 0);

  return {
    countOpen: async (pupils) => sum(await findOpen(pupils)),
    async end(pupils, order) {
      const open = await findOpen(pupils);
      // Written first: sessions that end without a word of who ended them would be worse than the word alone.
      await database.transaction(
        (tx) =>
          options.audit.append(tx, {
            controller: order.controller,
            actor: order.actor,
            action: 'identity.lesson.ended',
            target: { kind: 'division', id: order.division },
            outcome: 'success',
            ...(order.session !== undefined && { session: order.session }),
            detail: { pupils: pupils.length, sessions: sum(open) },
          }),
        { scope: 'all' },
      );
      let ended = 0;
      for (const { account_id } of open) {
        ended += await options.sessions.endAll(account_id, { actor: order.actor });
      }
      return ended;
    },
  };
}
