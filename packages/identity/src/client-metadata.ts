import { z } from 'zod';
import { SOCLE_MEMBERS, checkCallers } from './contracts/members.ts';
import { checkProfile } from './client-profile.ts';
import { IdentityError } from './errors.ts';
import { DEVICE_GRANT, EXCHANGE_GRANT } from './grant-types.ts';
import { isLoopbackUrl } from './loopback.ts';

const uris = z.array(z.string().min(1).max(2_000)).max(20);
const uri = z.string().min(1).max(2_000);

// RFC 7591 §2 and the OpenID Connect registrations, without what would make the provider fetch or guess.
const schema = z.strictObject({
  client_id: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{1,64}$/, 'is 1 to 64 letters, digits or . _ ~ -')
    .optional(),
  client_name: z.string().min(1).max(100).optional(),
  'client_name#fr': z.string().min(1).max(100).optional(),
  'client_name#en': z.string().min(1).max(100).optional(),
  application_type: z.enum(['web', 'native']).optional(),
  client_uri: uri.optional(),
  logo_uri: uri.optional(),
  policy_uri: uri.optional(),
  tos_uri: uri.optional(),
  contacts: z.array(z.string()).max(10).optional(),
  redirect_uris: uris.default([]),
  post_logout_redirect_uris: uris.optional(),
  backchannel_logout_uri: uri.optional(),
  backchannel_logout_session_required: z.boolean().optional(),
  initiate_login_uri: uri.optional(),
  grant_types: z
    .array(
      z.enum(['authorization_code', 'refresh_token', 'client_credentials', DEVICE_GRANT, EXCHANGE_GRANT]),
    )
    .optional(),
  response_types: z.array(z.literal('code')).optional(),
  scope: z.string().max(500).optional(),
  subject_type: z.enum(['pairwise', 'public']).optional(),
  token_endpoint_auth_method: z
    .enum([
      'private_key_jwt',
      'self_signed_tls_client_auth',
      'client_secret_basic',
      'client_secret_post',
      'none',
    ])
    .optional(),
  token_endpoint_auth_signing_alg: z.enum(['ES256', 'PS256', 'RS256', 'EdDSA']).optional(),
  jwks: z
    .looseObject({
      keys: z
        .array(z.looseObject({ kty: z.string() }))
        .min(1)
        .max(20),
    })
    .optional(),
  jwks_uri: uri.optional(),
  id_token_signed_response_alg: z.enum(['ES256', 'PS256', 'RS256']).optional(),
  userinfo_signed_response_alg: z.enum(['ES256', 'PS256', 'RS256']).optional(),
  request_object_signing_alg: z.enum(['ES256', 'PS256', 'RS256', 'EdDSA']).optional(),
  require_signed_request_object: z.boolean().optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
  tls_client_certificate_bound_access_tokens: z.boolean().optional(),
  default_max_age: z.int().min(0).optional(),
  require_auth_time: z.boolean().optional(),
  ...SOCLE_MEMBERS,
});

/** Client metadata that passed, with the sector its subjects live in. */
export interface CheckedMetadata {
  readonly clientId: string | undefined;
  readonly sector: string;
  readonly metadata: Record<string, unknown>;
  /** The client authenticates by a secret that the provider makes. */
  readonly needsSecret: boolean;
}

/**
 * Parses RFC 7591 client metadata and holds it to the house's rules: known members only; redirect URIs complete and
 * without wildcard or fragment; https everywhere, except http on the loopback range when the issuer is there too;
 * one host for all redirect URIs, which is the sector (OpenID Connect Core §8.1); persons' subjects pairwise.
 *
 * @throws IdentityError `client_metadata_refused` (400) that names the member and the rule.
 */
export function parseClientMetadata(input: unknown, options: { allowLoopback: boolean }): CheckedMetadata {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const member = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path.join('.');
    throw refuse(`${member || 'The metadata'}: ${issue?.message ?? 'not valid'}.`);
  }
  const { client_id: clientId, ...given } = parsed.data;
  const metadata = { ...given, response_types: given.redirect_uris.length > 0 ? ['code'] : [] };
  const addresses: [string, string][] = [
    ...given.redirect_uris.map((each): [string, string] => ['redirect_uris', each]),
    ...(given.post_logout_redirect_uris ?? []).map((each): [string, string] => [
      'post_logout_redirect_uris',
      each,
    ]),
  ];
  for (const member of ['backchannel_logout_uri', 'jwks_uri', 'initiate_login_uri', 'client_uri'] as const) {
    const address = given[member];
    if (address !== undefined) addresses.push([member, address]);
  }
  for (const [member, address] of addresses) checkAddress(member, address, options.allowLoopback);

  const hosts = new Set(given.redirect_uris.map((each) => new URL(each).host));
  if (hosts.size > 1)
    throw refuse('redirect_uris: all must have the same host, which is the sector of subjects.');
  const [host] = hosts;
  if (host !== undefined && given.subject_type === 'public') {
    throw refuse('subject_type: a client that people sign in to gets pairwise subjects.');
  }
  const grantTypes =
    given.grant_types ?? (host === undefined ? ['client_credentials'] : ['authorization_code']);
  const method = given.token_endpoint_auth_method ?? 'client_secret_basic';
  if (method === 'none' && grantTypes.includes('client_credentials')) {
    throw refuse('grant_types: client_credentials needs a client that authenticates.');
  }
  if (grantTypes.includes(DEVICE_GRANT) && (host === undefined || !proves(method))) {
    throw refuse(
      'grant_types: the device flow needs a client that proves itself by a key, and a redirect URI that gives its sector.',
    );
  }
  if (grantTypes.includes(EXCHANGE_GRANT) && !proves(method)) {
    throw refuse('grant_types: token exchange needs a client that proves itself by a key.');
  }
  const problem =
    checkProfile(given, { method, grantTypes, host }) ?? checkCallers(clientId, given.socle_called_by);
  if (problem !== undefined) throw refuse(problem);
  return {
    clientId,
    sector: host ?? `client:${clientId ?? ''}`,
    metadata: {
      ...metadata,
      grant_types: grantTypes,
      token_endpoint_auth_method: method,
      subject_type: host === undefined ? 'public' : 'pairwise',
    },
    needsSecret: method.startsWith('client_secret'),
  };
}

function proves(method: string): boolean {
  return method === 'private_key_jwt' || method === 'self_signed_tls_client_auth';
}

function checkAddress(member: string, address: string, allowLoopback: boolean): void {
  const url = URL.parse(address);
  if (!url) throw refuse(`${member}: each must be a complete address.`);
  if (url.hash || address.includes('#')) throw refuse(`${member}: an address has no fragment.`);
  if (address.includes('*')) throw refuse(`${member}: an address is exact, without a wildcard.`);
  if (url.username || url.password) throw refuse(`${member}: an address has no user name.`);
  const loopback = isLoopbackUrl(url);
  if (loopback && !allowLoopback) throw refuse(`${member}: no loopback address outside a workstation.`);
  if (!loopback && url.protocol !== 'https:') throw refuse(`${member}: an address begins with https.`);
}

function refuse(publicMessage: string): IdentityError {
  return new IdentityError('client_metadata_refused', { status: 400, publicMessage });
}
