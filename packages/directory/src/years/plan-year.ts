import { newId, type ControllerId, type PersonId, type SchoolId } from '@socle/base';
import { sqlState, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { RolloverId, SubjectId } from '../ids.ts';
import type { WriteContext } from '../people/write-context.ts';

/** A passage of one school to its next year. */
export interface Rollover {
  readonly id: RolloverId;
  readonly school: SchoolId;
  readonly controller: ControllerId;
  /** The year that begins: `2027-2028`. */
  readonly schoolYear: string;
  readonly state: 'preparing' | 'switched' | 'dropped';
  readonly switchedAt?: Date;
  /** Until when a switch may be taken back. */
  readonly undoUntil?: Date;
  readonly preparedAt: Date;
  readonly preparedBy: PersonId;
  readonly switchedBy?: PersonId;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Opens the plan of a school's next year and logs `directory.year.prepared`. From now on feeds of this school go into the
 * plan: who has which role, class and teaching stays as it is until the switch.
 *
 * @throws DirectoryError `school_unknown`; `rollover_open` when one is being prepared already.
 */
export async function prepareYear(
  tx: Tx,
  year: { readonly school: SchoolId; readonly schoolYear: string; readonly by: PersonId },
  context: WriteContext,
): Promise<RolloverId> {
  const [school] = await tx.query<{ controller_id: ControllerId }>(
    'SELECT controller_id FROM directory.schools WHERE id = $1',
    [year.school],
  );
  if (!school) throw refuse('school_unknown', 404, 'This school is not known here.');
  const id = newId<RolloverId>(context.at);
  try {
    await tx.query(
      `INSERT INTO directory.rollovers (id, school_id, controller_id, school_year, prepared_by, prepared_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, year.school, school.controller_id, year.schoolYear, year.by, context.at],
    );
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    throw refuse('rollover_open', 409, 'The next year of this school is being prepared already.');
  }
  await logYear(
    tx,
    'directory.year.prepared',
    { id, school: year.school, controller: school.controller_id },
    context,
  );
  return id;
}

/** Drops a plan that was not switched: feeds apply at once again. Logs `directory.year.dropped`. @throws as requireRollover. */
export async function dropYear(tx: Tx, id: RolloverId, context: WriteContext): Promise<void> {
  const rollover = await requireRollover(tx, id, 'preparing');
  await tx.query(`UPDATE directory.rollovers SET state = 'dropped' WHERE id = $1`, [id]);
  for (const table of ['planned_roles', 'planned_places']) {
    await tx.query(`DELETE FROM directory.${table} WHERE rollover_id = $1`, [id]);
  }
  await logYear(tx, 'directory.year.dropped', rollover, context);
}

/** What one person is to be in the school next year. */
export interface PlannedPerson {
  readonly person: PersonId;
  readonly role: string;
  readonly classes?: readonly PlannedDivision[];
  readonly teaches?: readonly (PlannedDivision & { readonly subject?: SubjectId })[];
  readonly headTeacherOf?: readonly PlannedDivision[];
}

interface PlannedDivision {
  readonly kind: 'class' | 'group';
  readonly code: string;
  readonly name?: string;
}

/**
 * Plans one person by hand, in place of what was planned of them so far; a later feed leaves it. Not logged: a plan gives
 * no right, and the switch logs what it does.
 *
 * @throws DirectoryError `rollover_unknown`, `rollover_not_open`, `person_unknown`.
 */
export async function planPerson(tx: Tx, id: RolloverId, planned: PlannedPerson): Promise<void> {
  const { controller } = await requireRollover(tx, id, 'preparing');
  const [known] = await tx.query('SELECT 1 FROM directory.people WHERE id = $1', [planned.person]);
  if (!known) throw refuse('person_unknown', 404, 'This person is not known here.');
  await forgetPlanOf(tx, id, planned.person);
  await tx.query(
    `INSERT INTO directory.planned_roles (rollover_id, person_id, controller_id, role, source)
     VALUES ($1, $2, $3, $4, 'manual')`,
    [id, planned.person, controller, planned.role],
  );
  const places = [
    ...(planned.classes ?? []).map((place) => ({ relation: 'member', ...place })),
    ...(planned.teaches ?? []).map((place) => ({ relation: 'teaching', ...place })),
    ...(planned.headTeacherOf ?? []).map((place) => ({ relation: 'head', ...place })),
  ];
  for (const place of places) {
    await tx.query(
      `INSERT INTO directory.planned_places (rollover_id, person_id, controller_id, relation, kind, code, name, subject_id, source)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'manual')`,
      [
        id,
        planned.person,
        controller,
        place.relation,
        place.kind,
        place.code,
        place.name ?? null,
        'subject' in place ? (place.subject ?? null) : null,
      ],
    );
  }
}

/** Takes a person out of the plan. @throws DirectoryError `rollover_unknown`, `rollover_not_open`. */
export async function unplanPerson(tx: Tx, id: RolloverId, person: PersonId): Promise<void> {
  await requireRollover(tx, id, 'preparing');
  await forgetPlanOf(tx, id, person);
}

async function forgetPlanOf(tx: Tx, id: RolloverId, person: PersonId): Promise<void> {
  for (const table of ['planned_roles', 'planned_places']) {
    await tx.query(`DELETE FROM directory.${table} WHERE rollover_id = $1 AND person_id = $2`, [id, person]);
  }
}

/** The rollovers of a school, latest first. */
export async function loadRollovers(tx: Tx, school: SchoolId): Promise<readonly Rollover[]> {
  const rows = await tx.query<RolloverRow>(
    `${SELECT_ROLLOVERS} WHERE school_id = $1 ORDER BY prepared_at DESC, id DESC`,
    [school],
  );
  return rows.map(readRollover);
}

/** The plan that a school's feeds go into; undefined when none is open. */
export async function findOpenRollover(tx: Tx, school: SchoolId): Promise<Rollover | undefined> {
  const [row] = await tx.query<RolloverRow>(
    `${SELECT_ROLLOVERS} WHERE school_id = $1 AND state = 'preparing' FOR SHARE`,
    [school],
  );
  return row && readRollover(row);
}

interface RolloverRow {
  readonly id: RolloverId;
  readonly school_id: SchoolId;
  readonly controller_id: ControllerId;
  readonly school_year: string;
  readonly state: Rollover['state'];
  readonly switched_at: Date | null;
  readonly undo_until: Date | null;
  readonly prepared_at: Date;
  readonly prepared_by: PersonId;
  readonly switched_by: PersonId | null;
}

const SELECT_ROLLOVERS = `SELECT id, school_id, controller_id, school_year, state, switched_at, undo_until,
  prepared_at, prepared_by, switched_by
  FROM directory.rollovers`;

function readRollover(row: RolloverRow): Rollover {
  return {
    id: row.id,
    school: row.school_id,
    controller: row.controller_id,
    schoolYear: row.school_year,
    state: row.state,
    ...(row.switched_at ? { switchedAt: row.switched_at } : {}),
    ...(row.undo_until ? { undoUntil: row.undo_until } : {}),
    preparedAt: row.prepared_at,
    preparedBy: row.prepared_by,
    ...(row.switched_by ? { switchedBy: row.switched_by } : {}),
  };
}

/** Locks a rollover. @throws DirectoryError `rollover_unknown`, `rollover_not_open` when it is in another state. */
export async function requireRollover(
  tx: Tx,
  id: RolloverId,
  ...states: Rollover['state'][]
): Promise<Rollover> {
  const [row] = await tx.query<RolloverRow>(`${SELECT_ROLLOVERS} WHERE id = $1 FOR UPDATE`, [id]);
  if (!row) throw refuse('rollover_unknown', 404, 'This passage to a new year is not known here.');
  if (!states.includes(row.state))
    throw refuse('rollover_not_open', 409, 'This passage to a new year is over, or has not begun.');
  return readRollover(row);
}

export async function logYear(
  tx: Tx,
  action: string,
  rollover: Pick<Rollover, 'id' | 'school' | 'controller'>,
  context: WriteContext,
  detail: Readonly<Record<string, number>> = {},
): Promise<void> {
  await context.audit.append(tx, {
    controller: rollover.controller,
    actor: context.author,
    action,
    target: { kind: 'school', id: rollover.school },
    outcome: 'success',
    detail: { rollover: rollover.id, ...detail },
  });
}
