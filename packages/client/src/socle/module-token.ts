import type { Clock } from '@socle/base';
import type { TokenEndpoint } from '../oidc/token-endpoint.ts';
import { refusedModule, type Http, type HttpAnswer, type HttpRequest } from './http.ts';

/** Requests to the socle in the name of this module. */
export interface SocleCalls {
  /**
   * Sends the request with the module's token. A token that the socle no longer accepts is replaced once.
   *
   * @throws ClientError `socle_unavailable`, `socle_answer_invalid`, `socle_refused`.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

/** A token is replaced when it has less than this to live. */
const MARGIN_SECONDS = 30;

export function openSocleCalls(options: {
  readonly issuer: string;
  readonly http: Http;
  readonly tokens: TokenEndpoint;
  readonly clock: Clock;
}): SocleCalls {
  let current: { token: string; usableUntil: number } | undefined;
  let pending: Promise<string> | undefined;

  async function renew(): Promise<string> {
    try {
      const askedAt = options.clock.now().getTime();
      const { token, lifetimeSeconds } = await options.tokens.requestModuleToken(
        `${options.issuer.replace(/\/$/, '')}/modules`,
        'socle:module',
      );
      current = { token, usableUntil: askedAt + (lifetimeSeconds - MARGIN_SECONDS) * 1000 };
      return token;
    } finally {
      pending = undefined;
    }
  }

  async function loadToken(): Promise<string> {
    if (current && options.clock.now().getTime() < current.usableUntil) return current.token;
    pending ??= renew(); // all who need a token meanwhile share one request
    return pending;
  }

  async function send(request: HttpRequest): Promise<{ answer: HttpAnswer; token: string }> {
    const token = await loadToken();
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    return { answer: await options.http.request({ ...request, headers }), token };
  }

  return {
    async request(request) {
      const first = await send(request);
      if (first.answer.status !== 401) return first.answer;
      if (current?.token === first.token) current = undefined;
      const second = await send(request);
      if (second.answer.status === 401) throw refusedModule(second.answer);
      return second.answer;
    },
  };
}
