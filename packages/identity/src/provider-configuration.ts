import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  ExternalSigningKey,
  Provider,
  errors,
  interactionPolicy,
  type Adapter,
  type Configuration,
  type JWKS,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { invariant, isSocleError, type Clock, type Log } from '@socle/base';
import type { Database } from '@socle/db';
import { OFFERED_ACR, isAtLeast, parseAcr } from './acr.ts';
import { buildDeviceLabel } from './device-label.ts';
import { findAgreement } from './contracts/agreement-store.ts';
import { attributesOf, claimsOf, isPublisher } from './contracts/attribute-contract.ts';
import { RECEIVES_PATH } from './contracts/routes.ts';
import { FAPI2_ALGORITHMS } from './client-profile.ts';
import { buildDeviceFlow } from './device-flow/provider-device.ts';
import { MODULE_SCOPE, RESOURCE_SCOPES, SCIM_SCOPE } from './module-token.ts';
import type { OpenedKey } from './keys.ts';
import type { Outbound } from './outbound.ts';
import type { FindEntranceSchool, Person } from './ports.ts';
import type { KnownAccount } from './lookup-store.ts';
import { isSameSender, readNamedRows } from './named-rows.ts';
import type { AdapterOptions } from './adapter-options.ts';
import { buildAdapter, type StorageAdapter } from './provider-adapter.ts';
import type { RequestRows } from './request-rows.ts';
import type { ContextSlot } from './provider-contexts.ts';
import { readClientCertificate } from './client-certificate.ts';
import type { IdentityPages } from './pages.ts';
import { showPage, viewOf } from './provider-views.ts';
import { buildCookie, cookieNames, loadSubject, sectorOf, sessionSeconds } from './provider-values.ts';
import { REGISTRATION_PATH } from './registration/path.ts';
import { exchangeClaims } from './token-exchange/register-exchange.ts';

/** What a provider is built with. */
export interface ProviderOptions
  extends Pick<AdapterOptions, 'lookups' | 'answersKey' | 'onReplay' | 'onSessionEnded'> {
  readonly database: Database;
  readonly clock: Clock;
  readonly issuer: string;
  readonly cookieKey: Buffer;
  readonly dpopNonceKey: Buffer;
  readonly keys: readonly OpenedKey[];
  readonly outbound: Outbound;
  readonly pages: IdentityPages;
  readonly findEntranceSchool: FindEntranceSchool | undefined;
  /** Scopes that modules declare for those who may call them. */
  readonly moduleScopes: readonly string[];
  readonly log: Log;
  /** The person of an account that may be used now, or undefined. `known` is the account as it was just read. */
  readonly findActivePerson: (accountId: string, known?: KnownAccount | null) => Promise<Person | undefined>;
  /** Ends a session of someone who may not have one any more. */
  readonly endSession: (uid: string) => Promise<unknown>;
  /** Called once a module got a token to call another for a person. */
  readonly onExchange: (exchange: { accountId: string; from: string; to: string }) => Promise<void>;
  /** Called once a person signed out through the sign-out page. */
  readonly onSignedOut: (accountId: string) => Promise<void>;
}

/** How long a person may take to sign in. */
export const INTERACTION_SECONDS = 3_600;
const ACCESS_TOKEN_SECONDS = 300;
const ID_TOKEN_SECONDS = 3_600;
const SESSION_BOUND_SECONDS = 12 * 3_600;
const OFFLINE_SECONDS = 30 * 24 * 3_600;

/** A key behind the signer port, as the provider wants it: it sees the public half and asks for signatures. */
class PortedKey extends ExternalSigningKey {
  readonly #key: OpenedKey;
  readonly #publicKey: KeyObject;

  constructor(key: OpenedKey) {
    super();
    this.#key = key;
    this.#publicKey = createPublicKey({ key: key.publicJwk, format: 'jwk' });
    Reflect.set(this, 'kid', key.publicJwk['kid']);
    Reflect.set(this, 'alg', key.publicJwk['alg']);
  }

  override keyObject(): KeyObject {
    return this.#publicKey;
  }

  override sign(data: Buffer): Promise<Buffer> {
    return this.#key.sign(data);
  }
}

