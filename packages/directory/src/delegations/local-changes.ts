import { newId, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { DivisionId, LocalChangeId } from '../ids.ts';
import type { WriteContext } from '../people/write-context.ts';

/** How a school departs from its feed. */
export type LocalChangeKind = 'join' | 'leave' | 'move' | 'substitute' | 'project';

/** From when to when a decision of the school holds, and why. */
export interface LocalDecision {
  /** Default: the present. */
  readonly from?: Date;
  /** First instant without it, at most 366 days after its start: until then it wins over the feed. */
  readonly until: Date;
  /** Why, in a few words; kept beside the change, never logged. */
  readonly reason: string;
}

export type Relation = 'roles' | 'division_members' | 'teaching_assignments' | 'head_teachers';

/** A change that is being written. */
export interface OpenChange {
  readonly id: LocalChangeId;
  readonly controller: ControllerId;
  readonly from: Date;
  readonly until: Date;
}

const LONGEST_MS = 366 * 86_400_000;

/**
 * Writes a change down. @throws DirectoryError `role_window_invalid` when it ends before it starts, is over, or lasts more
 * than 366 days; `division_unknown`, `person_unknown`.
 */
export async function openChange(
  tx: Tx,
  change: LocalDecision & {
    readonly kind: LocalChangeKind;
    readonly person: PersonId;
    readonly division?: DivisionId;
    readonly leftDivision?: DivisionId;
    readonly replaced?: PersonId;
    readonly school: SchoolId;
    readonly controller: ControllerId;
  },
  context: WriteContext,
): Promise<OpenChange> {
  const from = change.from && change.from > context.at ? change.from : context.at;
  const lasts = change.until.getTime() - from.getTime();
  if (lasts <= 0 || lasts > LONGEST_MS) {
    throw refuse(
      'role_window_invalid',
      422,
      'A local change ends on a day to come, at most 366 days after its start.',
    );
  }
  const [person] = await tx.query('SELECT 1 FROM directory.people WHERE id = $1', [change.person]);
  if (!person) throw refuse('person_unknown', 404, 'This person is not known here.');
  const id = newId<LocalChangeId>(context.at);
  await tx.query(
    `INSERT INTO directory.local_changes (id, kind, person_id, division_id, replaced_id, school_id, controller_id, reason,
       valid_from, valid_to, decided_by, decided_at, left_division_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      id,
      change.kind,
      change.person,
      change.division ?? null,
      change.replaced ?? null,
      change.school,
      change.controller,
      change.reason,
      from,
      change.until,
      context.author.kind === 'person' ? context.author.id : null,
      context.at,
      change.leftDivision ?? null,
    ],
  );
  await log(tx, 'directory.local.changed', { ...change, id, from }, context);
  return { id, controller: change.controller, from, until: change.until };
}

/** Notes a row that a change made or cut. */
export async function noteRow(
  tx: Tx,
  change: OpenChange,
  relation: Relation,
  row: { readonly key: string; readonly change: 'opened' | 'cut' | 'resumed'; readonly before?: Date | null },
): Promise<void> {
  await tx.query(
    `INSERT INTO directory.local_change_rows (change_id, controller_id, relation, row_key, change, before)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [change.id, change.controller, relation, row.key, row.change, row.before ?? null],
  );
}

/**
 * Takes a change back before its end: what it made ends now, what it cut from the feed holds again if the feed still says
 * it. Logs `directory.local.undone`.
 *
 * @throws DirectoryError `local_change_unknown` when there is none, it is over, or was taken back.
 */
export async function undoLocalChange(
  tx: Tx,
  id: LocalChangeId,
  by: PersonId,
  context: WriteContext,
): Promise<void> {
  const [row] = await tx.query<{
    kind: LocalChangeKind;
    person_id: PersonId;
    school_id: SchoolId;
    controller_id: ControllerId;
    valid_from: Date;
    valid_to: Date;
  }>(
    `UPDATE directory.local_changes SET undone_at = $2, undone_by = $3
     WHERE id = $1 AND undone_at IS NULL AND valid_to > $2
     RETURNING kind, person_id, school_id, controller_id, valid_from, valid_to`,
    [id, context.at, by],
  );
  if (!row) throw refuse('local_change_unknown', 404, 'There is no such change, or it is over.');
  for (const relation of ['roles', 'division_members', 'teaching_assignments', 'head_teachers']) {
    const mine = `FROM directory.local_change_rows r WHERE r.change_id = $1 AND r.relation = '${relation}'
      AND r.row_key = t.id::text`;
    await tx.query(
      `UPDATE directory.${relation} t SET valid_to = greatest($2, t.valid_from) ${mine} AND r.change = 'opened'
         AND t.valid_to > $2`,
      [id, context.at],
    );
    // What the feed would say again at the end, it says from now on; if it no longer does, that row is over by now.
    await tx.query(
      `UPDATE directory.${relation} t SET valid_from = $2 ${mine} AND r.change = 'resumed'
         AND (t.valid_to IS NULL OR t.valid_to > t.valid_from) AND t.valid_from > $2`,
      [id, context.at],
    );
  }
  await log(
    tx,
    'directory.local.undone',
    {
      id,
      kind: row.kind,
      person: row.person_id,
      school: row.school_id,
      controller: row.controller_id,
      from: row.valid_from,
      until: row.valid_to,
    },
    context,
  );
}

async function log(
  tx: Tx,
  action: string,
  change: {
    readonly id: LocalChangeId;
    readonly kind: LocalChangeKind;
    readonly person: PersonId;
    readonly school: SchoolId;
    readonly controller: ControllerId;
    readonly from: Date;
    readonly until: Date;
  },
  context: WriteContext,
): Promise<void> {
  await context.audit.append(tx, {
    controller: change.controller,
    actor: context.author,
    action,
    target: { kind: 'person', id: change.person },
    outcome: 'success',
    detail: {
      change: change.id,
      kind: change.kind,
      school: change.school,
      from: change.from.toISOString(),
      until: change.until.toISOString(),
    },
  });
}
