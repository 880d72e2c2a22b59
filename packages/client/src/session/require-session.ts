import { ClientError } from '../errors.ts';

/** The refusal of a request without a session: a page's reader is sent to sign in, any other caller gets a 401. */
export function signInRequired(): ClientError {
  return new ClientError('sign_in_required', {
    status: 401,
    publicMessage: 'Sign in to continue.',
  });
}
