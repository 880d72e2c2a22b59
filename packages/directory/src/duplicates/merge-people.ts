import { newId, type ControllerId, type PersonId } from '@socle/base';
import { advisoryLockKey, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { MergeId } from '../ids.ts';
import type { WriteContext } from '../people/grant-role.ts';
import type { AccountsPort } from '../ports.ts';
import { MOVED_RELATIONS, closeRows, moveRows, restoreRows } from './moved-relations.ts';
import { scorePair } from './propose-duplicates.ts';

/** Two entries that a person declares to be one person. */
export interface Merge {
  /** The entry that stays. */
  readonly survivor: PersonId;
  /** The entry whose rows go over to the survivor. It stays too, and stands for the survivor from then on. */
  readonly absorbed: PersonId;
  /** Why, in a few words; kept beside the merge, never logged. */
  readonly reason: string;
  /** Who decided. Neither of the two. */
  readonly by: PersonId;
}

interface LockedPerson {
  readonly id: PersonId;
  readonly status: string;
  readonly controller_id: ControllerId;
  readonly merged_into: PersonId | null;
  readonly leaving_since: Date | null;
}

/**
 * Joins two entries: roles, classes, teaching, links and join keys of the absorbed one become the survivor's; where both
 * hold the same at the same time, the survivor's stands and the other ends. Each row is written down. Logs
 * `directory.person.merged` for both. Later feeds find the survivor under all keys. Needs the scope of all.
 *
 * @throws DirectoryError `scope_too_narrow`, `person_unknown`, `merge_unfit` when either is suspended or merged already,
 *   when one is the other's child, or when the decider is one of them; `import_already_running`.
 */
export async function mergePeople(
  tx: Tx,
  merge: Merge,
  context: WriteContext,
  accounts?: AccountsPort,
): Promise<MergeId> {
  const { survivor, absorbed } = merge;
  await requireQuietDirectory(tx);
  const [kept, gone] = await lockTwo(tx, survivor, absorbed);
  const unfit =
    survivor === absorbed ||
    [survivor, absorbed].includes(merge.by) ||
    [kept, gone].some((person) => person.status !== 'active' || person.merged_into !== null) ||
    (await areRelated(tx, survivor, absorbed));
  if (unfit) {
    throw refuse(
      'merge_unfit',
      422,
      'Two active entries are joined, by somebody else, and never those of a parent and their child.',
    );
  }
  const { score } = await scorePair(tx, survivor, absorbed);
  const id = newId<MergeId>(context.at);
  await tx.query(
    `INSERT INTO directory.person_merges (id, survivor_id, absorbed_id, controller_id, score, reason, survivor_leaving_since,
       merged_by, merged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      survivor,
      absorbed,
      kept.controller_id,
      score,
      merge.reason,
      kept.leaving_since,
      merge.by,
      context.at,
    ],
  );
  for (const relation of MOVED_RELATIONS) {
    await moveRows(tx, relation, id, survivor, absorbed);
    await closeRows(tx, relation, id, absorbed, context.at);
  }
  await tx.query('UPDATE directory.people SET merged_into = $2, updated_at = $3 WHERE id = $1', [
    absorbed,
    survivor,
    context.at,
  ]);
  if (kept.leaving_since !== null && gone.leaving_since === null) {
    await tx.query('UPDATE directory.people SET leaving_since = NULL WHERE id = $1', [survivor]);
  }
  await log(tx, 'directory.person.merged', [kept, gone], id, context);
  await accounts?.peopleJoined(tx, { survivor, absorbed });
  return id;
}

/**
 * Takes a merge back: each row that was moved returns, each that was ended is open again, and logs
 * `directory.person.parted` for both. What was given to the survivor since stays with them. Needs the scope of all.
 *
 * @throws DirectoryError `scope_too_narrow`; `merge_unknown` when there is none, or it was taken back; `merge_unfit` when
 *   the survivor was merged since (take that back first); `import_already_running`.
 */
export async function unmergePeople(
  tx: Tx,
  undo: { readonly merge: MergeId; readonly reason: string; readonly by: PersonId },
  context: WriteContext,
  accounts?: AccountsPort,
): Promise<void> {
  await requireQuietDirectory(tx);
  const [merge] = await tx.query<{
    survivor_id: PersonId;
    absorbed_id: PersonId;
    survivor_leaving_since: Date | null;
  }>(
    `UPDATE directory.person_merges SET undone_at = $2, undone_by = $3, undo_reason = $4
     WHERE id = $1 AND undone_at IS NULL RETURNING survivor_id, absorbed_id, survivor_leaving_since`,
    [undo.merge, context.at, undo.by, undo.reason],
  );
  if (!merge) throw refuse('merge_unknown', 404, 'There is no such merge, or it was taken back already.');
  const [kept, gone] = await lockTwo(tx, merge.survivor_id, merge.absorbed_id);
  if (kept.merged_into !== null)
    throw refuse('merge_unfit', 409, 'This person was merged again since: take that back first.');
  await tx.query('UPDATE directory.people SET merged_into = NULL, updated_at = $2 WHERE id = $1', [
    gone.id,
    context.at,
  ]);
  for (const relation of MOVED_RELATIONS.toReversed()) {
    await restoreRows(tx, relation, undo.merge, kept.id, gone.id);
  }
  if (merge.survivor_leaving_since !== null && kept.leaving_since === null) {
    await tx.query('UPDATE directory.people SET leaving_since = $2 WHERE id = $1', [
      kept.id,
      merge.survivor_leaving_since,
    ]);
  }
  await log(tx, 'directory.person.parted', [kept, gone], undo.merge, context);
  await accounts?.peopleParted(tx, { survivor: kept.id, absorbed: gone.id });
}

/** A merge as it is shown: whom, by whom, when, and whether it was taken back. */
export interface MergeRecord {
  readonly id: MergeId;
  readonly survivor: PersonId;
  readonly absorbed: PersonId;
  readonly score: number;
  readonly reason: string;
  readonly mergedBy: PersonId;
  readonly mergedAt: Date;
  readonly undoneAt?: Date;
}

const MERGES_SHOWN = 100;

/** Merges that a person took part in, or the last 100 whose survivor the scope shows; latest first. */
export async function loadMerges(tx: Tx, person?: PersonId): Promise<readonly MergeRecord[]> {
  const rows = await tx.query<Omit<MergeRecord, 'undoneAt'> & { undoneAt: Date | null }>(
    `SELECT id, survivor_id AS survivor, absorbed_id AS absorbed, score, reason, merged_by AS "mergedBy",
       merged_at AS "mergedAt", undone_at AS "undoneAt"
     FROM directory.person_merges WHERE $1::uuid IS NULL OR survivor_id = $1 OR absorbed_id = $1
     ORDER BY merged_at DESC, id DESC LIMIT ${MERGES_SHOWN}`,
    [person ?? null],
  );
  return rows.map(({ undoneAt, ...merge }) => ({ ...merge, ...(undoneAt ? { undoneAt } : {}) }));
}

/** Rows of every controller move: a narrower scope would move some of them only. No import may be half way. */
async function requireQuietDirectory(tx: Tx): Promise<void> {
  const [row] = await tx.query<{ all: boolean; quiet: boolean }>(
    'SELECT directory.sees_all() AS all, pg_try_advisory_xact_lock_shared($1) AS quiet',
    [advisoryLockKey('directory.import')],
  );
  if (!row!.all)
    throw refuse('scope_too_narrow', 403, 'People are joined across controllers: this scope is too narrow.');
  if (!row!.quiet)
    throw refuse('import_already_running', 409, 'An import is running. Try again when it is over.');
}

async function lockTwo(
  tx: Tx,
  one: PersonId,
  other: PersonId,
): Promise<readonly [LockedPerson, LockedPerson]> {
  const rows = await tx.query<LockedPerson>(
    `SELECT id, status, controller_id, merged_into, leaving_since FROM directory.people WHERE id IN ($1, $2)
     ORDER BY id FOR UPDATE`,
    [one, other],
  );
  const [first, second] = [one, other].map((id) => rows.find((row) => row.id === id));
  if (!first || !second) throw refuse('person_unknown', 404, 'These two people are not known here.');
  return [first, second];
}

async function areRelated(tx: Tx, one: PersonId, other: PersonId): Promise<boolean> {
  const rows = await tx.query(
    `SELECT 1 FROM directory.guardian_links WHERE (child_id, adult_id) IN (($1, $2), ($2, $1)) LIMIT 1`,
    [one, other],
  );
  return rows.length > 0;
}

async function log(
  tx: Tx,
  action: string,
  [survivor, absorbed]: readonly [LockedPerson, LockedPerson],
  merge: MergeId,
  context: WriteContext,
): Promise<void> {
  for (const [person, other] of [
    [survivor, absorbed],
    [absorbed, survivor],
  ] as const) {
    await context.audit.append(tx, {
      controller: person.controller_id,
      actor: context.author,
      action,
      target: { kind: 'person', id: person.id },
      outcome: 'success',
      detail: { merge, other: other.id, survives: person === survivor },
    });
  }
}
