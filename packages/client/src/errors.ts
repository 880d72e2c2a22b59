import { SocleError } from '@socle/base';

/** Codes of failures that @socle/client raises; docs/errors.md gives the remedy of each. */
export type ClientErrorCode =
  | 'sign_in_required'
  | 'sign_in_failed'
  | 'sign_in_expired'
  | 'csrf_refused'
  | 'logout_token_refused'
  | 'socle_unavailable'
  | 'socle_refused'
  | 'socle_answer_invalid'
  | 'audit_event_refused'
  | 'audit_outbox_full'
  | 'module_config_invalid';

/** A failure of the client room. */
export class ClientError extends SocleError<ClientErrorCode> {}
