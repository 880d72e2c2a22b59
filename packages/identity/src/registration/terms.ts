import { z } from 'zod';
import { parseClientMetadata, type CheckedMetadata } from '../client-metadata.ts';
import { ATTRIBUTES } from '../contracts/members.ts';
import { IdentityError } from '../errors.ts';

/** What the administrator who made an initial access token decided for all that is registered with it. */
export interface RegistrationTerms {
  readonly profile?: 'fapi2';
  readonly kind?: 'school' | 'publisher';
  /** The attribute contract; nothing but a pseudonym when it is left out. */
  readonly attributes?: readonly string[];
  readonly purpose?: { readonly fr: string; readonly en: string };
}

/** The terms as an administrator writes them. */
export const termsSchema = z.strictObject({
  profile: z.literal('fapi2').optional(),
  kind: z.enum(['school', 'publisher']).optional(),
  attributes: z.array(z.enum(ATTRIBUTES)).optional(),
  purpose: z.strictObject({ fr: z.string().min(3).max(300), en: z.string().min(3).max(300) }).optional(),
});

const GRANTS = new Set(['authorization_code', 'refresh_token']);
const SCOPES = new Set(['openid', 'profile', 'offline_access']);
// From the weakest: a client may move forward, never back.
const STRENGTH = [
  'none',
  'client_secret_post',
  'client_secret_basic',
  'self_signed_tls_client_auth',
  'private_key_jwt',
];

/** Sent by the provider with a registration, and sent back by some clients with an update: not theirs to set. */
const ISSUED = ['client_secret', 'client_secret_expires_at', 'client_id_issued_at'];
const NOT_IN_UPDATE = ['registration_access_token', 'registration_client_uri', ...ISSUED.slice(1)];

/**
 * Holds metadata that a client sends by itself to what dynamic registration may ever give: sign-in of people with
 * a code, by exact redirect URIs, and never a right of modules. The socle's own members come from the terms alone.
 *
 * @throws IdentityError `client_metadata_refused` (400).
 */
export function parseDynamicMetadata(
  input: unknown,
  terms: RegistrationTerms,
  options: { readonly clientId: string; readonly allowLoopback: boolean },
): CheckedMetadata {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refuse('The metadata is a JSON object.');
  }
  const own = Object.keys(input).find((member) => member.startsWith('socle_'));
  if (own !== undefined) throw refuse(`${own}: set by the administrator alone.`);
  if ('client_id' in input) throw refuse('client_id: chosen by the server.');
  const given = input as Record<string, unknown>;
  const checked = parseClientMetadata(
    {
      scope: 'openid',
      ...given,
      client_id: options.clientId,
      socle_attributes: terms.attributes ?? [],
      ...(terms.profile && { socle_profile: terms.profile }),
      ...(terms.kind && { socle_kind: terms.kind }),
      ...(terms.purpose && { socle_purpose: terms.purpose }),
    },
    options,
  );
  const { grant_types: grants, scope, redirect_uris: redirects } = checked.metadata;
  if ((redirects as string[]).length === 0) throw refuse('redirect_uris: at least one.');
  const grant = (grants as string[]).find((each) => !GRANTS.has(each));
  if (grant !== undefined) throw refuse('grant_types: authorization_code and refresh_token only.');
  if (
    String(scope)
      .split(' ')
      .some((each) => !SCOPES.has(each))
  ) {
    throw refuse('scope: openid, profile and offline_access only.');
  }
  return checked;
}

/** The members of an update that describe the client, without those that the server issued (RFC 7592 §2.2). */
export function takeUpdate(input: unknown, clientId: string): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw refuse('The metadata is a JSON object.');
  }
  const { client_id: named, ...given } = input as Record<string, unknown>;
  if (named !== clientId) throw refuse('client_id: must be that of the client.');
  const issued = NOT_IN_UPDATE.find((member) => member in given);
  if (issued !== undefined) throw refuse(`${issued}: not part of an update.`);
  if ('client_secret' in given) throw refuse('client_secret: chosen by the server.');
  return given;
}

/** Refuses an update that would lower a defence or move people's pseudonyms to another sector. */
export function checkUpdate(
  before: { readonly sector: string; readonly metadata: Readonly<Record<string, unknown>> },
  after: CheckedMetadata,
): void {
  if (after.sector !== before.sector) throw refuse('redirect_uris: the host stays the one registered.');
  const strength = (metadata: Readonly<Record<string, unknown>>) =>
    STRENGTH.indexOf(String(metadata['token_endpoint_auth_method']));
  if (strength(after.metadata) < strength(before.metadata)) {
    throw refuse('token_endpoint_auth_method: not weaker than before.');
  }
  for (const member of [
    'require_pushed_authorization_requests',
    'dpop_bound_access_tokens',
    'tls_client_certificate_bound_access_tokens',
    'require_signed_request_object',
  ]) {
    if (before.metadata[member] === true && after.metadata[member] !== true) {
      throw refuse(`${member}: a defence that was asked for stays.`);
    }
  }
}

function refuse(publicMessage: string): IdentityError {
  return new IdentityError('client_metadata_refused', { status: 400, publicMessage });
}
