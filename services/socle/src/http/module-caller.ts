import type { FastifyRequest } from 'fastify';
import type { PersonId } from '@socle/base';
import type { Queryable } from '@socle/db';
import type { Identity } from '@socle/identity';
import { ServiceError } from '../errors.ts';
import { findModuleOfClient, type RegisteredModule } from '../modules/store.ts';

/** The school module that calls, proved by its access token (RFC 9068). */
export interface ModuleCaller {
  readonly clientId: string;
  readonly module: RegisteredModule;
  /** Its sector: the people it knows have subjects of this sector only. */
  readonly sector: string;
}

/** What proves and finds the caller. */
export interface ModuleGate {
  readonly identity: Identity;
  readonly database: Queryable;
}

/**
 * The module behind the request's Bearer token. Another client of the socle, however well authenticated, is not one.
 *
 * @throws ServiceError `token_refused` (401) without a token, `module_unknown` (403) for another client;
 *   IdentityError `module_token_refused` (401) for a bad token.
 */
export async function requireModuleCaller(gate: ModuleGate, request: FastifyRequest): Promise<ModuleCaller> {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) {
    throw new ServiceError('token_refused', {
      status: 401,
      publicMessage: 'This address takes an access token for modules, as "Authorization: Bearer …".',
    });
  }
  const { clientId, sector } = await gate.identity.verifyModuleToken(token);
  const module = await findModuleOfClient(gate.database, clientId);
  if (!module) {
    throw new ServiceError('module_unknown', {
      status: 403,
      publicMessage: 'This client is not registered as a school module.',
    });
  }
  return { clientId, sector, module };
}

/** The person that a module calls `subject`. @throws ServiceError `subject_unknown` (404). */
export async function requirePerson(
  gate: ModuleGate,
  caller: ModuleCaller,
  subject: string,
): Promise<PersonId> {
  const person = await gate.identity.resolveSubject(gate.database, caller.sector, subject);
  if (person) return person;
  throw new ServiceError('subject_unknown', {
    status: 404,
    publicMessage: 'Nobody is known to this module under that subject.',
  });
}
