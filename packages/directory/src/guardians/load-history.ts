import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Restriction } from '../people/set-guardian-authority.ts';

/** What was held true of one adult and one child, and until when it was. */
export interface AuthorityRecord {
  readonly adult: PersonId;
  readonly exercise: 'joint' | 'sole' | 'none' | 'suspended' | 'withdrawn';
  readonly restrictions: readonly Restriction[];
  /** `feed` is what the academy says; `local` a decision that two people of the school recorded. */
  readonly source: 'feed' | 'local';
  readonly validFrom: Date;
  readonly validTo?: Date;
  readonly recordedAt: Date;
  /** When it was no longer held true; undefined while it is. */
  readonly supersededAt?: Date;
  readonly recordedBy?: PersonId;
  readonly confirmedBy?: PersonId;
  readonly evidenceReference?: string;
}

const MOST_RECORDS = 200;

/** Everything that was recorded about the authority over a child, latest recorded first, 200 at most. */
export async function loadAuthorityHistory(tx: Tx, child: PersonId): Promise<readonly AuthorityRecord[]> {
  const rows = await tx.query<{
    adult_id: PersonId;
    exercise: AuthorityRecord['exercise'];
    restrictions: Restriction[];
    source: AuthorityRecord['source'];
    valid_from: Date;
    valid_to: Date | null;
    recorded_at: Date;
    superseded_at: Date | null;
    recorded_by: PersonId | null;
    confirmed_by: PersonId | null;
    evidence_reference: string | null;
  }>(
    `SELECT adult_id, exercise, restrictions, source, valid_from, valid_to, recorded_at, superseded_at, recorded_by,
       confirmed_by, evidence_reference
     FROM directory.guardian_links WHERE child_id = $1 AND kind = 'legal'
     ORDER BY recorded_at DESC, id DESC LIMIT ${MOST_RECORDS}`,
    [child],
  );
  return rows.map((row) => ({
    adult: row.adult_id,
    exercise: row.exercise,
    restrictions: row.restrictions,
    source: row.source,
    validFrom: row.valid_from,
    recordedAt: row.recorded_at,
    ...(row.valid_to === null ? {} : { validTo: row.valid_to }),
    ...(row.superseded_at === null ? {} : { supersededAt: row.superseded_at }),
    ...(row.recorded_by === null ? {} : { recordedBy: row.recorded_by }),
    ...(row.confirmed_by === null ? {} : { confirmedBy: row.confirmed_by }),
    ...(row.evidence_reference === null ? {} : { evidenceReference: row.evidence_reference }),
  }));
}
