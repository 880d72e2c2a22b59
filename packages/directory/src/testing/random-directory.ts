import { uuidv7, type PersonId } from '@socle/base';
import { sqlState, type Database } from '@socle/db';

/** When random directories begin. */
export const START = new Date('2026-11-23T10:00:00.000Z');
export const PEOPLE = 70;
const DAY = 86_400_000;
const ZONES = ['Europe/Paris', 'Indian/Reunion', 'America/Cayenne', 'Pacific/Noumea'];

/** A small territory of random rows, and what it is made of. */
export interface RandomDirectory {
  readonly regions: readonly string[];
  readonly academies: readonly string[];
  readonly schools: string[];
  readonly divisions: readonly { readonly id: string; readonly school: string }[];
  readonly subjects: readonly string[];
  readonly people: readonly PersonId[];
  /** Entries that were joined to another: no row is about them. */
  readonly merged: Set<PersonId>;
  readonly controller: string;
}

/** A whole number below the given one. */
export type Random = (below: number) => number;

/** Numbers that are the same at each run. */
export function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

const ids = (count: number): string[] => Array.from({ length: count }, () => uuidv7(START));
/** One of these. */
export const pick = <T>(of: readonly T[], random: Random): T => of[random(of.length)]!;

/** Writes schools in four time zones, their classes, and people without any role. */
export async function buildRandomDirectory(admin: Database, random: Random): Promise<RandomDirectory> {
  const [controller] = ids(1) as [string];
  const [regions, academies, schools, subjects] = [ids(2), ids(3), ids(6), ids(3)];
  const people = ids(PEOPLE) as PersonId[];
  const divisions = schools.flatMap((school) => ids(2).map((id) => ({ id, school })));
  await admin.query(
    `INSERT INTO directory.controllers (id, code, name, kind, created_at) VALUES ($1, 'c', 'C', 'academy', now())`,
    [controller],
  );
  for (const [index, id] of regions.entries())
    await admin.query('INSERT INTO directory.regions (id, code, name) VALUES ($1, $2, $2)', [
      id,
      `R${index}`,
    ]);
  for (const [index, id] of academies.entries())
    await admin.query(
      'INSERT INTO directory.academies (id, code, name, region_id, controller_id) VALUES ($1, $2, $2, $3, $4)',
      [id, `A${index}`, regions[index % 2], controller],
    );
  for (const [index, id] of schools.entries())
    await admin.query(
      `INSERT INTO directory.schools (id, academy_id, controller_id, uai, degree, kind, name, created_at, time_zone, time_zone_in_force)
       VALUES ($1, $2, $3, $4, '2D', 'college', $4, now(), $5, $5)`,
      [id, academies[index % 3], controller, `000000${index}A`, ZONES[index % ZONES.length]],
    );
  for (const [index, id] of subjects.entries())
    await admin.query('INSERT INTO directory.subjects (id, academy_id, code, name) VALUES ($1, $2, $3, $3)', [
      id,
      academies[0],
      `M${index}`,
    ]);
  for (const [index, { id, school }] of divisions.entries())
    await admin.query(
      `INSERT INTO directory.divisions (id, school_id, controller_id, kind, code, name, created_at)
       VALUES ($1, $2, $3, 'class', $4, $4, now())`,
      [id, school, controller, String(index)],
    );
  for (const id of people)
    await admin.query(
      `INSERT INTO directory.people (id, controller_id, given_name, family_name, birth_date, created_at, updated_at)
       VALUES ($1, $2, 'Maël', 'Le Goff', $3, now(), now())`,
      [id, controller, birthDate(random)],
    );
  return { regions, academies, schools, divisions, subjects, people, merged: new Set(), controller };
}

/** Unknown, of any age, of 29 February, or about to come of age. */
function birthDate(random: Random): string | null {
  const kind = random(8);
  if (kind === 0) return null;
  if (kind === 1) return '2008-02-29';
  if (kind === 2) return pick(['1850-06-01', '2070-01-01'], random);
  const days = kind < 6 ? -18 * 365.25 + random(60) : -random(50 * 365);
  return new Date(START.getTime() + Math.round(days) * DAY).toISOString().slice(0, 10);
}

