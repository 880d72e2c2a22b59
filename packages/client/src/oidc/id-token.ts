import { Secret, type Clock } from '@socle/base';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { ClientError } from '../errors.ts';

/** Signatures that are accepted: asymmetric only, so that no shared secret and no `none` ever pass (RFC 8725 §3.1). */
export const ACCEPTED_ALGORITHMS: readonly string[] = Object.freeze(['ES256', 'PS256', 'RS256']);

/** Clocks of two machines may differ by this much. */
export const CLOCK_TOLERANCE_SECONDS = 30;

const MAX_AGE_SECONDS = 600;

/** What a verified ID token says. */
export interface IdentityClaims {
  readonly sub: string;
  readonly sid?: string;
  readonly acr?: string;
  readonly authenticatedAt: Date;
  readonly issuedAt: Date;
}

export interface IdTokenExpectations {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  /** When the request asked for a recent sign-in: its age at most. */
  readonly maxAgeSeconds?: number;
  readonly keys: JWTVerifyGetKey;
  readonly clock: Clock;
}

const claims = z.object({
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.tuple([z.string()])]),
  nonce: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
  auth_time: z.number().int().optional(),
  azp: z.string().optional(),
  sid: z.string().min(1).max(255).optional(),
  acr: z.string().min(1).max(255).optional(),
});

/**
 * Verifies an ID token (OpenID Connect Core §3.1.3.7): signature by the provider's keys and a listed algorithm,
 * issuer, this client as only audience, nonce of this browser's transaction, times.
 *
 * @throws ClientError `sign_in_failed` with `details.why`; `socle_unavailable` when the keys cannot be fetched.
 */
export async function verifyIdToken(token: string, expected: IdTokenExpectations): Promise<IdentityClaims> {
  const now = expected.clock.now();
  const payload = await jwtVerify(token, expected.keys, {
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms: [...ACCEPTED_ALGORITHMS],
    currentDate: now,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
    maxTokenAge: MAX_AGE_SECONDS,
  }).then(
    (result) => result.payload,
    (error: unknown) => {
      if (error instanceof ClientError) throw error;
      throw failed('id_token');
    },
  );
  const parsed = claims.safeParse(payload);
  if (!parsed.success) throw failed('claims');
  const { data } = parsed;
  if (data.azp !== undefined && data.azp !== expected.clientId) throw failed('azp');
  if (!new Secret(expected.nonce).equals(new Secret(data.nonce))) throw failed('nonce');
  if (expected.maxAgeSeconds !== undefined) {
    const oldest = now.getTime() / 1000 - expected.maxAgeSeconds - CLOCK_TOLERANCE_SECONDS;
    if (data.auth_time === undefined || data.auth_time < oldest) throw failed('auth_time');
  }
  return {
    sub: data.sub,
    ...(data.sid === undefined ? {} : { sid: data.sid }),
    ...(data.acr === undefined ? {} : { acr: data.acr }),
    authenticatedAt: new Date((data.auth_time ?? data.iat) * 1000),
    issuedAt: new Date(data.iat * 1000),
  };
}

/** The refusal of a sign-in; `why` is a short code for the log and the page's footer. */
export function failed(why: string): ClientError {
  return new ClientError('sign_in_failed', {
    status: 403,
    publicMessage: 'The sign-in could not be completed. Start again.',
    details: { why },
  });
}
