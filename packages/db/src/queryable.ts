import type { Statement } from './query-builder.ts';

/** What can run statements: a transaction, or a pool in autocommit. */
export interface Queryable {
  /** Runs SQL with `$1`-style values and gives the rows. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement made by the typed builder and gives the rows. */
  run<Row>(statement: Statement<Row>): Promise<Row[]>;
}
