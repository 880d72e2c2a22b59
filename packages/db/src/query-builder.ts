import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Compilable,
} from 'kysely';

/**
 * A typed builder of SQL for the tables of one package. It only writes statements; a transaction runs them:
 * `await tx.run(tables.selectFrom('people').select('id').where('id', '=', id))`.
 */
export function buildTables<Tables>(schema: string): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }).withSchema(schema);
}

/** Anything that `run` takes: a Kysely statement that is not executed yet. */
export type Statement<Row> = Compilable<Row>;
