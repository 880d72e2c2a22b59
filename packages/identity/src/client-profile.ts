import { DEVICE_GRANT, EXCHANGE_GRANT } from './grant-types.ts';

/** The members that the profile looks at. */
interface ProfiledMetadata {
  readonly socle_profile?: 'fapi2' | undefined;
  readonly dpop_bound_access_tokens?: boolean | undefined;
  readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
  readonly require_pushed_authorization_requests?: boolean | undefined;
  readonly token_endpoint_auth_signing_alg?: string | undefined;
  readonly id_token_signed_response_alg?: string | undefined;
  readonly request_object_signing_alg?: string | undefined;
  readonly userinfo_signed_response_alg?: string | undefined;
}

/** Signatures that FAPI 2.0 Security Profile §5.4 allows. */
export const FAPI2_ALGORITHMS: readonly string[] = ['ES256', 'PS256', 'EdDSA'];

/**
 * Holds a client registered with the profile `fapi2` to FAPI 2.0 Security Profile §5.3.3: pushed requests, tokens
 * bound to a key (DPoP or mTLS), a client that proves itself by a key, no RS256.
 *
 * @returns the rule that is broken, or undefined; always undefined for a client without the profile.
 */
export function checkProfile(
  given: ProfiledMetadata,
  known: {
    readonly method: string;
    readonly grantTypes: readonly string[];
    readonly host: string | undefined;
  },
): string | undefined {
  if (given.socle_profile !== 'fapi2') {
    return given.tls_client_certificate_bound_access_tokens && given.dpop_bound_access_tokens
      ? 'dpop_bound_access_tokens: a token is bound by DPoP or by a certificate, not by both.'
      : undefined;
  }
  const bindings = [given.dpop_bound_access_tokens, given.tls_client_certificate_bound_access_tokens];
  if (bindings.filter((each) => each === true).length !== 1) {
    return 'socle_profile: fapi2 demands tokens bound by DPoP or by a certificate (one of the two).';
  }
  if (known.method !== 'private_key_jwt' && known.method !== 'self_signed_tls_client_auth') {
    return 'token_endpoint_auth_method: fapi2 demands private_key_jwt or self_signed_tls_client_auth.';
  }
  if (known.host !== undefined && given.require_pushed_authorization_requests !== true) {
    return 'require_pushed_authorization_requests: fapi2 demands true.';
  }
  if (known.grantTypes.includes(DEVICE_GRANT) || known.grantTypes.includes(EXCHANGE_GRANT)) {
    return 'grant_types: fapi2 leaves out the device flow and token exchange.';
  }
  const signatures = [
    given.token_endpoint_auth_signing_alg,
    given.id_token_signed_response_alg,
    given.request_object_signing_alg,
    given.userinfo_signed_response_alg,
  ];
  if (signatures.some((alg) => alg !== undefined && !FAPI2_ALGORITHMS.includes(alg))) {
    return 'socle_profile: fapi2 leaves out RS256.';
  }
  return known.host !== undefined && given.id_token_signed_response_alg === undefined
    ? 'id_token_signed_response_alg: fapi2 demands ES256 or PS256.'
    : undefined;
}
