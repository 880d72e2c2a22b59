import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { SocleError, type Log } from '@socle/base';
import type { PageAssets } from '@socle/pages';
import { renderErrorPage } from '../pages/error-page.ts';
import { languageOf } from './language-of.ts';

/** RFC 9457 problem document. */
interface Problem {
  readonly type: 'about:blank';
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly [extension: string]: unknown;
}

/**
 * Answers a failure: a page to a browser, a problem document (RFC 9457) to a program. What is not a SocleError is a
 * bug or a bad request: its text stays in the log, by request id.
 */
export function buildErrorHandler(log: Log, assets: PageAssets) {
  return async (error: FastifyError, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const problem = describe(error, log, request.id);
    const { signIn } = problem;
    if (typeof signIn === 'string' && (request.headers.accept ?? '').includes('text/html')) {
      await reply.redirect(signIn, 303);
      return;
    }
    if (problem.status === 503) void reply.header('retry-after', '5');
    await sendProblem(request, reply, problem, assets);
  };
}

/** Answers 404 in the form that the caller understands. */
export function buildNotFoundHandler(assets: PageAssets) {
  return (request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    sendProblem(
      request,
      reply,
      {
        type: 'about:blank',
        status: 404,
        title: 'Not Found',
        code: 'not_found',
        detail: 'There is nothing at this address.',
      },
      assets,
    );
}

async function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
  assets: PageAssets,
): Promise<void> {
  void reply.status(problem.status).header('cache-control', 'no-store');
  if (!(request.headers.accept ?? '').includes('text/html')) {
    await reply.type('application/problem+json').send(problem);
    return;
  }
  const page = renderErrorPage({
    status: problem.status,
    code: problem.code,
    language: languageOf(request),
    assets,
    reference: request.id,
    returnTo: request.method === 'GET' ? request.url : '/',
  });
  await reply.type('text/html').send(page);
}

function describe(error: FastifyError, log: Log, requestId: string): Problem {
  if (error instanceof SocleError) {
    if (error.kind === 'fault') log.warn({ requestId, code: error.code }, 'a dependency failed');
    return {
      type: 'about:blank',
      status: error.status,
      title: error.code.replaceAll('_', ' '),
      code: error.code,
      detail: error.publicMessage,
      ...error.details,
    };
  }
  const status = error.statusCode ?? 500;
  if (status < 500) {
    const detail = error.validation
      ? 'The request does not have the form that /docs describes.'
      : 'The request cannot be read.';
    return { type: 'about:blank', status, title: 'Bad Request', code: 'request_refused', detail };
  }
  log.error({ requestId, name: error.name, stack: error.stack ?? '' }, 'unexpected failure');
  return {
    type: 'about:blank',
    status: 500,
    title: 'Internal Server Error',
    code: 'unexpected_failure',
    detail: `Something went wrong on our side. Quote the reference ${requestId}.`,
  };
}
