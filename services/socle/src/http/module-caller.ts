import type { FastifyRequest } from 'fastify';
import type { PersonId } from '@socle/base';
import type { Queryable } from '@socle/db';
import type { Identity } from '@socle/identity';
import { ServiceError } from '../errors.ts';

/** The school module that calls, proved by its access token (RFC 9068). */
export interface ModuleCaller {
  readonly clientId: string;
  /** Its sector: the people it knows have subjects of this sector only. */
  readonly sector: string;
}

/**
 * The module behind the request's Bearer token.
 *
 * @throws ServiceError `token_refused` (401) without one; IdentityError `module_token_refused` for a bad one.
 */
export async function requireModuleCaller(
  identity: Identity,
  request: FastifyRequest,
): Promise<ModuleCaller> {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) {
    throw new ServiceError('token_refused', {
      status: 401,
      publicMessage: 'This address takes an access token for modules, as "Authorization: Bearer …".',
    });
  }
  return identity.verifyModuleToken(token);
}

/** The person that a module calls `subject`. @throws ServiceError `subject_unknown` (404). */
export async function requirePerson(
  identity: Identity,
  database: Queryable,
  caller: ModuleCaller,
  subject: string,
): Promise<PersonId> {
  const person = await identity.resolveSubject(database, caller.sector, subject);
  if (person) return person;
  throw new ServiceError('subject_unknown', {
    status: 404,
    publicMessage: 'Nobody is known to this module under that subject.',
  });
}
