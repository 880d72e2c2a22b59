import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import type { ClientId, Clock } from '@socle/base';
import { IdentityError } from './errors.ts';

/** The resource (RFC 8707) that modules ask a token for, under the issuer. */
export const MODULE_RESOURCE_PATH = '/modules';
/** The one scope of that resource. */
export const MODULE_SCOPE = 'socle:module';

/** The resource that SCIM clients ask a token for, under the issuer; also the address of the service provider. */
export const SCIM_RESOURCE_PATH = '/scim/v2';
/** The one scope of that resource. */
export const SCIM_SCOPE = 'scim';

/** What a resource's tokens are made for, by its path under the issuer. */
export const RESOURCE_SCOPES: Readonly<Record<string, string>> = {
  [MODULE_RESOURCE_PATH]: MODULE_SCOPE,
  [SCIM_RESOURCE_PATH]: SCIM_SCOPE,
};

/** Who calls. */
export interface ModuleCaller {
  readonly clientId: ClientId;
  /** The sector in which this client's subjects are resolved. */
  readonly sector: string;
}

/**
 * Verifies an access token for `<issuer>/modules`, or for the resource that `path` names (RFC 9068 §4), against the present keys: type, algorithm, issuer,
 * audience, times, scope, and that it was issued to the client itself. A token bound to a key (`cnf`) is refused,
 * since whoever shows it here proved nothing.
 *
 * @throws IdentityError `module_token_refused` (401).
 */
export async function verifyModuleToken(
  token: string,
  options: {
    readonly issuer: string;
    readonly keys: readonly JWK[];
    readonly clock: Clock;
    /** Default: the modules'. */
    readonly path?: string;
  },
): Promise<ModuleCaller> {
  const path = options.path ?? MODULE_RESOURCE_PATH;
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...options.keys] }), {
      issuer: options.issuer,
      audience: `${options.issuer}${path}`,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'scope'],
      currentDate: options.clock.now(),
      clockTolerance: 5,
    });
    const { client_id: clientId, scope, socle_sector: sector, sub, cnf } = payload;
    const scopes = typeof scope === 'string' ? scope.split(' ') : [];
    if (
      typeof clientId !== 'string' ||
      typeof sector !== 'string' ||
      sub !== clientId ||
      cnf !== undefined ||
      !scopes.includes(RESOURCE_SCOPES[path] ?? '')
    ) {
      throw new TypeError('the token was not issued to a module for this use');
    }
    return { clientId: clientId as ClientId, sector };
  } catch (cause) {
    throw new IdentityError('module_token_refused', {
      status: 401,
      publicMessage: 'The access token is not valid here. Ask for a new one for this resource.',
      cause,
    });
  }
}
