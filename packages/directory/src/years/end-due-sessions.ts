import type { PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import type { SessionsPort } from '../ports.ts';

/**
 * Ends the sessions and tokens of everybody who was put down for it by a switch of years, a few at a time, until none is
 * left. Call it after the commit of a switch, when the service starts, and from time to time: killed half way, the next
 * call goes on. Several at once share the work.
 *
 * @returns how many people's sessions were ended.
 */
export async function endDueSessions(
  database: Database,
  sessions: SessionsPort,
  at: () => Date,
): Promise<number> {
  for (let ended = 0; ; ) {
    const done = await database.transaction(
      async (tx) => {
        const due = await tx.query<{ id: string; person_id: PersonId }>(
          `SELECT id, person_id FROM directory.session_endings WHERE done_at IS NULL ORDER BY id LIMIT 20
           FOR UPDATE SKIP LOCKED`,
        );
        for (const { person_id } of due) await sessions.endSessionsOf(person_id);
        await tx.query('UPDATE directory.session_endings SET done_at = $2 WHERE id = ANY ($1::bigint[])', [
          due.map(({ id }) => id),
          at(),
        ]);
        return due.length;
      },
      { scope: 'all' },
    );
    if (done === 0) return ended;
    ended += done;
  }
}
