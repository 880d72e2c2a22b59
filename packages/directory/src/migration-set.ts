import type { MigrationSet } from '@socle/db';

/** The directory's tables: PostgreSQL schema `directory`. */
export const migrations: MigrationSet = {
  name: 'directory',
  folder: new URL('../migrations', import.meta.url),
};
