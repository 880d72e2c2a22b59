import { SocleError, type Log } from '@socle/base';
import { chooseLanguage, languageCookieName, type Language, type PageAssets } from '@socle/pages';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { parseReturnPath } from '../sign-in/return-path.ts';
import { renderMessagePage } from './message-page.ts';
import { messageName, messages, type MessageName } from './messages.ts';

/** Answers that every module gives in the same way: a page to people, an RFC 9457 problem to programs. */
export interface ErrorAnswers {
  /** A page's reader without a session goes to sign in and comes back; all else is said. A bug is logged, never shown. */
  answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  answerNotFound(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /** A page that says one thing. */
  answerMessage(
    request: FastifyRequest,
    reply: FastifyReply,
    name: MessageName,
    status?: number,
  ): Promise<unknown>;
}

export interface ErrorAnswersOptions {
  readonly log: Log;
  readonly baseUrl: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly assets: PageAssets;
}

interface Problem {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly details?: SocleError['details'];
}

/** Seconds after which a fault may be gone. */
const RETRY_AFTER_SECONDS = 30;

export function buildErrorAnswers(options: ErrorAnswersOptions): ErrorAnswers {
  const { log, baseUrl } = options;

  async function answer(request: FastifyRequest, reply: FastifyReply, problem: Problem): Promise<unknown> {
    reply.header('cache-control', 'no-store');
    if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
    if (wantsPage(request)) {
      return answerMessage(request, reply, messageName(problem.code, problem.status), problem.status);
    }
    return reply
      .code(problem.status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...problem.details,
          type: 'about:blank',
          title: problem.code.replaceAll('_', ' '),
          status: problem.status,
          code: problem.code,
          detail: problem.detail,
          instance: `urn:socle:request:${request.id}`,
        }),
      );
  }

  async function answerMessage(
    request: FastifyRequest,
    reply: FastifyReply,
    name: MessageName,
    status = 200,
  ): Promise<unknown> {
    const { target } = messages[name];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const here = isRead ? parseReturnPath(request.url, baseUrl) : '/';
    const href =
      target === 'home' ? '/' : target === 'again' ? here : `/sign-in?return_to=${encodeURIComponent(here)}`;
    const language = languageOf(request);
    const page = renderMessagePage({
      name,
      href,
      language,
      assets: options.assets,
      service: options.title[language],
      ...(status >= 500 ? { reference: request.id } : {}),
    });
    return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
  }

  return {
    answerMessage,
    async answerError(error, request, reply) {
      const problem = describe(error);
      if (problem.status >= 500) {
        const fields = { code: problem.code, request: request.id, route: request.routeOptions.url ?? null };
        if (problem.code === 'internal')
          log.error({ ...fields, name: error.name, stack: stackOf(error) }, 'a request failed');
        else log.warn(fields, 'a request could not be served');
      }
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (problem.code === 'sign_in_required' && isRead && wantsPage(request)) {
        const here = parseReturnPath(request.url, baseUrl);
        return reply
          .header('cache-control', 'no-store')
          .redirect(`/sign-in?return_to=${encodeURIComponent(here)}`, 303);
      }
      return answer(request, reply, problem);
    },
    answerNotFound: (request, reply) =>
      answer(request, reply, { code: 'not_found', status: 404, detail: 'There is nothing here.' }),
  };
}

function describe(error: FastifyError | Error): Problem {
  if (error instanceof SocleError) {
    const { code, status, publicMessage, details } = error;
    return { code, status, detail: publicMessage, ...(status < 500 ? { details } : {}) };
  }
  const status = (error as Partial<FastifyError>).statusCode;
  // Fastify's own refusals (body too large, unknown content type, schema): their text may quote the request.
  if (status !== undefined && status >= 400 && status < 500) {
    return { code: 'request_refused', status, detail: 'The request is not acceptable.' };
  }
  return { code: 'internal', status: 500, detail: 'Something did not work. It was noted.' };
}

/** The language of the answer: the person's choice, then the browser's, then French. */
export function languageOf(request: FastifyRequest): Language {
  return chooseLanguage(request.headers['accept-language'], readLanguageCookie(request));
}

function readLanguageCookie(request: FastifyRequest): string | undefined {
  // A request that is refused before its headers are looked at (an address that is none) has no cookies yet.
  const cookies = request.cookies as Readonly<Record<string, string | undefined>> | null | undefined;
  return cookies?.[languageCookieName];
}

/** Where an error was thrown, without its message: a bug's message may quote what it was working on. */
export function stackOf(error: unknown): string | null {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  const frames = lines.filter((line) => /^\s+at /.test(line));
  return frames.length > 0 ? frames.map((line) => line.trim()).join(' | ') : null;
}

/** True for a browser that shows pages, as opposed to a script or a program. */
function wantsPage(request: FastifyRequest): boolean {
  return /\btext\/html\b/.test(request.headers.accept ?? '');
}
