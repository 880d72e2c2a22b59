import type { NewEvent } from '@socle/audit';
import { advisoryLockKey, type Tx } from '@socle/db';
import type { PersonId } from '@socle/base';
import { refuse } from '../errors.ts';
import type { RolloverId } from '../ids.ts';
import type { WriteContext } from '../people/write-context.ts';
import { applySwitch, type YearStep } from './apply-switch.ts';
import { loadYearDetails, type YearDetails } from './load-year-details.ts';
import { findOpenRollover, logYear, requireRollover, type Rollover } from './plan-year.ts';

/** What a switch does, or did, in counts; and the people of each kind. */
export interface YearChanges {
  /** Pupils who have a class next year and had one this year. */
  readonly moving: readonly PersonId[];
  /** People who come to the school. */
  readonly arriving: readonly PersonId[];
  /** People who have no role left anywhere, and are suspended at once. */
  readonly leaving: readonly PersonId[];
  /** People who lose a role or a teaching here and keep others, or get others. */
  readonly losingRights: readonly PersonId[];
  /** People who had left and are taken back. */
  readonly returning: readonly PersonId[];
}

/** What a switch would do, with the classes of the next year and who would lose what. */
export interface YearPreview extends YearChanges, YearDetails {}

/** How long a switch may be taken back. */
const UNDO_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * What the switch would do if it were now: it is carried out and rolled back inside the caller's transaction.
 *
 * @throws DirectoryError `scope_too_narrow`, `rollover_unknown`, `rollover_not_open`.
 */
export async function previewYear(tx: Tx, id: RolloverId, at: Date): Promise<YearPreview> {
  await requireQuiet(tx);
  const rollover = await requireRollover(tx, id, 'preparing');
  await tx.query('SAVEPOINT preview_of_year');
  const steps = await applySwitch(tx, rollover, at);
  const details = await loadYearDetails(tx, id);
  await tx.query('ROLLBACK TO SAVEPOINT preview_of_year');
  return { ...summarise(steps), ...details };
}

/**
 * Switches a school to its planned year, in the caller's one transaction: killed before its commit, nothing happened;
 * called again after it, nothing more happens. Roles, classes and teaching of the year that ends are over at `context.at`,
 * who has no role left anywhere is suspended and their retention clock starts, who returns is taken back, and the sessions
 * of all who lost a right are put down to be ended (`endDueSessions`). Logs `directory.year.switched` and each person's
 * changes. Needs the scope of all, because who leaves is told by their roles elsewhere.
 *
 * @throws DirectoryError `scope_too_narrow`, `rollover_unknown`, `rollover_not_open` when it was dropped,
 *   `import_already_running`, `rollover_empty` when nobody is planned.
 */
export async function switchYear(
  tx: Tx,
  id: RolloverId,
  by: PersonId,
  context: WriteContext,
): Promise<YearChanges> {
  await requireQuiet(tx);
  const rollover = await requireRollover(tx, id, 'preparing', 'switched');
  if (rollover.state === 'switched') return summarise(await loadSteps(tx, id));
  const [planned] = await tx.query(`SELECT 1 FROM directory.planned_roles WHERE rollover_id = $1 LIMIT 1`, [
    id,
  ]);
  if (!planned)
    throw refuse('rollover_empty', 422, 'Nobody is planned for the next year: everybody would leave.');
  const steps = await applySwitch(tx, rollover, context.at);
  await tx.query(
    `UPDATE directory.rollovers SET state = 'switched', switched_by = $2, switched_at = $3, undo_until = $4 WHERE id = $1`,
    [id, by, context.at, new Date(context.at.getTime() + UNDO_DAYS * DAY_MS)],
  );
  await dueSessions(tx, rollover, 'ended', context.at);
  const changes = summarise(steps);
  await logPeople(tx, rollover, steps, 'directory.year.person_switched', context);
  await logYear(tx, 'directory.year.switched', rollover, context, {
    moving: changes.moving.length,
    arriving: changes.arriving.length,
    leaving: changes.leaving.length,
    losing: changes.losingRights.length,
    returning: changes.returning.length,
  });
  return changes;
}