/** The whole configuration of oidc-provider: every default that design/identity.md wants changed is changed here. */
export function buildConfiguration(
  options: ProviderOptions,
  provider: () => Provider,
  requests: ContextSlot<RequestRows>,
): Configuration {
  const secure = options.issuer.startsWith('https:');
  const view = (ctx: KoaContextWithOIDC) => viewOf(ctx, options.findEntranceSchool);
  const { path: _path, ...cookie } = buildCookie(options.issuer);
  return {
    adapter: (model: string) =>
      answerFaults(
        buildAdapter(model, {
          ...options,
          requestRows: () => (Provider.ctx ? requests.get(Provider.ctx) : undefined),
          named: () => readNamedRows(Provider.ctx ?? undefined),
          isSameSender: (token) => isSameSender(Provider.ctx ?? undefined, token),
          resumeAddress: (id) => `${options.issuer}/auth/${id}`,
          refuseSecondUse,
          isVerifyingDevice: () => DEVICE_ROUTES.has(Provider.ctx?.oidc.route ?? ''),
          describeDevice: () => buildDeviceLabel((Provider.ctx ?? undefined)?.get('user-agent') ?? ''),
        }),
      ) as Adapter,
    jwks: { keys: options.keys.map((key) => new PortedKey(key)) } as unknown as JWKS,
    acrValues: [...OFFERED_ACR],
    responseTypes: ['code'],
    // a client's own list of scopes may name these and no other
    scopes: ['openid', 'profile', 'offline_access', MODULE_SCOPE, SCIM_SCOPE, ...options.moduleScopes],
    claims: {
      // How and when the person signed in goes into every ID token, so that services need not ask.
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: ['name', 'given_name', 'family_name', 'locale'],
      acr: null,
      sid: null,
      iss: null,
    },
    subjectTypes: ['pairwise', 'public'],
    pairwiseIdentifier: (ctx, accountId, client) => {
      // A back-channel sign-out has no context; anywhere else the account was loaded already.
      const loaded = (ctx as KoaContextWithOIDC | undefined)?.oidc?.account;
      const known = ctx && requests.get(ctx)?.subject(client.clientId, accountId);
      if (known !== undefined) return known;
      return loadSubject(options, loaded?.accountId === accountId ? loaded : { accountId }, client);
    },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    acceptQueryParamAccessTokens: false,
    clientAuthMethods: [
      'private_key_jwt',
      'self_signed_tls_client_auth',
      'client_secret_basic',
      'client_secret_post',
      'none',
    ],
    enabledJWA: {
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'RS256', 'EdDSA'],
      idTokenSigningAlgValues: ['ES256', 'PS256', 'RS256'],
      userinfoSigningAlgValues: ['ES256', 'PS256', 'RS256'],
      introspectionSigningAlgValues: ['ES256', 'PS256', 'RS256'],
      authorizationSigningAlgValues: ['ES256', 'PS256', 'RS256'],
      requestObjectSigningAlgValues: ['ES256', 'PS256', 'RS256', 'EdDSA'],
      dPoPSigningAlgValues: ['ES256', 'EdDSA'],
    },
    // Stricter than RFC 7523: only the issuer, as text, so that an assertion made for another endpoint or server
    // is worth nothing here.
    async assertJwtClientAuthClaimsAndHeader(ctx, claims, header) {
      if (claims['aud'] !== options.issuer) {
        throw new errors.InvalidClientAuth('audience (aud) must equal the issuer identifier url');
      }
      if (isFapi2(ctx.oidc.client) && !FAPI2_ALGORITHMS.includes(String(header['alg']))) {
        throw new errors.InvalidClientAuth(
          'the assertion is signed with an algorithm that FAPI 2.0 leaves out',
        );
      }
    },
    discovery: {
      registration_endpoint: `${options.issuer}${REGISTRATION_PATH}`,
      ui_locales_supported: ['fr', 'en'],
    },
    cookies: {
      keys: [options.cookieKey.toString('base64url')],
      names: cookieNames(secure),
      long: cookie,
      short: cookie,
    },
    extraClientMetadata: {
      properties: [
        'socle_sector',
        'socle_profile',
        'socle_kind',
        'socle_purpose',
        'socle_attributes',
        'socle_called_by',
        'socle_device_flow',
      ],
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      introspection: {
        enabled: true,
        // A service learns about its own tokens, and about those made for it by an exchange.
        allowedPolicy: async (_ctx, client, token) =>
          token.clientId === client.clientId || Reflect.get(token, 'aud') === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      pushedAuthorizationRequests: { enabled: true },
      requestObjects: { enabled: true },
      clientCredentials: { enabled: true },
      claimsParameter: { enabled: true },
      deviceFlow: buildDeviceFlow(options, (ctx, page) => showPage(ctx as KoaContextWithOIDC, page)),
      fapi: { enabled: true, profile: (_ctx, client) => (isFapi2(client) ? '2.0' : undefined) },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        selfSignedTlsClientAuth: true,
        getCertificate: (ctx) => readClientCertificate(ctx.req.headers),
      },
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      dPoP: { enabled: true, nonceSecret: options.dpopNonceKey, requireNonce: () => false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_ctx, resource) {
          const path = Object.keys(RESOURCE_SCOPES).find((each) => resource === `${options.issuer}${each}`);
          if (path === undefined) throw new errors.InvalidTarget();
          return {
            scope: RESOURCE_SCOPES[path]!,
            audience: resource,
            accessTokenTTL: ACCESS_TOKEN_SECONDS,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) =>
          showPage(ctx, options.pages.confirmSignOut({ ...(await view(ctx)), form })),
        postLogoutSuccessSource: async (ctx) => showPage(ctx, options.pages.signedOut(await view(ctx))),
      },
    },
    extraTokenClaims: (_ctx, token) =>
      token.kind === 'ClientCredentials' ? { socle_sector: sectorOf(token.client) } : exchangeClaims(token),
    async findAccount(ctx, accountId) {
      const person = await options.findActivePerson(accountId, requests.get(ctx)?.account(accountId));
      if (!person) return refuseAccount(ctx, options);
      return {
        accountId,
        personId: person.id,
        claims: () => ({ sub: accountId, ...claimsOf(person, attributesOf(ctx.oidc.client ?? {})) }),
      };
    },
    loadExistingGrant: (ctx) => loadGrant(ctx, provider()),
    interactions: {
      url: (_ctx, { uid, prompt }) =>
        prompt.name === 'attributes' ? `${RECEIVES_PATH}/${uid}` : `/sign-in/${uid}`,
      policy: buildPolicy(options),
    },
    // A token that only its holder's key can use is not rotated (FAPI 2.0 Security Profile §5.3.2.1).
    rotateRefreshToken: (ctx) => !isFapi2(ctx.oidc.client),
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    async renderError(ctx, out) {
      const status = ctx.status;
      showPage(ctx, options.pages.failure({ ...(await view(ctx)), code: out.error, status }));
    },
    fetch: options.outbound as NonNullable<Configuration['fetch']>,
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      DeviceCode: 600,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      IdToken: ID_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Grant: OFFLINE_SECONDS,
      RefreshToken: (_ctx, token) => (token.expiresWithSession ? SESSION_BOUND_SECONDS : OFFLINE_SECONDS),
      Session: (_ctx, session) => sessionSeconds(session, options.clock),
    },
  };
}

