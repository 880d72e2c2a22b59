import { migrations as audit } from '@socle/audit';
import type { MigrationSet } from '@socle/db';
import { migrations as directory } from '@socle/directory';
import { migrations as identity } from '@socle/identity';

/** Role that owns every table of the socle's database and cannot log in. */
export const ownerRole = 'socle_owner';

/** Every migration of the socle's database, in the order in which the packages build on one another. */
export const migrationSets: readonly MigrationSet[] = [
  audit,
  directory,
  identity,
  { name: 'socle', folder: new URL('../migrations/', import.meta.url) },
];
