import type { AuditAppender } from '@socle/audit';
import type { Tx } from '@socle/db';
import { endGuestsWithoutSponsor } from '../people/end-guests.ts';
import type { Pass } from './pass.ts';

/**
 * After all passes: people whom a complete feed no longer names, or whom a delta takes away, start the disappearance clock (they are never deleted), lose the
 * mailbox by which the academy's portal would sign them in, and those who moved get the controller of where they are.
 *
 * @returns the people whose clock started.
 */
export async function startDepartures(tx: Tx, pass: Pass, audit: AuditAppender): Promise<readonly string[]> {
  const { academy, keySpace, degree, at } = pass;
  const gone = await tx.query<{ person_id: string }>(
    `UPDATE directory.join_keys j SET missing_since = $4
     WHERE j.kind = directory.import_keys() AND starts_with(j.value, $2 || '-') AND j.academy_id = $1 AND j.degree = $3 AND j.missing_since IS NULL
       AND ${pass.partial ? DEPARTED : NOT_NAMED}
     RETURNING j.person_id`,
    [academy, keySpace, degree, at],
  );
  if (gone.length > 0) {
    await tx.query(
      `DELETE FROM directory.join_keys WHERE kind = 'agent_mail' AND degree = $2 AND person_id = ANY ($1::uuid[])`,
      [gone.map((row) => row.person_id), degree],
    );
  }
  const leaving = await tx.query<{ id: string; controller_id: string }>(
    `UPDATE directory.people p SET leaving_since = $2, updated_at = $2
     WHERE p.id = ANY ($1::uuid[]) AND p.leaving_since IS NULL AND NOT EXISTS (
       SELECT FROM directory.join_keys j WHERE j.person_id = p.id AND j.kind <> 'agent_mail' AND j.missing_since IS NULL)
     RETURNING p.id, p.controller_id`,
    [gone.map((row) => row.person_id), at],
  );
  for (let start = 0; start < leaving.length; start += 1_000) {
    await audit.appendMany(
      tx,
      leaving.slice(start, start + 1_000).map(({ id, controller_id }) => ({
        at,
        controller: controller_id,
        actor: { kind: 'system', id: 'import' },
        action: 'directory.person.leaving',
        target: { kind: 'person', id },
        outcome: 'success',
        detail: { import: pass.importId },
      })),
    );
  }
  await endGuestsWithoutSponsor(tx, { audit, author: { kind: 'system', id: 'import' }, at });
  await moveControllers(tx, at);
  return leaving.map(({ id }) => id);
}

const NOT_NAMED = `NOT EXISTS (SELECT FROM directory.staged_people p WHERE p.key = substr(j.value, length($2) + 2))`;
const DEPARTED = `j.value IN (SELECT $2 || '-' || k.key FROM directory.known_people k WHERE k.state = 'gone')`;

/** A person is their first school's, as long as they hold a role there. */
async function moveControllers(tx: Tx, at: Date): Promise<void> {
  await tx.query(
    `UPDATE directory.people p SET controller_id = n.controller_id, updated_at = $1
     FROM (
       SELECT k.person_id, (array_agg(r.controller_id ORDER BY r.valid_from, r.school_id))[1] AS controller_id
       FROM directory.known_people k JOIN directory.roles r ON r.person_id = k.person_id
         AND r.school_id IS NOT NULL AND r.valid_to IS NULL
       WHERE NOT k.is_new GROUP BY k.person_id
     ) n
     WHERE p.id = n.person_id AND p.controller_id <> n.controller_id AND NOT EXISTS (
       SELECT FROM directory.roles o WHERE o.person_id = p.id AND o.controller_id = p.controller_id AND o.valid_to IS NULL)`,
    [at],
  );
}