/**
 * Takes a switch back within 14 days: every row, class and person is as before it, and the plan is open again. Logs
 * `directory.year.undone`.
 *
 * @throws DirectoryError `rollover_not_open` when it was not switched, or the 14 days are over; `rollover_changed_since` when
 *   something that the switch touched was changed by a feed or a person since; `scope_too_narrow`, `import_already_running`.
 */
export async function undoYear(tx: Tx, id: RolloverId, by: PersonId, context: WriteContext): Promise<void> {
  await requireQuiet(tx);
  const rollover = await requireRollover(tx, id, 'switched');
  if (rollover.undoUntil! < context.at)
    throw refuse('rollover_not_open', 409, 'The time in which the switch could be taken back is over.');
  if (await findOpenRollover(tx, rollover.school))
    throw refuse('rollover_open', 409, 'The year after is being prepared already: drop that plan first.');
  const steps = await loadSteps(tx, id);
  await dueSessions(tx, rollover, 'opened', context.at);
  const expected = new Map<string, number>();
  for (const { relation, change } of steps)
    expected.set(`${relation} ${change}`, (expected.get(`${relation} ${change}`) ?? 0) + 1);
  const undo = async (key: string, sql: string, values: readonly unknown[]): Promise<void> => {
    const rows = await tx.query(`${sql} RETURNING 1`, [id, ...values]);
    if (rows.length !== (expected.get(key) ?? 0))
      throw refuse('rollover_changed_since', 409, 'Something that the switch touched was changed since.');
  };
  const switchedAt = rollover.switchedAt!;
  for (const table of ['roles', 'division_members', 'teaching_assignments', 'head_teachers']) {
    const mine = `FROM directory.rollover_steps s WHERE s.rollover_id = $1 AND s.relation = '${table}' AND s.row_key = t.id::text`;
    await undo(
      `${table} opened`,
      `UPDATE directory.${table} t SET valid_to = t.valid_from ${mine} AND s.change = 'opened' AND t.valid_to IS NULL`,
      [],
    );
    await undo(
      `${table} ended`,
      `UPDATE directory.${table} t SET valid_to = s.before::timestamptz ${mine} AND s.change = 'ended' AND t.valid_to = $2`,
      [switchedAt],
    );
  }
  const divisions = `FROM directory.rollover_steps s WHERE s.rollover_id = $1 AND s.relation = 'divisions'
    AND s.row_key = d.id::text`;
  await undo(
    'divisions opened',
    `UPDATE directory.divisions d SET retired_at = $2, code = left(d.code, 40) || '~' || substr(d.id::text, 25) ${divisions}
       AND s.change = 'opened' AND d.retired_at IS NULL`,
    [context.at],
  );
  await undo(
    'divisions retired',
    `UPDATE directory.divisions d SET retired_at = NULL, code = s.before ${divisions} AND s.change = 'retired'
       AND d.retired_at = $2`,
    [switchedAt],
  );
  const people = `FROM directory.rollover_steps s WHERE s.rollover_id = $1 AND s.relation = 'people' AND s.row_key = p.id::text`;
  await undo(
    'people left',
    `UPDATE directory.people p SET status = 'active', status_reason = NULL, leaving_since = s.before::timestamptz,
       updated_at = $2 ${people} AND s.change = 'left' AND p.status = 'suspended' AND p.status_reason = 'left_at_year_end'`,
    [context.at],
  );
  await undo(
    'people returned',
    `UPDATE directory.people p SET status = 'suspended', status_reason = 'left_at_year_end',
       leaving_since = s.before::timestamptz, updated_at = $2 ${people} AND s.change = 'returned' AND p.status = 'active'`,
    [context.at],
  );
  await tx.query('DELETE FROM directory.rollover_steps WHERE rollover_id = $1', [id]);
  await tx.query(
    `UPDATE directory.rollovers SET state = 'preparing', switched_by = NULL, switched_at = NULL, undo_until = NULL
     WHERE id = $1`,
    [id],
  );
  await logPeople(tx, rollover, steps, 'directory.year.person_restored', context);
  await logYear(tx, 'directory.year.undone', rollover, { ...context, author: { kind: 'person', id: by } });
}

