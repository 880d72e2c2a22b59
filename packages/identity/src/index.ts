import type { MigrationSet } from '@socle/db';

export type { Account, Accounts, ChangeBy } from './accounts.ts';
export { ACR_ORDER, OFFERED_ACR, type Acr } from './acr.ts';
export { identityActions } from './actions.ts';
export type { Clients, RegisteredClient } from './clients.ts';
export { IdentityError, type IdentityErrorCode } from './errors.ts';
export type { Identity, IdentityOptions } from './identity.ts';
export type { RotationStep, SigningKey, SigningKeys } from './keys.ts';
export { MODULE_RESOURCE_PATH, MODULE_SCOPE, type ModuleCaller } from './module-token.ts';
export { openIdentity } from './open-identity.ts';
export type { PasswordParameters } from './passwords.ts';
export type { PeoplePort, Person } from './ports.ts';
export type { SessionEntry, Sessions, SocleSession } from './sessions.ts';
export type { SigningAlgorithm } from './tables.ts';

/** The tables of the schema `identity`. */
export const migrations: MigrationSet = {
  name: 'identity',
  folder: new URL('../migrations/', import.meta.url),
};
