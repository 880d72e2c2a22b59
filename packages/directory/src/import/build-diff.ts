/** A relation that a school's feed gives in full: rows that it no longer gives end, rows that it gives anew open. */
export interface Relation {
  readonly table: 'roles' | 'division_members' | 'teaching_assignments' | 'head_teachers';
  /** A SELECT of the rows that the feed wants open, with `person_id` and every column of `keys` and `columns`. */
  readonly desired: string;
  /** Expressions over a row that tell one relation from another; `$t` stands for the table's alias. */
  readonly keys: readonly string[];
  /** Condition that an open row `t` is of this school. */
  readonly ofSchool: string;
  /** Columns inserted from `desired`. */
  readonly columns: readonly string[];
  /** Columns inserted with a value. */
  readonly constants: Readonly<Record<string, string>>;
  /** Column that tells rows apart in events. */
  readonly label: string;
}

/** A row of the statement's answer: totals come with no person, changes of known people with a total of 0. */
export interface DiffRow {
  readonly change: 'opened' | 'ended';
  readonly person_id: string | null;
  readonly label: string | null;
  readonly total: number;
}

/**
 * One statement that brings a relation of one school in line with the staged feed. Rows that a person decided
 * (`source = 'manual'`) are never ended, nor doubled. Of a delta, only rows of
 * people who are staged whole may end. Parameters: $1 school id, $2 school key, $3 instant, $4 controller, $5 whether it is
 * a delta; $6 of roles, when the import began (see Pass), of teaching, the academy's id.
 */
export function buildDiff(relation: Relation): string {
  const { table, keys, columns, constants } = relation;
  // NOT IN is hashed whatever the planner believes of either side; an anti-join may become a loop over a whole index,
  // because the tables grow by thousands of rows before anything analyses them.
  const list = (alias: string) => keys.map((key) => key.replaceAll('$t', alias)).join(', ');
  return `
    WITH desired AS MATERIALIZED (${relation.desired}),
    ended AS (
      UPDATE directory.${table} t SET valid_to = greatest($3, t.valid_from)
      WHERE ${relation.ofSchool} AND t.source = 'feed' AND t.valid_to IS NULL
        AND (${list('t')}) NOT IN (SELECT ${list('d')} FROM desired d)
        AND (NOT $5::boolean OR t.person_id IN (
          SELECT person_id FROM directory.known_people WHERE state <> 'context'))
      RETURNING t.person_id, ${relation.label} AS label
    ), opened AS (
      INSERT INTO directory.${table} AS t (${[...columns, ...Object.keys(constants)].join(', ')}, controller_id, source,
        valid_from)
      SELECT ${[...columns.map((column) => `d.${column}`), ...Object.values(constants)].join(', ')}, $4, 'feed', $3
      FROM desired d
      WHERE (${list('d')}) NOT IN (SELECT ${list('t')} FROM directory.${table} t
        WHERE ${relation.ofSchool} AND t.valid_to IS NULL ${table === 'roles' ? `AND t.source = 'feed'` : ''})
      RETURNING t.person_id, ${relation.label} AS label
    )
    SELECT 'opened' AS change, NULL::uuid AS person_id, NULL AS label, count(*)::int AS total FROM opened
    UNION ALL SELECT 'ended', NULL, NULL, count(*)::int FROM ended
    UNION ALL SELECT 'opened', o.person_id, o.label, 0
      FROM opened o JOIN directory.known_people k ON k.person_id = o.person_id AND NOT k.is_new
    UNION ALL SELECT 'ended', e.person_id, e.label, 0 FROM ended e`;
}
