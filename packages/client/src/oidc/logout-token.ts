import type { Clock } from '@socle/base';
import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { ClientError } from '../errors.ts';
import { ACCEPTED_ALGORITHMS, CLOCK_TOLERANCE_SECONDS } from './id-token.ts';

/** What a verified logout token asks for: the sessions of `sid`, or, without one, all those of `sub`. */
export interface LogoutOrder {
  readonly jti: string;
  readonly sub?: string;
  readonly sid?: string;
  readonly issuedAt: Date;
}

/** A logout token is refused when it is older (ASVS 5.0 10.5.5). */
const LOGOUT_TOKEN_MAX_AGE_SECONDS = 120;

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

const claims = z
  .object({
    jti: z.string().min(1).max(255),
    iat: z.number().int(),
    exp: z.number().int(),
    aud: z.union([z.string(), z.tuple([z.string()])]),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(255).optional(),
    events: z.object({ [EVENT]: z.object({}) }),
    nonce: z.undefined().optional(),
  })
  .refine((token) => token.sub !== undefined || token.sid !== undefined);

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6): type `logout+jwt`, signature, issuer,
 * audience, the event, no nonce (so that no ID token passes for one), at most two minutes old. That its `jti` was
 * not seen before is checked where it is stored.
 *
 * @throws ClientError `logout_token_refused`; `socle_unavailable` when the keys cannot be fetched.
 */
export async function verifyLogoutToken(
  token: string,
  expected: {
    readonly issuer: string;
    readonly clientId: string;
    readonly keys: JWTVerifyGetKey;
    readonly clock: Clock;
  },
): Promise<LogoutOrder> {
  const now = expected.clock.now();
  const payload = await jwtVerify(token, expected.keys, {
    typ: 'logout+jwt',
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms: [...ACCEPTED_ALGORITHMS],
    currentDate: now,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }).then(
    (result) => result.payload,
    (error: unknown) => {
      if (error instanceof ClientError) throw error;
      throw refusedLogout('signature_or_claims');
    },
  );
  const parsed = claims.safeParse(payload);
  if (!parsed.success || 'nonce' in payload) throw refusedLogout('claims');
  const { jti, sub, sid, iat } = parsed.data;
  const ageSeconds = now.getTime() / 1000 - iat;
  if (ageSeconds > LOGOUT_TOKEN_MAX_AGE_SECONDS || ageSeconds < -CLOCK_TOLERANCE_SECONDS)
    throw refusedLogout('age');
  return {
    jti,
    issuedAt: new Date(iat * 1000),
    ...(sub === undefined ? {} : { sub }),
    ...(sid === undefined ? {} : { sid }),
  };
}

/** The refusal of a logout token; `why` is a short code. */
export function refusedLogout(why: string): ClientError {
  return new ClientError('logout_token_refused', {
    status: 400,
    publicMessage: 'This logout token is not acceptable.',
    details: { why },
  });
}