/**
 * Sign-in, then nothing for services of the school: what they receive rests on its public task, not on consent.
 * A publisher's contract is shown to the person first, and again when it grows.
 */
function buildPolicy(options: ProviderOptions): ReturnType<typeof interactionPolicy.base> {
  const { Check, Prompt } = interactionPolicy;
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const login = policy.get('login');
  invariant(login, 'the base policy has a sign-in');
  // The base compares names; here a stronger sign-in than the one asked for is good enough too.
  for (const name of ['essential_acrs', 'essential_acr']) {
    const check = login.checks.get(name);
    invariant(check, 'the base policy looks at essential acr claims');
    const base = check.check;
    check.check = (ctx) => (meetsEssentialAcr(ctx) ? interactionPolicy.Check.NO_NEED_TO_PROMPT : base(ctx));
  }
  // `acr_values` is a wish (OpenID Connect Core §3.1.2.1): asked for once, then the best that was reached is said.
  login.checks.add(
    new interactionPolicy.Check('acr_values', 'a stronger sign-in was asked for', (ctx) => {
      const { params, session, result } = ctx.oidc;
      const wished = typeof params?.['acr_values'] === 'string' ? params['acr_values'].split(' ') : [];
      const wanted = OFFERED_ACR.find((acr) => wished.includes(acr));
      const reached = parseAcr(session?.acr);
      return wanted === undefined || result?.['login'] || (reached && isAtLeast(reached, wanted))
        ? interactionPolicy.Check.NO_NEED_TO_PROMPT
        : interactionPolicy.Check.REQUEST_PROMPT;
    }),
  );
  const notAgreed = new Check(
    'attributes_not_agreed',
    'the person has not agreed to what this service receives',
    'consent_required',
    async ({ oidc: { client, session } }) => {
      if (!client || !session?.accountId || !isPublisher(client)) return Check.NO_NEED_TO_PROMPT;
      const agreed = await findAgreement(options.database, session.accountId, client.clientId);
      const covered = agreed && attributesOf(client).every((each) => agreed.attributes.includes(each));
      return covered ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
    },
  );
  policy.add(new Prompt({ name: 'attributes', requestable: false }, notAgreed));
  return policy;
}

