import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { MergeId } from '../ids.ts';

/** Rows that belong to a person, and go over when two entries are joined. */
export interface MovedRelation {
  readonly name:
    | 'roles'
    | 'division_members'
    | 'teaching_assignments'
    | 'head_teachers'
    | 'children'
    | 'guardians'
    | 'join_keys'
    | 'sponsored';
  readonly table: string;
  /** The column that says whose row it is. */
  readonly owner: string;
  /** A text that tells the rows `t` of the table apart. */
  readonly key: string;
  /** When the rows `s` (the survivor's) and `t` say the same at the same time; undefined when they never clash. */
  readonly clash?: string;
  /** The column that ends a row, and the value that ends it now ($2); with a clash only. */
  readonly end?: { readonly column: string; readonly value: string };
}

const OVERLAP = 'tstzrange(s.valid_from, s.valid_to) && tstzrange(t.valid_from, t.valid_to)';
const END = { column: 'valid_to', value: 'greatest($2, t.valid_from)' };
const BELIEVED = `s.superseded_at IS NULL AND t.superseded_at IS NULL AND s.source = t.source AND ${OVERLAP}`;
const SUPERSEDE = { column: 'superseded_at', value: 'greatest($2, t.recorded_at)' };

export const MOVED_RELATIONS: readonly MovedRelation[] = [
  {
    name: 'roles',
    table: 'roles',
    owner: 'person_id',
    key: 't.id::text',
    clash: `s.role = t.role AND s.domain_id = t.domain_id AND s.source = t.source AND ${OVERLAP}`,
    end: END,
  },
  {
    name: 'division_members',
    table: 'division_members',
    owner: 'person_id',
    key: 't.id::text',
    clash: `s.division_id = t.division_id AND ${OVERLAP}`,
    end: END,
  },
  {
    name: 'teaching_assignments',
    table: 'teaching_assignments',
    owner: 'person_id',
    key: 't.id::text',
    clash: `s.division_id = t.division_id AND s.subject_id IS NOT DISTINCT FROM t.subject_id AND ${OVERLAP}`,
    end: END,
  },
  {
    name: 'head_teachers',
    table: 'head_teachers',
    owner: 'person_id',
    key: 't.id::text',
    clash: `s.division_id = t.division_id AND ${OVERLAP}`,
    end: END,
  },
  {
    name: 'children',
    table: 'guardian_links',
    owner: 'adult_id',
    key: 't.id::text',
    clash: `s.child_id = t.child_id AND ${BELIEVED}`,
    end: SUPERSEDE,
  },
  {
    name: 'guardians',
    table: 'guardian_links',
    owner: 'child_id',
    key: 't.id::text',
    clash: `s.adult_id = t.adult_id AND ${BELIEVED}`,
    end: SUPERSEDE,
  },
  {
    name: 'join_keys',
    table: 'join_keys',
    owner: 'person_id',
    key: `t.kind || ' ' || t.degree || ' ' || t.value`,
  },
  { name: 'sponsored', table: 'roles', owner: 'sponsor_id', key: 't.id::text' },
];

/** Gives the absorbed entry's rows to the survivor, but those that say what the survivor's own say. */
export async function moveRows(
  tx: Tx,
  relation: MovedRelation,
  merge: MergeId,
  survivor: PersonId,
  absorbed: PersonId,
): Promise<void> {
  const { table, owner, key, clash } = relation;
  const unless = clash
    ? `AND NOT EXISTS (SELECT FROM directory.${table} s WHERE s.${owner} = $2 AND ${clash})`
    : '';
  await tx.query(
    `WITH moved AS (
       UPDATE directory.${table} t SET ${owner} = $2 WHERE t.${owner} = $3 ${unless} RETURNING ${key} AS row_key)
     INSERT INTO directory.merged_rows (merge_id, relation, row_key, change)
     SELECT $1, '${relation.name}', row_key, 'moved' FROM moved`,
    [merge, survivor, absorbed],
  );
}

/** Ends what stayed with the absorbed entry and is not over. */
export async function closeRows(
  tx: Tx,
  relation: MovedRelation,
  merge: MergeId,
  absorbed: PersonId,
  at: Date,
): Promise<void> {
  const { table, owner, key, end } = relation;
  if (!end) return;
  await tx.query(
    `WITH open AS (
       SELECT t.id, t.${end.column} AS ended_before FROM directory.${table} t
       WHERE t.${owner} = $3 AND (t.${end.column} IS NULL OR t.${end.column} > $2)
     ), closed AS (
       UPDATE directory.${table} t SET ${end.column} = ${end.value} FROM open o WHERE o.id = t.id
       RETURNING ${key} AS row_key, o.ended_before)
     INSERT INTO directory.merged_rows (merge_id, relation, row_key, change, ended_before)
     SELECT $1, '${relation.name}', row_key, 'closed', ended_before FROM closed`,
    [merge, at, absorbed],
  );
}

/** Puts back what a merge moved and ended of one relation; rows that are gone or belong to others by now stay as they are. */
export async function restoreRows(
  tx: Tx,
  relation: MovedRelation,
  merge: MergeId,
  survivor: PersonId,
  absorbed: PersonId,
): Promise<void> {
  const { table, owner, key, end } = relation;
  const mine = `m.merge_id = $1 AND m.relation = '${relation.name}' AND m.row_key = ${key}`;
  await tx.query(
    `UPDATE directory.${table} t SET ${owner} = $3 FROM directory.merged_rows m
     WHERE ${mine} AND m.change = 'moved' AND t.${owner} = $2`,
    [merge, survivor, absorbed],
  );
  if (!end) return;
  await tx.query(
    `UPDATE directory.${table} t SET ${end.column} = m.ended_before FROM directory.merged_rows m
     WHERE ${mine} AND m.change = 'closed' AND t.${owner} = $2`,
    [merge, absorbed],
  );
}
