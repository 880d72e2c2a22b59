/** What a module asks for (RFC 8693 §2.1), as the token endpoint read it. */
export interface ExchangeRequest {
  readonly subjectTokenType: unknown;
  readonly requestedTokenType: unknown;
  readonly actorToken: unknown;
  readonly audience: unknown;
  readonly scope: unknown;
}

/** The person's token at the calling module. */
export interface SubjectToken {
  readonly clientId: string;
  readonly scope: string;
  /** It is bound to a key (DPoP or a certificate). */
  readonly bound: boolean;
  /** It lives and dies with a session. */
  readonly ofSession: boolean;
  /** It was itself made by an exchange. */
  readonly exchanged: boolean;
}

/** The module that is to be called. */
export interface ExchangeTarget {
  readonly clientId: string;
  /** `socle_called_by`. */
  readonly callers: unknown;
}

/** Either the scopes that the new token carries, or the protocol's refusal. */
export type ExchangeDecision =
  | { readonly allowed: true; readonly scope: string }
  | {
      readonly allowed: false;
      readonly error: 'invalid_request' | 'invalid_target' | 'invalid_scope';
      readonly description: string;
    };

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/**
 * Decides a token exchange. The new token never says more than all three allow: what the person's token carries,
 * what the called module lets this caller carry, and what is asked for. It is never made from a token of another
 * client, of no session, bound to a key (the new one would not be), or made by an exchange (one step, no chain).
 */
export function decideExchange(
  request: ExchangeRequest,
  callerId: string,
  subject: SubjectToken,
  target: ExchangeTarget | undefined,
): ExchangeDecision {
  if (request.subjectTokenType !== ACCESS_TOKEN) {
    return refuse('invalid_request', 'subject_token_type must be that of an access token');
  }
  if (request.requestedTokenType !== undefined && request.requestedTokenType !== ACCESS_TOKEN) {
    return refuse('invalid_request', 'requested_token_type must be that of an access token');
  }
  if (request.actorToken !== undefined) {
    return refuse('invalid_request', 'the client itself is the actor; actor_token is not used');
  }
  if (subject.clientId !== callerId) return refuse('invalid_request', 'subject_token is not valid');
  if (!subject.ofSession) return refuse('invalid_request', 'subject_token must belong to a session');
  if (subject.bound) return refuse('invalid_request', 'a token bound to a key cannot be exchanged');
  if (subject.exchanged) return refuse('invalid_request', 'an exchanged token cannot be exchanged again');

  const scopes = target && scopesFor(target, callerId);
  if (!target || scopes === undefined) {
    return refuse('invalid_target', 'this client may not call that audience for a person');
  }
  const carried = new Set(subject.scope.split(' '));
  const possible = scopes.filter((scope) => carried.has(scope));
  const asked = typeof request.scope === 'string' ? request.scope.split(' ') : possible;
  if (asked.length === 0 || asked.some((scope) => !possible.includes(scope))) {
    return refuse('invalid_scope', 'only scopes that the person gave and the audience allows');
  }
  return { allowed: true, scope: [...new Set(asked)].join(' ') };
}

function scopesFor(target: ExchangeTarget, callerId: string): readonly string[] | undefined {
  const { callers } = target;
  if (typeof callers !== 'object' || callers === null || !Object.hasOwn(callers, callerId)) return undefined;
  const scopes = (callers as Record<string, unknown>)[callerId];
  return typeof scopes === 'string' ? scopes.split(' ') : undefined;
}

function refuse(
  error: 'invalid_request' | 'invalid_target' | 'invalid_scope',
  description: string,
): ExchangeDecision {
  return { allowed: false, error, description };
}