function meetsEssentialAcr(ctx: KoaContextWithOIDC): boolean {
  const claims = ctx.oidc.claims as { id_token?: { acr?: { value?: unknown; values?: unknown } | null } };
  const { value, values } = claims.id_token?.acr ?? {};
  const reached = parseAcr(ctx.oidc.session?.acr);
  return [value, ...(Array.isArray(values) ? (values as unknown[]) : [])].some((each) => {
    const wanted = parseAcr(each);
    return wanted !== undefined && reached !== undefined && isAtLeast(reached, wanted);
  });
}

// Where a person enters a device's code, and comes back after sign-in.
const DEVICE_ROUTES: ReadonlySet<string> = new Set(['code_verification', 'device_resume']);

function isFapi2(client: object | undefined): boolean {
  return client !== undefined && Reflect.get(client, 'socle_profile') === 'fapi2';
}

/** The protocol's own error for a second use. */
export function refuseSecondUse(of: 'grant' | 'request_uri'): Error {
  return of === 'grant'
    ? new errors.InvalidGrant('grant already used')
    : new errors.InvalidRequestUri('request_uri was already used');
}

/** A dependency that fails is said as `temporarily_unavailable` (503), which clients know to be worth a retry. */
export function toProtocolError(error: unknown): unknown {
  if (!isSocleError(error) || error.kind !== 'fault') return error;
  const unavailable = new errors.TemporarilyUnavailable(undefined, { cause: error });
  return Object.assign(unavailable, { status: 503, statusCode: 503 });
}

function answerFaults(adapter: StorageAdapter): StorageAdapter {
  const guard =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    (...args: Args): Promise<Result> =>
      method(...args).catch((error: unknown) => {
        throw toProtocolError(error);
      });
  return {
    upsert: guard(adapter.upsert),
    find: guard(adapter.find),
    findByUid: guard(adapter.findByUid),
    findByUserCode: guard(adapter.findByUserCode),
    consume: guard(adapter.consume),
    destroy: guard(adapter.destroy),
    revokeByGrantId: guard(adapter.revokeByGrantId),
  };
}

async function refuseAccount(ctx: KoaContextWithOIDC, options: ProviderOptions): Promise<undefined> {
  const { route } = ctx.oidc;
  if (route !== 'authorization' && route !== 'resume' && !DEVICE_ROUTES.has(route)) return undefined;
  // Undefined here would be a 500: the session ends, and the person gets a page that says so.
  const { session } = ctx.oidc;
  if (session) {
    await options.endSession(session.uid);
    await session.destroy();
  }
  const refusal = new errors.OIDCProviderError(403, 'account_not_active');
  refusal.allow_redirect = false;
  throw refusal;
}

async function loadGrant(ctx: KoaContextWithOIDC, provider: Provider) {
  const { client, session, account } = ctx.oidc;
  invariant(client && session && account, 'a grant is loaded for a client, a session and an account');
  const wanted = [...ctx.oidc.requestParamOIDCScopes].join(' ');
  const grantId = session.grantIdFor(client.clientId);
  const grant =
    (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
    new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  const before = JSON.stringify([grant.openid, grant.resources]);
  if (wanted) grant.addOIDCScope(wanted);
  if (ctx.oidc.requestParamClaims.size > 0) grant.addOIDCClaims([...ctx.oidc.requestParamClaims]);
  for (const [resource, server] of Object.entries(ctx.oidc.resourceServers ?? {})) {
    grant.addResourceScope(resource, server.scope);
  }
  if (JSON.stringify([grant.openid, grant.resources]) !== before) await grant.save();
  return grant;
}
