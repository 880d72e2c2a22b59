import type { MigrationSet } from '@socle/db';

/** This package's tables in a module's database: schema `client`. `openModuleDatabase` applies them before the module's own. */
export const migrations: MigrationSet = Object.freeze({
  name: 'client',
  folder: new URL('../migrations/', import.meta.url),
});
