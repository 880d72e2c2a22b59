import type { Statement } from './query-builder.ts';

/** A statement that runs so often that each connection should parse and plan it once. */
export interface PreparedStatement {
  /** Names the text among all that a connection runs; another text takes another name. At most 63 bytes. */
  readonly name: string;
  readonly text: string;
}

/** What can run statements: a transaction, or a pool in autocommit. */
export interface Queryable {
  /** Runs SQL with `$1`-style values and gives the rows. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /**
   * The same for a statement that the connection keeps: planning costs more than running for small inserts into
   * partitioned tables. Its plan may stop looking at the values, so it is for statements that have one good plan.
   */
  prepared<Row>(statement: PreparedStatement, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement made by the typed builder and gives the rows. */
  run<Row>(statement: Statement<Row>): Promise<Row[]>;
}
