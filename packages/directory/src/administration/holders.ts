import type { PersonId } from '@socle/base';
import { advisoryLockKey, type Tx } from '@socle/db';
import type { AdministeredPlace } from './place.ts';
import type { AdministrativeRole } from './roles-of-administration.ts';

/**
 * How many active people hold the role in this very place at `at`, but for some. Acts on one role in one place come one after the other from here to the end of the transaction.
 */
export async function countHolders(
  tx: Tx,
  {
    role,
    place,
    except,
    at,
  }: {
    readonly role: AdministrativeRole;
    readonly place: Pick<AdministeredPlace, 'id'>;
    readonly except: readonly PersonId[];
    readonly at: Date;
  },
): Promise<number> {
  await lockHolders(tx, role, place.id);
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(DISTINCT r.person_id)::int AS count FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
     WHERE r.role = $1 AND r.domain_id = $2 AND p.status = 'active' AND r.person_id <> ALL ($3::uuid[])
       AND r.valid_from <= $4 AND (r.valid_to IS NULL OR r.valid_to > $4)`,
    [role, place.id, except, at],
  );
  return row!.count;
}

/** Makes acts on the holders of one role in one place wait for each other. */
export async function lockHolders(tx: Tx, role: AdministrativeRole, place: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [
    advisoryLockKey(`directory.administration.${role}.${place}`),
  ]);
}
