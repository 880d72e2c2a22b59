import {
  birthDayOf,
  buildReplica,
  FACT_KINDS,
  linkDetail,
  openFactPacker,
  roleDetail,
  type ChildFact,
  type FactPacker,
  type FactsReplica,
  type RoleScope,
} from '@socle/authorization';
import type { Clock, PersonId } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { setImmediate as pause } from 'node:timers/promises';
import { loadPeopleRows, loadSchoolPlaces } from './load-people-rows.ts';
import { buildMajorities, type Majorities } from './majorities.ts';
import { readCopy, type CopiedRow } from './read-copy.ts';

/** PostgreSQL counts days and microseconds from here. */
const EPOCH_DAYS = Date.UTC(2000, 0, 1) / 86_400_000;
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** People whose rows are read one by one in a statement. */
const BATCH = 500;

/**
 * Builds the replica of everybody's facts from the directory, of one instant of the database: each table is copied
 * once, whole, and packed as it comes. A link that another row about the same pair cuts is then read again for its
 * adult, with its times.
 *
 * @throws DbError; InvariantViolation when facts have no place in the replica (more than 131 000 distinct windows).
 */
export async function loadFactsReplicaFrom(database: Database, clock: Clock): Promise<FactsReplica> {
  return database.transaction(
    async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      const [counted] = await tx.query<{ revision: number; people: number }>(
        `SELECT (SELECT revision FROM directory.authorization_revisions) AS revision,
           (SELECT count(*) FROM directory.people) AS people`,
      );
      const { revision, people } = counted!;
      const schools = await loadSchoolPlaces(tx);
      const at = clock.now();
      const packer = openFactPacker(people);
      const load: Load = { tx, packer, at, open: `(valid_to IS NULL OR valid_to > '${at.toISOString()}')` };
      const days = await copyPeople(load);
      await copyRoles(load);
      await copyDivisions(load);
      await copyLinks(load, await buildMajorities(tx, days));
      const { rows, repeated } = await packer.pack(() => pause());
      const adults = repeated as readonly PersonId[];
      const replica = buildReplica(rows, { revision, schools, knownFrom: at });
      for (let start = 0; start < adults.length; start += BATCH)
        rows.write(await loadPeopleRows(tx, adults.slice(start, start + BATCH), at));
      return replica;
    },
    { scope: 'all', readOnly: true, isolation: 'repeatable read' },
  );
}

interface Load {
  readonly tx: Tx;
  readonly packer: FactPacker;
  readonly at: Date;
  /** SQL: the row is not over. */
  readonly open: string;
}

/** Everybody. @returns the birth days that occur, in days since 1970. */
async function copyPeople({ tx, packer }: Load): Promise<ReadonlySet<number>> {
  const { table } = packer.known;
  const days = new Set<number>();
  await readCopy(
    tx,
    `SELECT id, status <> 'active', birth_date, merged_into FROM directory.people`,
    (row) => {
      const number = numberId(row, 0, table.numberWords);
      if (row.at[3] !== -1) {
        packer.addMerged(number, numberId(row, 3, table.numberWords));
        return;
      }
      const born = row.at[2] === -1 ? undefined : row.bytes.readInt32BE(row.at[2]) + EPOCH_DAYS;
      packer.addPerson(number, row.bytes[row.at[1]!] === 1, born);
      const day = birthDayOf(table.head(number));
      if (day !== undefined) days.add(day);
    },
  );
  return days;
}

async function copyRoles({ tx, packer, open, at }: Load): Promise<void> {
  const { roles, domains } = packer.known;
  const findPerson = openFinder(packer);
  const numberDomain = internIds((id) => domains.number(id));
  const readWindow = openWindows(packer, at);
  const details = new Map<string, number>();
  const select = `SELECT person_id, role || ' ' || scope, domain_id, valid_from, valid_to FROM directory.roles WHERE ${open}`;
  await readCopy(tx, select, (row) => {
    const text = row.bytes.toString('latin1', row.at[1], row.end[1]);
    let detail = details.get(text);
    if (detail === undefined) {
      const [role, scope] = text.split(' ') as [string, RoleScope];
      detail = roleDetail(roles.number(role), scope);
      details.set(text, detail);
    }
    packer.addFact(findPerson(row, 0), FACT_KINDS.role, numberDomain(row, 2), detail, readWindow(row, 3));
  });
}

/** Who teaches, heads and belongs to which class or group. */
async function copyDivisions({ tx, packer, open, at }: Load): Promise<void> {
  const { domains, names, divisions, subjects } = packer.known;
  const findPerson = openFinder(packer);
  const schools = new Map<string, number>();
  const numberSchool = internIds((id) => domains.number(id));
  await readCopy(tx, 'SELECT id, school_id FROM directory.divisions', (row) => {
    const id = readIdText(row, 0);
    schools.set(id, divisions.number(numberSchool(row, 1), names.number(id)));
  });
  const numberDivision = internIds((id) => schools.get(id)!);
  const numberSubject = internIds((id) => subjects.number(id));
  const readWindow = openWindows(packer, at);
  const tables = [
    [FACT_KINDS.teaches, 'teaching_assignments', 'subject_id'],
    [FACT_KINDS.headTeacher, 'head_teachers', 'NULL::uuid'],
    [FACT_KINDS.member, 'division_members', 'NULL::uuid'],
  ] as const;
  for (const [kind, from, subject] of tables)
    await readCopy(
      tx,
      `SELECT person_id, division_id, ${subject}, valid_from, valid_to FROM directory.${from} WHERE ${open}`,
      (row) => {
        const detail = row.at[2] === -1 ? 0 : numberSubject(row, 2) + 1;
        packer.addFact(findPerson(row, 0), kind, numberDivision(row, 1), detail, readWindow(row, 3));
      },
    );
}

