import type { PersonId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { DivisionId, LocalChangeId } from '../ids.ts';
import type { LocalChangeKind } from './local-changes.ts';

/** What a school decided over its feed. */
interface DecidedChange {
  readonly id: LocalChangeId;
  readonly kind: LocalChangeKind;
  readonly person: PersonId;
  readonly division?: DivisionId;
  /** Of a move: the class that the pupil leaves for `division`. */
  readonly leftDivision?: DivisionId;
  readonly replaced?: PersonId;
  readonly reason: string;
  readonly from: Date;
  readonly until: Date;
  readonly decidedAt: Date;
  /** Absent where no person decided, or their entry was erased. */
  readonly decidedBy?: PersonId;
}

/** A change that holds or will, with what the feed says of it. */
export interface LocalChange extends DecidedChange {
  /**
   * `agrees`: the feed now says the same, the change may be taken back. `contradicts`: the feed says the opposite, and
   * would hold without the change. `silent`: the feed cannot say such a thing.
   */
  readonly feed: 'agrees' | 'contradicts' | 'silent';
}

/** A change that is over: at its end, or taken back before. */
export interface PastLocalChange extends DecidedChange {
  readonly undoneAt?: Date;
  readonly undoneBy?: PersonId;
}

/** Changes of a school that hold or are to come, the first to end first. */
export async function loadLocalChanges(tx: Tx, school: SchoolId, at: Date): Promise<readonly LocalChange[]> {
  const rows = await tx.query<ChangeRow & { fed: boolean }>(
    `SELECT ${COLUMNS},
       EXISTS (SELECT FROM directory.division_members m WHERE m.division_id = c.division_id AND m.person_id = c.person_id
         AND m.source = 'feed' AND m.valid_to IS NULL) AS fed
     FROM directory.local_changes c
     WHERE c.school_id = $1 AND c.undone_at IS NULL AND c.valid_to > $2 ORDER BY c.valid_to, c.id`,
    [school, at],
  );
  return rows.map((row) => ({ ...readChange(row), feed: compareWithFeed(row) }));
}

/** Changes of a school that are over or were taken back, the latest first. */
export async function loadPastLocalChanges(
  tx: Tx,
  school: SchoolId,
  at: Date,
  limit: number,
): Promise<readonly PastLocalChange[]> {
  const rows = await tx.query<ChangeRow & { undone_at: Date | null; undone_by: PersonId | null }>(
    `SELECT ${COLUMNS}, c.undone_at, c.undone_by FROM directory.local_changes c
     WHERE c.school_id = $1 AND (c.undone_at IS NOT NULL OR c.valid_to <= $2)
     ORDER BY coalesce(c.undone_at, c.valid_to) DESC, c.id DESC LIMIT $3`,
    [school, at, limit],
  );
  return rows.map((row) => ({
    ...readChange(row),
    ...(row.undone_at ? { undoneAt: row.undone_at } : {}),
    ...(row.undone_by ? { undoneBy: row.undone_by } : {}),
  }));
}

const COLUMNS = `c.id, c.kind, c.person_id, c.division_id, c.left_division_id, c.replaced_id, c.reason, c.valid_from,
  c.valid_to, c.decided_at, c.decided_by`;

interface ChangeRow {
  readonly id: LocalChangeId;
  readonly kind: LocalChangeKind;
  readonly person_id: PersonId;
  readonly division_id: DivisionId | null;
  readonly left_division_id: DivisionId | null;
  readonly replaced_id: PersonId | null;
  readonly reason: string;
  readonly valid_from: Date;
  readonly valid_to: Date;
  readonly decided_at: Date;
  readonly decided_by: PersonId | null;
}

function readChange(row: ChangeRow): DecidedChange {
  return {
    id: row.id,
    kind: row.kind,
    person: row.person_id,
    ...(row.division_id ? { division: row.division_id } : {}),
    ...(row.left_division_id ? { leftDivision: row.left_division_id } : {}),
    ...(row.replaced_id ? { replaced: row.replaced_id } : {}),
    reason: row.reason,
    from: row.valid_from,
    until: row.valid_to,
    decidedAt: row.decided_at,
    ...(row.decided_by ? { decidedBy: row.decided_by } : {}),
  };
}

function compareWithFeed({ kind, fed }: { kind: LocalChangeKind; fed: boolean }): LocalChange['feed'] {
  if (kind === 'substitute' || kind === 'project') return 'silent';
  return fed === (kind !== 'leave') ? 'agrees' : 'contradicts';
}
