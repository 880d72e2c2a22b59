export { buildTables, type Statement, type Tx } from '@socle/db';
export type { ListColumn, ListWhere } from '@socle/authorization';
export type { Client, ClientOptions, DecisionStatus } from './client.ts';
export { ClientError, type ClientErrorCode } from './errors.ts';
export { migrations } from './migrations.ts';
export {
  loadModuleConfig,
  moduleVariables,
  type ModuleConfig,
  type ModuleConfigDefaults,
} from './module/config.ts';
export { openModuleDatabase } from './module/database.ts';
export type { ModuleOptions, ModuleParts, RunningModule } from './module/module.ts';
export type { ModuleDatabase, ModuleDatabaseOptions } from './module/module-database.ts';
export { runModule, startModule } from './module/run-module.ts';
export { openClient } from './open-client.ts';
export type {
  DeliveryRound,
  ModuleAction,
  ModuleActions,
  ModuleEvent,
  OutboxStatus,
} from './outbox/event.ts';
export type { ModuleSession } from './session/session.ts';
export type {
  MayDecision,
  MayOptions,
  MayRequest,
  ResourceProperties,
  ResourceRef,
} from './socle/decision.ts';
export type { Division, DirectoryPerson, DivisionMembers, Subject } from './socle/person.ts';
