import type { AuditAppender } from '@socle/audit';
import { newId, type ControllerId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { ensureController } from '../schools/schools.ts';
import { planFeed } from '../years/plan-feed.ts';
import { findOpenRollover } from '../years/plan-year.ts';
import { applyLinks } from './apply-links.ts';
import { applyPeople } from './apply-people.ts';
import { buildDiff, type DiffRow } from './build-diff.ts';
import { buildChangeEvents, type PassOutcome, type RelationOutcome } from './change-events.ts';
import type { Pass } from './pass.ts';
import { HEADS, MEMBERS, ROLES, TEACHING } from './school-relations.ts';

/** Statements made once: they are long, and the same for every school. */
const STATEMENTS = {
  roles: buildDiff(ROLES),
  members: buildDiff(MEMBERS),
  teaching: buildDiff(TEACHING),
  heads: buildDiff(HEADS),
};

/** Gives the school of a feed's key as it stands now, made or brought up to date; its pass may then run. */
export async function applySchoolRecord(
  tx: Tx,
  pass: Omit<Pass, 'school' | 'controller'>,
  key: string,
  fixedController: ControllerId | undefined,
): Promise<Pass | undefined> {
  const { academy, degree, at } = pass;
  const [record] = await tx.query<{ uai: string; name: string; kind: string }>(
    'SELECT uai, name, kind FROM directory.staged_schools WHERE key = $1',
    [key],
  );
  if (!record) {
    // Its people leave it in its pass.
    const [left] = await tx.query<{ id: SchoolId; controller_id: ControllerId }>(
      `UPDATE directory.schools SET leaving_since = coalesce(leaving_since, $4)
       WHERE academy_id = $1 AND degree = $2 AND join_key = $3 RETURNING id, controller_id`,
      [academy, degree, key, at],
    );
    return left && { ...pass, controller: left.controller_id, school: { id: left.id, key } };
  }
  const controller = fixedController ?? (await chooseController(tx, pass, record));
  await tx.query(
    `INSERT INTO directory.schools AS t (id, academy_id, controller_id, uai, join_key, degree, kind, name, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (uai) DO UPDATE SET join_key = EXCLUDED.join_key, kind = EXCLUDED.kind, name = EXCLUDED.name,
       leaving_since = NULL
     WHERE (t.join_key, t.kind, t.name, t.leaving_since)
       IS DISTINCT FROM (EXCLUDED.join_key, EXCLUDED.kind, EXCLUDED.name, NULL::timestamptz)`,
    [newId<SchoolId>(at), academy, controller, record.uai, key, degree, record.kind, record.name, at],
  );
  const [school] = await tx.query<{ id: SchoolId; controller_id: ControllerId }>(
    'SELECT id, controller_id FROM directory.schools WHERE uai = $1',
    [record.uai],
  );
  return { ...pass, controller: school!.controller_id, school: { id: school!.id, key } };
}

/** The head answers for a school of the second degree, the academy for those of the first. */
async function chooseController(
  tx: Tx,
  pass: Omit<Pass, 'school' | 'controller'>,
  record: { readonly uai: string; readonly name: string },
): Promise<ControllerId> {
  if (pass.degree === '1D') {
    const [row] = await tx.query<{ controller_id: ControllerId }>(
      'SELECT controller_id FROM directory.academies WHERE id = $1',
      [pass.academy],
    );
    return row!.controller_id;
  }
  return ensureController(tx, {
    code: `school:${record.uai}`,
    name: record.name,
    kind: 'head_of_school',
    at: pass.at,
  });
}

/**
 * What a pass reads was written a moment ago and is in memory: by index, it costs in proportion to the school. A crash may take
 * back the last passes whole, and the next run does them again; the import's end waits until all is on the disk.
 */
const LIKE_A_SCHOOL = `SELECT set_config('statement_timeout', '0', true), set_config('enable_seqscan', 'off', true),
  set_config('random_page_cost', '1', true), set_config('synchronous_commit', 'off', true)`;

/** Applies one pass in the caller's transaction, events included. */
export async function applyPass(tx: Tx, pass: Pass, audit: AuditAppender): Promise<PassOutcome> {
  await tx.query(LIKE_A_SCHOOL);
  const plan = pass.school && (await findOpenRollover(tx, pass.school.id));
  const running = pass.school && !plan;
  if (running) await applyDivisions(tx, pass);
  const people = await applyPeople(tx, pass);
  if (running) await applyFunctionCodes(tx, pass);
  // The next year waits beside the running one.
  if (plan) await planFeed(tx, pass, plan);
  const nothing: RelationOutcome = { opened: 0, ended: 0, changes: [] };
  const outcome: PassOutcome = {
    people,
    roles: running ? await applyRelation(tx, pass, 'roles') : nothing,
    members: running ? await applyRelation(tx, pass, 'members') : nothing,
    teaching: running ? await applyRelation(tx, pass, 'teaching') : nothing,
    heads: running ? await applyRelation(tx, pass, 'heads') : nothing,
    links: await applyLinks(tx, pass),
  };
  const events = buildChangeEvents(pass, outcome);
  for (let start = 0; start < events.length; start += 1_000) {
    await audit.appendMany(tx, events.slice(start, start + 1_000));
  }
  return outcome;
}

/** Classes and groups, made on first sight wherever they are named. */
async function applyDivisions(tx: Tx, { school, controller, at }: Pass): Promise<void> {
  await tx.query(
    `INSERT INTO directory.divisions AS t (id, school_id, controller_id, kind, code, name, created_at)
     SELECT directory.new_id($4), $1, $3, s.kind, s.code, coalesce(max(s.name), s.code), $4
     FROM (
       SELECT kind, code, name FROM directory.staged_divisions WHERE school_key = $2
       UNION ALL SELECT kind, code, NULL FROM directory.staged_members WHERE school_key = $2
       UNION ALL SELECT kind, code, NULL FROM directory.staged_teaching WHERE school_key = $2
       UNION ALL SELECT 'class', code, NULL FROM directory.staged_heads WHERE school_key = $2
     ) s GROUP BY s.kind, s.code
     ON CONFLICT (school_id, kind, code) DO UPDATE SET name = EXCLUDED.name
     WHERE t.name <> EXCLUDED.name AND EXCLUDED.name <> EXCLUDED.code`,
    [school!.id, school!.key, controller, at],
  );
}

/** A role that stays, though for another function: a later delta must find the function that the feed gave last. */
async function applyFunctionCodes(tx: Tx, { school }: Pass): Promise<void> {
  await tx.query(
    `UPDATE directory.roles t SET function_code = d.function_code
     FROM (
       SELECT k.person_id, r.role, min(r.function_code) AS function_code FROM directory.staged_roles r
       JOIN directory.known_people k ON k.key = r.key AND k.category = 'staff' AND k.state <> 'gone' AND NOT k.is_new
       WHERE r.school_key = $2 GROUP BY k.person_id, r.role
     ) d
     WHERE t.person_id = d.person_id AND t.role = d.role AND t.school_id = $1 AND t.source = 'feed' AND t.valid_to IS NULL
       AND t.function_code IS DISTINCT FROM d.function_code`,
    [school!.id, school!.key],
  );
}

async function applyRelation(
  tx: Tx,
  { school, at, began, controller, academy, partial }: Pass,
  name: keyof typeof STATEMENTS,
): Promise<RelationOutcome> {
  const values = [
    school!.id,
    school!.key,
    at,
    controller,
    partial,
    ...(name === 'roles' ? [began] : name === 'teaching' ? [academy] : []),
  ];
  const rows = await tx.query<DiffRow>(STATEMENTS[name], values);
  const total = (change: DiffRow['change']) =>
    rows.reduce((sum, row) => (row.change === change ? sum + row.total : sum), 0);
  return {
    opened: total('opened'),
    ended: total('ended'),
    changes: rows.flatMap((row) =>
      row.person_id ? [{ change: row.change, person: row.person_id, label: row.label }] : [],
    ),
  };
}
