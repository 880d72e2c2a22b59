import type { MigrationSet } from '@socle/db';

/** The tables of the schema `identity`. */
export const migrations: MigrationSet = {
  name: 'identity',
  folder: new URL('../migrations/', import.meta.url),
};
