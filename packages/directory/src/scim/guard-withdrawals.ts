import type { PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { DirectoryError } from '../errors.ts';
import type { ScimSession } from './scim-session.ts';

/** Share of a school's people, of those that SCIM brought, who may lose their place there in a day. */
const MAX_SHARE = 0.05;
/** So many may in any case, in the smallest school. */
const ALWAYS_ALLOWED = 2;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Counts that a person loses their place in these schools, and refuses what goes beyond the guard: a client that was
 * misconfigured or stolen must not empty a school in a night. One withdrawal of a controller is counted at a time.
 *
 * @throws DirectoryError `scim_withdrawals_exceed_guard` (403), its details `school`, `withdrawn` and `allowed`.
 */
export async function guardWithdrawals(
  session: ScimSession,
  person: PersonId,
  schools: readonly SchoolId[],
): Promise<void> {
  const { tx, caller, at } = session;
  if (schools.length === 0) return;
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 20261))', [`scim ${caller.controller}`]);
  const since = new Date(at.getTime() - DAY_MS);
  await tx.query('DELETE FROM directory.scim_withdrawals WHERE at <= $1', [since]);
  for (const school of schools) {
    const [row] = await tx.query<{ people: number; withdrawn: number }>(
      `SELECT (SELECT count(DISTINCT r.person_id)::int FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
           WHERE r.school_id = $1 AND r.source = 'manual' AND r.reason = 'scim' AND r.valid_to IS NULL
             AND p.status = 'active' AND p.id <> $3) AS people,
         (SELECT count(DISTINCT w.person_id)::int FROM directory.scim_withdrawals w
           WHERE w.school_id = $1 AND w.at > $2 AND w.person_id <> $3) AS withdrawn`,
      [school, since, person],
    );
    const { people, withdrawn } = row!;
    const allowed = Math.max(ALWAYS_ALLOWED, Math.floor(MAX_SHARE * (people + withdrawn + 1)));
    if (withdrawn + 1 > allowed) {
      throw new DirectoryError('scim_withdrawals_exceed_guard', {
        status: 403,
        publicMessage: `${withdrawn} people of this school were withdrawn within 24 hours, and ${allowed} may be. If this is right, go on tomorrow, or ask those who run the service.`,
        details: { school, withdrawn, allowed },
      });
    }
    await tx.query(
      'INSERT INTO directory.scim_withdrawals (controller_id, school_id, person_id, at) VALUES ($1, $2, $3, $4)',
      [caller.controller, school, person, at],
    );
  }
}

/** Who has their place again no longer counts. */
export async function forgetWithdrawals(
  tx: Tx,
  person: PersonId,
  schools: readonly SchoolId[],
): Promise<void> {
  await tx.query(
    'DELETE FROM directory.scim_withdrawals WHERE person_id = $1 AND school_id = ANY ($2::uuid[])',
    [person, schools],
  );
}
