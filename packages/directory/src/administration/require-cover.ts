import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { AdministeredPlace } from './place.ts';
import { DELEGATIONS, type AdministrativeRole } from './roles-of-administration.ts';

/** What somebody wants to give, prolong or end. */
export interface Reach {
  readonly by: PersonId;
  readonly role: AdministrativeRole;
  readonly place: AdministeredPlace;
  /** The instant that counts, read after the locks are held. */
  readonly now: () => Date;
}

/** How far somebody's own role goes: until this instant, or without an end. */
export interface Cover {
  readonly until?: Date;
}

/**
 * Lets pass whoever holds the role themselves, or the one that it is a part of, over the place, now. Their roles and their
 * entry are locked until the end of the transaction: who loses the role meanwhile loses it after this act, or this act
 * comes after and is refused.
 *
 * @throws DirectoryError `administration_beyond_own` (403).
 */
export async function requireCover(tx: Tx, { by, role, place, now }: Reach): Promise<Cover> {
  const rows = await tx.query<{ valid_from: Date; valid_to: Date | null; status: string }>(
    `SELECT r.valid_from, r.valid_to, p.status FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
     WHERE r.person_id = $1 AND r.role = ANY ($2::text[])
       AND (r.school_id = $3 OR r.academy_id = $4 OR r.region_id = $5)
     FOR SHARE OF r, p`,
    [by, DELEGATIONS[role].heldWithin, place.school ?? null, place.academy ?? null, place.region],
  );
  const at = now();
  const held = rows.filter(
    ({ valid_from, valid_to, status }) =>
      status === 'active' && valid_from <= at && (valid_to === null || valid_to > at),
  );
  if (held.length === 0) throw beyond();
  const ends = held.map(({ valid_to }) => valid_to);
  if (ends.includes(null)) return {};
  return { until: new Date(Math.max(...ends.map((end) => end!.getTime()))) };
}

/** Is this end within a cover? One without an end is within a cover without an end only. */
export function requireWithin(cover: Cover, to: Date | undefined): void {
  if (cover.until !== undefined && (to === undefined || to > cover.until)) throw beyond();
}

function beyond() {
  return refuse(
    'administration_beyond_own',
    403,
    'Nobody gives or changes a role of administration that is wider, elsewhere or longer than their own.',
  );
}
