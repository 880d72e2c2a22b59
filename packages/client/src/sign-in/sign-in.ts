import { randomToken, type Clock } from '@socle/base';
import { z } from 'zod';
import { ClientError } from '../errors.ts';
import type { ModuleDatabase } from '../module/module-database.ts';
import type { Discovery } from '../oidc/discovery.ts';
import { failed, verifyIdToken, type IdentityClaims } from '../oidc/id-token.ts';
import type { TokenEndpoint } from '../oidc/token-endpoint.ts';
import { insertSignIn, takeSignIn, type SignInRequest } from './store.ts';
import { deriveSecrets } from './transaction.ts';

/** What a page may ask of a sign-in besides who the person is. */
export interface SignInWishes {
  /** `none`, `login`, `consent`, `select_account`: passed on (OpenID Connect Core §3.1.2.1). */
  readonly prompt?: string;
  /** The person must have proved who they are in the last so many seconds; checked in the answer. */
  readonly maxAgeSeconds?: number;
  /** How strongly they should sign in; the page checks `session.acr` itself. */
  readonly acrValues?: string;
  /** Already through `parseReturnPath`. */
  readonly returnPath: string;
}

/** The outcome of the way back from the socle. */
type SignInOutcome =
  | {
      readonly kind: 'signed_in';
      readonly claims: IdentityClaims;
      readonly idToken: string;
      /** When the browser was sent to the socle. */
      readonly begunAt: Date;
      readonly returnPath: string;
    }
  /** The socle was asked not to show anything, and nobody is signed in there. */
  | { readonly kind: 'nobody'; readonly returnPath: string };

export interface SignIn {
  /** Begins: what to keep in the browser, and where to send it. */
  begin(wishes: SignInWishes): Promise<{ state: string; browserToken: string; location: URL }>;
  /**
   * Completes: each check of RFC 9700 and OpenID Connect Core §3.1.3.7, in order.
   *
   * @throws ClientError `sign_in_expired`, `sign_in_failed`, `socle_unavailable`, `socle_refused`.
   */
  complete(answer: AuthorizationAnswer, browserToken: string | undefined): Promise<SignInOutcome>;
}

export interface SignInOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly database: ModuleDatabase;
  readonly discovery: Discovery;
  readonly tokens: TokenEndpoint;
  readonly clock: Clock;
}

/** How long a person may take to sign in. */
export const SIGN_IN_LIFETIME_SECONDS = 600;

/** How strongly and when the person proved who they are (OpenID Connect Core §5.5): not said unless asked for. */
const WANTED_CLAIMS = JSON.stringify({ id_token: { acr: null, auth_time: null } });

const parameter = z.string().min(1).max(2_048);
const answerSchema = z.object({
  state: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  iss: parameter.optional(),
  code: parameter.optional(),
  error: z
    .string()
    .regex(/^[a-z_]{1,64}$/)
    .optional(),
});

/** The query of an authorization response. */
export type AuthorizationAnswer = z.infer<typeof answerSchema>;

/** Reads the query of the callback; a parameter that comes twice is refused (RFC 6749 §3.1). */
export function parseAuthorizationAnswer(query: unknown): AuthorizationAnswer {
  const parsed = answerSchema.safeParse(query);
  if (!parsed.success) throw failed('response');
  return parsed.data;
}

export function openSignIn(options: SignInOptions): SignIn {
  const { clock, database } = options;
  return {
    async begin(wishes) {
      const state = randomToken();
      const browserToken = randomToken();
      const { authorizationEndpoint } = await options.discovery.load();
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + SIGN_IN_LIFETIME_SECONDS * 1000);
      const request: SignInRequest = {
        returnPath: wishes.returnPath,
        silent: wishes.prompt === 'none',
        begunAt: now,
        ...(wishes.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: wishes.maxAgeSeconds }),
      };
      await database.transaction((tx) => insertSignIn(tx, { state, browserToken }, request, expiresAt));
      return {
        state,
        browserToken,
        location: buildLocation(authorizationEndpoint, options, wishes, state, browserToken),
      };
    },

    async complete(answer, browserToken) {
      if (browserToken === undefined) throw expired();
      const keys = { state: answer.state, browserToken };
      const request = await database.transaction((tx) => takeSignIn(tx, keys, clock.now()));
      if (!request) throw expired();
      // RFC 9207 §2.4: the response says who gave it; an error response too. Without it, a mix-up is possible.
      if (answer.iss !== options.issuer) throw failed('issuer');
      if (answer.error !== undefined) {
        if (request.silent) return { kind: 'nobody', returnPath: request.returnPath };
        throw failed(answer.error);
      }
      if (answer.code === undefined) throw failed('response');
      const { verifier, nonce } = deriveSecrets(browserToken);
      const idToken = await options.tokens.redeemCode(answer.code, verifier, options.redirectUri);
      const claims = await verifyIdToken(idToken, {
        issuer: options.issuer,
        clientId: options.clientId,
        nonce,
        clock,
        keys: (await options.discovery.load()).keys,
        ...(request.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: request.maxAgeSeconds }),
      });
      return { kind: 'signed_in', claims, idToken, begunAt: request.begunAt, returnPath: request.returnPath };
    },
  };
}

function buildLocation(
  endpoint: URL,
  options: SignInOptions,
  wishes: SignInWishes,
  state: string,
  browserToken: string,
): URL {
  const { challenge, nonce } = deriveSecrets(browserToken);
  const location = new URL(endpoint);
  const parameters: Record<string, string | undefined> = {
    client_id: options.clientId,
    response_type: 'code',
    redirect_uri: options.redirectUri,
    scope: 'openid',
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    prompt: wishes.prompt,
    acr_values: wishes.acrValues,
    claims: WANTED_CLAIMS,
    max_age: wishes.maxAgeSeconds?.toString(),
  };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) location.searchParams.set(name, value);
  return location;
}

function expired(): ClientError {
  return new ClientError('sign_in_expired', {
    status: 400,
    publicMessage: 'This sign-in was begun elsewhere, took too long, or was completed already. Start again.',
  });
}