function loadSteps(tx: Tx, id: RolloverId): Promise<YearStep[]> {
  return tx.query<YearStep>(
    'SELECT relation, change, row_key, person_id FROM directory.rollover_steps WHERE rollover_id = $1',
    [id],
  );
}

function summarise(steps: readonly YearStep[]): YearChanges {
  const people = (relations: readonly string[], change: string): Set<PersonId> =>
    new Set(
      steps.flatMap((step) =>
        step.person_id && step.change === change && relations.includes(step.relation) ? [step.person_id] : [],
      ),
    );
  const RIGHTS = ['roles', 'teaching_assignments', 'head_teachers'];
  const [ended, opened] = [people(RIGHTS, 'ended'), people(['roles'], 'opened')];
  const leaving = people(['people'], 'left');
  const moved = people(['division_members'], 'opened');
  return {
    moving: [...people(['division_members'], 'ended')].filter((id) => moved.has(id)),
    arriving: [...opened].filter((id) => !ended.has(id)),
    leaving: [...leaving],
    losingRights: [...ended].filter((id) => !leaving.has(id)),
    returning: [...people(['people'], 'returned')],
  };
}

/** Whoever lost a right signs in again: what they then see is what they may. */
async function dueSessions(tx: Tx, rollover: Rollover, change: 'ended' | 'opened', at: Date): Promise<void> {
  await tx.query(
    `INSERT INTO directory.session_endings (person_id, controller_id, due_at)
     SELECT DISTINCT person_id, $2::uuid, $3::timestamptz FROM directory.rollover_steps
     WHERE rollover_id = $1 AND change = $4 AND relation IN ('roles', 'teaching_assignments', 'head_teachers')`,
    [rollover.id, rollover.controller, at, change],
  );
}

async function logPeople(
  tx: Tx,
  rollover: Rollover,
  steps: readonly YearStep[],
  action: string,
  context: WriteContext,
): Promise<void> {
  const byPerson = Map.groupBy(
    steps.filter(({ person_id }) => person_id !== null),
    ({ person_id }) => person_id!,
  );
  const events: NewEvent[] = [...byPerson].map(([person, own]) => ({
    at: context.at,
    controller: rollover.controller,
    actor: context.author,
    action,
    target: { kind: 'person', id: person },
    outcome: 'success',
    detail: {
      rollover: rollover.id,
      school: rollover.school,
      opened: own.filter((step) => step.change === 'opened').length,
      ended: own.filter((step) => step.change === 'ended').length,
      left: own.some((step) => step.change === 'left'),
      returned: own.some((step) => step.change === 'returned'),
    },
  }));
  for (let start = 0; start < events.length; start += 1_000) {
    await context.audit.appendMany(tx, events.slice(start, start + 1_000));
  }
}

async function requireQuiet(tx: Tx): Promise<void> {
  const [row] = await tx.query<{ all: boolean; quiet: boolean }>(
    'SELECT directory.sees_all() AS all, pg_try_advisory_xact_lock_shared($1) AS quiet',
    [advisoryLockKey('directory.import')],
  );
  if (!row!.all)
    throw refuse(
      'scope_too_narrow',
      403,
      'Who leaves is told by their roles elsewhere: this scope is too narrow.',
    );
  if (!row!.quiet)
    throw refuse('import_already_running', 409, 'An import is running. Try again when it is over.');
}
