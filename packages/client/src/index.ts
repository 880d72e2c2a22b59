import type { MigrationSet } from '@socle/db';
import type { Client, ClientOptions } from './client.ts';
import type { ModuleConfig } from './module/config.ts';
import type { ModuleDatabase, ModuleDatabaseOptions, ModuleOptions, RunningModule } from './module/module.ts';

export { buildTables, type Statement, type Tx } from '@socle/db';
export type { Client, ClientOptions } from './client.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export type { ModuleConfig } from './module/config.ts';
export type {
  ModuleDatabase,
  ModuleDatabaseOptions,
  ModuleOptions,
  ModuleParts,
  RunningModule,
} from './module/module.ts';
export type {
  DeliveryRound,
  ModuleAction,
  ModuleActions,
  ModuleEvent,
  OutboxStatus,
} from './outbox/event.ts';
export type { ModuleSession } from './session/session.ts';
export type { MayDecision, MayRequest, ResourceProperties, ResourceRef } from './socle/decision.ts';
export type { Division, DirectoryPerson, DivisionMembers, Subject } from './socle/person.ts';

// Signatures first: the bodies follow in their own files.
export declare const migrations: MigrationSet;
export declare function openClient(options: ClientOptions): Promise<Client>;
export declare function openModuleDatabase(options: ModuleDatabaseOptions): Promise<ModuleDatabase>;
/** Reads `<PREFIX>_*` and `SOCLE_ISSUER`; unknown `<PREFIX>_*` are refused. */
export declare function loadModuleConfig(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly prefix: string; readonly port: number },
): ModuleConfig;
/** Opens everything, listens; for tests and `runModule`. */
export declare function startModule(options: ModuleOptions): Promise<RunningModule>;
/** `startModule`, then stops on SIGTERM and SIGINT; prints one clear line and exits when it cannot start. */
export declare function runModule(options: ModuleOptions): Promise<void>;
