import { SocleError } from '@socle/base';

/** Codes of failures that the service itself raises; docs/errors.md gives the remedy of each. */
export type ServiceErrorCode =
  | 'configuration_refused'
  | 'demo_refused'
  | 'module_document_refused'
  | 'module_unknown'
  | 'subject_unknown'
  | 'access_denied'
  | 'approval_closed'
  | 'emergency_refused'
  | 'emergency_limit'
  | 'form_refused'
  | 'view_open'
  | 'view_refused'
  | 'token_refused'
  | 'request_refused'
  | 'not_found'
  | 'not_ready'
  | 'port_in_use';

/** A refusal or fault of the standalone service. */
export class ServiceError extends SocleError<ServiceErrorCode> {}