/** Who may act for which child, until the child comes of age. */
async function copyLinks({ tx, packer, open, at }: Load, majorities: Majorities): Promise<void> {
  const { table, windows } = packer.known;
  const [findAdult, findChild] = [openFinder(packer), openFinder(packer)];
  const details = new Map<string, number>();
  /** Windows that only majority ends, by the number of the majority: almost all. */
  const untilMajority = new Map<number, number>();
  const select = `SELECT adult_id, child_id, kind || ' ' || exercise, valid_from, valid_to
    FROM directory.guardian_links WHERE superseded_at IS NULL AND ${open}`;
  await readCopy(tx, select, (row) => {
    const adult = findAdult(row, 0);
    const child = findChild(row, 1);
    const text = row.bytes.toString('latin1', row.at[2], row.end[2]);
    let detail = details.get(text);
    if (detail === undefined) {
      const [kind, exercise] = text.split(' ') as [ChildFact['kind'], ChildFact['exercise']];
      detail = linkDetail({ kind, exercise });
      details.set(text, detail);
    }
    const majority = majorities.find(table.head(child), row, 1);
    const endsAt = majority === undefined ? Infinity : majorities.instant(majority);
    const from = readInstant(row, 3);
    const to = Math.min(endsAt, readInstant(row, 4) ?? Infinity);
    const begun = from! <= at.getTime();
    if (to <= at.getTime()) return;
    let window: number | undefined;
    if (begun && majority !== undefined && to === endsAt) window = untilMajority.get(majority);
    if (window === undefined) {
      window = windows.number({
        ...(begun ? {} : { from: new Date(from!) }),
        ...(to === Infinity ? {} : { to: new Date(to) }),
      });
      if (begun && majority !== undefined && to === endsAt) untilMajority.set(majority, window);
    }
    packer.addFact(adult, FACT_KINDS.child, child, detail, window);
  });
}

/** Numbers ids that come in binary, each looked up once in a row. */
function internIds(number: (id: string) => number): (row: CopiedRow, field: number) => number {
  const known = new Map<string, number>();
  return (row, field) => {
    const key = row.bytes.toString('latin1', row.at[field], row.end[field]);
    let found = known.get(key);
    if (found === undefined) {
      found = number(readIdText(row, field));
      known.set(key, found);
    }
    return found;
  };
}

/** Numbers the windows of rows: what began already has no start. */
function openWindows(
  { known: { windows } }: FactPacker,
  at: Date,
): (row: CopiedRow, field: number) => number {
  return (row, field) => {
    const from = readInstant(row, field);
    const to = readInstant(row, field + 1);
    const isToCome = from !== undefined && from > at.getTime();
    if (!isToCome && to === undefined) return 0;
    return windows.number({
      ...(isToCome ? { from: new Date(from) } : {}),
      ...(to === undefined ? {} : { to: new Date(to) }),
    });
  };
}

/** Milliseconds since 1970 of a timestamp; undefined for NULL and infinity. */
function readInstant(row: CopiedRow, field: number): number | undefined {
  const at = row.at[field]!;
  if (at === -1) return undefined;
  const micros = row.bytes.readInt32BE(at) * 2 ** 32 + row.bytes.readUInt32BE(at + 4);
  return Math.floor(micros / 1000) + EPOCH_MS;
}

/** Finds people by ids; rows of one person that stand together are looked up once. */
function openFinder({ known: { table } }: FactPacker): (row: CopiedRow, field: number) => number {
  let [a, b, c, d, found] = [0, 0, 0, 0, -1];
  return ({ bytes, at }, field) => {
    const start = at[field]!;
    const [w, x] = [bytes.readInt32BE(start), bytes.readInt32BE(start + 4)];
    const [y, z] = [bytes.readInt32BE(start + 8), bytes.readInt32BE(start + 12)];
    if (z === d && y === c && x === b && w === a) return found;
    a = w;
    b = x;
    c = y;
    d = z;
    found = table.findWords(w, x, y, z);
    return found;
  };
}

function numberId(
  { bytes, at }: CopiedRow,
  field: number,
  number: (a: number, b: number, c: number, d: number) => number,
): number {
  const start = at[field]!;
  return number(
    bytes.readInt32BE(start),
    bytes.readInt32BE(start + 4),
    bytes.readInt32BE(start + 8),
    bytes.readInt32BE(start + 12),
  );
}

function readIdText({ bytes, at }: CopiedRow, field: number): string {
  const hex = bytes.toString('hex', at[field], at[field]! + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