/** One change by statements that the triggers see. @returns false when a constraint refused it. */
export async function changeSomething(
  admin: Database,
  world: RandomDirectory,
  random: Random,
  now: Date,
): Promise<boolean> {
  const apart = world.people.filter((id) => !world.merged.has(id));
  const person = pick(apart, random);
  const other = pick(apart, random);
  const division = pick(world.divisions, random).id;
  const { from, to } = pickWindow(random, now);
  const [id] = ids(1);
  const school = pick(world.schools, random);
  const actions: (() => Promise<unknown>)[] = [
    () => insertRole(admin, world, random, { id: id!, person, from, to }),
    () => insertRole(admin, world, random, { id: id!, person, from, to }),
    () =>
      admin.query(
        `INSERT INTO directory.roles (id, person_id, role, scope, school_id, controller_id, source, valid_from)
         VALUES ($1, $2, 'pupil', 'school', $3, $4, 'feed', $5)`,
        [id, person, school, world.controller, new Date(now.getTime() - random(500) * DAY)],
      ),
    () =>
      admin.query(
        `INSERT INTO directory.division_members (division_id, person_id, controller_id, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)`,
        [division, person, world.controller, from, to],
      ),
    () =>
      admin.query(
        `INSERT INTO directory.teaching_assignments (person_id, division_id, subject_id, controller_id, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [person, division, random(3) === 0 ? null : pick(world.subjects, random), world.controller, from, to],
      ),
    () =>
      admin.query(
        `INSERT INTO directory.head_teachers (person_id, division_id, controller_id, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)`,
        [person, division, world.controller, from, to],
      ),
    ...[0, 1, 2].map(() => () => insertLink(admin, world, random, { id: id!, person, other, from, to })),
    () =>
      admin.query(
        `UPDATE directory.guardian_links SET superseded_at = recorded_at WHERE id = (SELECT id FROM directory.guardian_links
         WHERE superseded_at IS NULL AND adult_id = $1 LIMIT 1)`,
        [person],
      ),
    () =>
      admin.query(
        `UPDATE directory.${pick(['roles', 'division_members', 'teaching_assignments', 'head_teachers'], random)} t
         SET valid_to = greatest(t.valid_from, $2::timestamptz) WHERE t.person_id = $1 AND t.valid_to IS NULL`,
        [person, from],
      ),
    () =>
      admin.query(`UPDATE directory.people SET status = $2 WHERE id = $1`, [
        person,
        pick(['active', 'active', 'suspended', 'departed'], random),
      ]),
    () =>
      admin.query(`UPDATE directory.people SET birth_date = $2 WHERE id = $1`, [person, birthDate(random)]),
    () => merge(admin, world, { person, other, random }),
    async () => {
      const [joined] = world.merged;
      if (joined === undefined) return;
      await admin.query('UPDATE directory.people SET merged_into = NULL WHERE id = $1', [joined]);
      world.merged.delete(joined);
    },
    // Names everybody: a school that goes to another academy.
    () =>
      admin.query(`UPDATE directory.schools SET academy_id = $2 WHERE id = $1 AND ${random(6)} = 0`, [
        school,
        pick(world.academies, random),
      ]),
  ];
  try {
    await pick(actions, random)();
    return true;
  } catch (error) {
    const state = sqlState((error as { cause?: unknown }).cause ?? error);
    if (!['23505', '23P01', '23514'].includes(state ?? '')) throw error;
    return false;
  }
}

/** Joins an entry to another, to which its rows go. */
async function merge(
  admin: Database,
  world: RandomDirectory,
  { person, other, random }: { person: PersonId; other: PersonId; random: Random },
): Promise<void> {
  if (person === other || random(2) === 0) return;
  await admin.transaction(async (tx) => {
    for (const table of ['roles', 'division_members', 'teaching_assignments', 'head_teachers'])
      await tx.query(`UPDATE directory.${table} SET person_id = $2 WHERE person_id = $1`, [person, other]);
    await tx.query(
      'UPDATE directory.guardian_links SET adult_id = $2 WHERE adult_id = $1 AND child_id <> $2',
      [person, other],
    );
    await tx.query(
      'UPDATE directory.guardian_links SET child_id = $2 WHERE child_id = $1 AND adult_id <> $2',
      [person, other],
    );
    await tx.query(
      'UPDATE directory.guardian_links SET superseded_at = recorded_at WHERE $1 IN (adult_id, child_id)',
      [person],
    );
    await tx.query('UPDATE directory.people SET merged_into = $2 WHERE id = $1', [person, other]);
  });
  world.merged.add(person);
}

function pickWindow(random: Random, now: Date): { from: Date; to: Date | null } {
  const from = new Date(now.getTime() + (random(60) - 40) * DAY + random(86_400) * 1000);
  return { from, to: random(2) === 0 ? null : new Date(from.getTime() + 1 + random(50) * DAY) };
}

interface Placed {
  readonly id: string;
  readonly person: string;
  readonly from: Date;
  readonly to: Date | null;
}

async function insertRole(
  admin: Database,
  world: RandomDirectory,
  random: Random,
  { id, person, from, to }: Placed,
) {
  const scope = pick(['school', 'school', 'school', 'academy', 'region'], random);
  const role = pick(['teacher', 'head', 'cpe', 'guardian', 'dpo', 'academy_admin', 'local_admin'], random);
  return admin.query(
    `INSERT INTO directory.roles (id, person_id, role, scope, school_id, academy_id, region_id, controller_id, source, reason,
       valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'manual', 'essai', $9, $10)`,
    [
      id,
      person,
      role,
      scope,
      scope === 'school' ? pick(world.schools, random) : null,
      scope === 'academy' ? pick(world.academies, random) : null,
      scope === 'region' ? pick(world.regions, random) : null,
      world.controller,
      from,
      to,
    ],
  );
}

async function insertLink(
  admin: Database,
  world: RandomDirectory,
  random: Random,
  { id, person, other, from, to }: Placed & { readonly other: string },
) {
  const isLocal = random(2) === 0;
  const kind = pick(['legal', 'legal', 'legal', 'contact', 'in_charge'], random);
  const exercise = kind === 'legal' ? pick(['joint', 'sole', 'none', 'withdrawn'], random) : 'none';
  const [first, second] = world.people as readonly [PersonId, PersonId, ...PersonId[]];
  return admin.query(
    `INSERT INTO directory.guardian_links (id, child_id, adult_id, controller_id, kind, exercise, source, valid_from, valid_to,
       recorded_at, recorded_by, confirmed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $10, $11)`,
    [
      id,
      other,
      person,
      world.controller,
      kind,
      exercise,
      isLocal ? 'local' : 'feed',
      from,
      to,
      isLocal ? first : null,
      isLocal ? second : null,
    ],
  );
}
