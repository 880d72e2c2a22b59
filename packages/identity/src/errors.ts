import { SocleError } from '@socle/base';

/** Codes of failures that @socle/identity raises; docs/errors.md gives the remedy of each. */
export type IdentityErrorCode =
  | 'sign_in_required'
  | 'account_not_found'
  | 'account_exists'
  | 'login_taken'
  | 'password_refused'
  | 'password_queue_full'
  | 'factor_code_refused'
  | 'factor_unreadable'
  | 'leaked_list_refused'
  | 'passkey_refused'
  | 'step_up_required'
  | 'client_metadata_refused'
  | 'client_not_found'
  | 'already_stopped'
  | 'stop_unknown'
  | 'registration_stopped'
  | 'module_token_refused'
  | 'issuer_refused'
  | 'master_key_refused'
  | 'signing_key_unreadable';

/** A failure of the identity room. */
export class IdentityError extends SocleError<IdentityErrorCode> {}
