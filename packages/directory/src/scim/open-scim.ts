import type { Audit } from '@socle/audit';
import type { Clock } from '@socle/base';
import { sqlState, type Database } from '@socle/db';
import { DirectoryError } from '../errors.ts';
import { createGroup, deleteGroup, loadGroup, patchGroup, replaceGroup } from './groups.ts';
import { listResources, type ScimPage, type ScimQuery } from './list-resources.ts';
import type { ResourceTypeName } from './resource-types.ts';
import { findScimController } from './scim-clients.ts';
import { refuseScim } from './scim-error.ts';
import { logScim, type ScimCaller, type ScimResource, type ScimSession } from './scim-session.ts';
import { createUser, deleteUser, loadUser, patchUser, replaceUser } from './users.ts';

/** The SCIM service provider: each call is one transaction that sees the caller's controller alone, its event in it. */
export interface Scim {
  /** @throws DirectoryError `scim_client_unbound` (403). */
  requireCaller(clientId: string): Promise<ScimCaller>;
  list(caller: ScimCaller, type: ResourceTypeName, query: ScimQuery): Promise<ScimPage>;
  load(caller: ScimCaller, type: ResourceTypeName, id: string): Promise<ScimResource>;
  create(caller: ScimCaller, type: ResourceTypeName, body: unknown): Promise<ScimResource>;
  replace(caller: ScimCaller, type: ResourceTypeName, id: string, change: ScimChange): Promise<ScimResource>;
  patch(caller: ScimCaller, type: ResourceTypeName, id: string, change: ScimChange): Promise<ScimResource>;
  remove(caller: ScimCaller, type: ResourceTypeName, id: string, ifMatch: string | undefined): Promise<void>;
}

/** What a PUT or PATCH brings. */
export interface ScimChange {
  readonly body: unknown;
  readonly ifMatch: string | undefined;
}

const OPERATIONS = {
  User: { load: loadUser, create: createUser, replace: replaceUser, patch: patchUser, remove: deleteUser },
  Group: {
    load: loadGroup,
    create: createGroup,
    replace: replaceGroup,
    patch: patchGroup,
    remove: deleteGroup,
  },
} as const;
const TARGETS = { User: 'person', Group: 'division' } as const;
const UNIQUE_VIOLATIONS: ReadonlySet<string | undefined> = new Set(['23505', '23P01']);

export function openScim(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Address of the service provider, without a final slash. */
  readonly baseUrl: string;
}): Scim {
  const { database, audit, clock, baseUrl } = options;

  async function run<T>(caller: ScimCaller, work: (session: ScimSession) => Promise<T>): Promise<T> {
    const at = clock.now();
    try {
      return await database.transaction((tx) => work({ tx, caller, audit, at, baseUrl }), {
        scope: [caller.controller],
      });
    } catch (error) {
      // Two requests at once: the tables decide which came first.
      if (UNIQUE_VIOLATIONS.has(sqlState(error))) {
        throw refuseScim('uniqueness', 'Another resource has this userName, externalId or name already.');
      }
      if (error instanceof DirectoryError && error.code === 'scim_withdrawals_exceed_guard') {
        await logRefusal(caller, error, at);
      }
      throw error;
    }
  }

  async function logRefusal(caller: ScimCaller, error: DirectoryError, at: Date): Promise<void> {
    const { school, withdrawn, allowed } = error.details as {
      school: string;
      withdrawn: number;
      allowed: number;
    };
    await database.transaction(
      (tx) =>
        audit.append(tx, {
          at,
          controller: caller.controller,
          actor: { kind: 'client', id: caller.clientId },
          action: 'directory.scim.refused',
          target: { kind: 'school', id: school },
          outcome: 'denied',
          reason: error.code,
          detail: { school, withdrawn, allowed },
        }),
      { scope: [caller.controller] },
    );
  }

  return {
    async requireCaller(clientId) {
      const controller = await database.transaction((tx) => findScimController(tx, clientId), {
        scope: 'all',
        readOnly: true,
      });
      if (controller) return { clientId, controller };
      throw new DirectoryError('scim_client_unbound', {
        status: 403,
        publicMessage: 'This client is not registered for SCIM.',
      });
    },
    list: (caller, type, query) =>
      run(caller, async (session) => {
        const page = await listResources(session, type, query);
        await logScim(session, {
          action: 'directory.scim.read',
          target: { kind: 'controller', id: caller.controller },
          detail: { type: type.toLowerCase(), resources: page.resources.length },
        });
        return page;
      }),
    load: (caller, type, id) =>
      run(caller, async (session) => {
        const resource = await OPERATIONS[type].load(session, id);
        await logScim(session, {
          action: 'directory.scim.read',
          target: { kind: TARGETS[type], id: resource.id },
          detail: { type: type.toLowerCase(), resources: 1 },
        });
        return resource;
      }),
    create: (caller, type, body) => run(caller, (session) => OPERATIONS[type].create(session, body)),
    replace: (caller, type, id, { body, ifMatch }) =>
      run(caller, (session) => OPERATIONS[type].replace(session, id, body, ifMatch)),
    patch: (caller, type, id, { body, ifMatch }) =>
      run(caller, (session) => OPERATIONS[type].patch(session, id, body, ifMatch)),
    remove: (caller, type, id, ifMatch) =>
      run(caller, (session) => OPERATIONS[type].remove(session, id, ifMatch)),
  };
}
