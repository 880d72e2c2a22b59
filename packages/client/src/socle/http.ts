import { invariant } from '@socle/base';
import { ClientError } from '../errors.ts';

/** One request to the socle. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as a form when it is URLSearchParams. */
  readonly body?: unknown;
  /** Longest wait for the answer, where it is meant to take long. Default: that of the client. */
  readonly timeoutMs?: number;
  /** Ends the request before its time. */
  readonly signal?: AbortSignal;
}

/** An answer that is neither a redirect nor a server error. */
export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown;
}

/** Outbound requests, to the socle and nowhere else. */
export interface Http {
  /**
   * @throws ClientError `socle_unavailable` when it does not answer in time or answers 429 or 5xx,
   *   `socle_answer_invalid` for a redirect, a body over the bound, or what is not JSON.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly fetch: typeof fetch;
  /** The only origin that may be called. */
  readonly origin: string;
  readonly timeoutMs: number;
  /** Default 2 MiB. */
  readonly maxBodyBytes?: number;
}

const DEFAULT_MAX_BODY_BYTES = 2 * 1024 * 1024;

/** Opens the one door through which this package makes requests: one origin, no redirect, bounded time and size. */
export function openHttp(options: HttpOptions): Http {
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  return {
    async request(request) {
      invariant(request.url.origin === options.origin, 'only the socle is called');
      try {
        const response = await options.fetch(
          request.url,
          buildInit(request, request.timeoutMs ?? options.timeoutMs),
        );
        return await readAnswer(response, maxBodyBytes);
      } catch (error) {
        if (error instanceof ClientError) throw error;
        throw unavailable(error);
      }
    },
  };
}

function buildInit(request: HttpRequest, timeoutMs: number): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  const init: RequestInit = {
    method: request.method,
    headers,
    redirect: 'manual',
    signal: request.signal
      ? AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)])
      : AbortSignal.timeout(timeoutMs),
  };
  if (request.body === undefined) return init;
  if (request.body instanceof URLSearchParams) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    return { ...init, body: request.body.toString() };
  }
  headers['content-type'] = 'application/json';
  return { ...init, body: JSON.stringify(request.body) };
}

async function readAnswer(response: Response, maxBodyBytes: number): Promise<HttpAnswer> {
  if (response.status >= 500 || response.status === 429) {
    await response.body?.cancel();
    throw unavailable(undefined, response.status);
  }
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw invalidAnswer('redirect');
  }
  const text = await readText(response, maxBodyBytes);
  if (text === '') return { status: response.status, body: undefined };
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch (cause) {
    // A refusal may come from a proxy that speaks HTML; its status says enough.
    if (response.status >= 400) return { status: response.status, body: undefined };
    throw invalidAnswer('not_json', cause);
  }
}

async function readText(response: Response, maxBodyBytes: number): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) throw invalidAnswer('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unavailable(cause: unknown, status?: number): ClientError {
  return new ClientError('socle_unavailable', {
    status: 503,
    publicMessage: 'The socle does not answer. Try again in a moment.',
    ...(status === undefined ? {} : { details: { status } }),
    cause,
  });
}

/** The fault for an answer of the socle that cannot be used; `why` is a short code. */
export function invalidAnswer(why: string, cause?: unknown): ClientError {
  return new ClientError('socle_answer_invalid', {
    status: 503,
    publicMessage: 'The socle gave an answer that could not be used. Try again in a moment.',
    details: { why },
    cause,
  });
}

/**
 * The failure for an answer 4xx to a question asked for a person: 403 and 404 are theirs to know, any other means
 * that this module is not set up as the socle expects.
 */
export function refusedBySocle(answer: HttpAnswer): ClientError {
  if (answer.status !== 403 && answer.status !== 404) return refusedModule(answer);
  return new ClientError('socle_refused', {
    status: answer.status,
    publicMessage:
      answer.status === 404 ? 'This does not exist, or no longer.' : 'You do not have the right to see this.',
    details: describe(answer),
  });
}

/** The fault for an answer that refuses this module itself: unknown client, key, resource or scope. */
export function refusedModule(answer: HttpAnswer): ClientError {
  return new ClientError('socle_refused', {
    status: 503,
    publicMessage: 'The socle refused this module. Check its registration.',
    details: describe(answer),
  });
}

function describe(answer: HttpAnswer): { status: number; problem?: string } {
  const body = (answer.body ?? {}) as { code?: unknown; error?: unknown };
  const code = body.code ?? body.error;
  const isCode = typeof code === 'string' && /^[a-z_.]{1,64}$/.test(code);
  return { status: answer.status, ...(isCode ? { problem: code } : {}) };
}
