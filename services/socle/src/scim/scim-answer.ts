import type { FastifyReply, FastifyRequest } from 'fastify';
import { SocleError, type Log } from '@socle/base';

const SCIM_TYPE = 'application/scim+json';
const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** Sends a SCIM body with its media type (RFC 7644 §3.1); a cache keeps nothing of it. */
export function sendScim(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type(`${SCIM_TYPE}; charset=utf-8`)
    .send(JSON.stringify(body));
}

/** Answers a failure in the form of RFC 7644 §3.12; what is not a refusal of ours stays in the log, by request id. */
export function buildScimErrorHandler(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, detail, scimType } = describe(error, log, request.id);
    if (status === 401) void reply.header('www-authenticate', 'Bearer scope="scim"');
    if (status === 503) void reply.header('retry-after', '5');
    return sendScim(reply, status, {
      schemas: [ERROR_SCHEMA],
      status: String(status),
      ...(scimType ? { scimType } : {}),
      detail,
    });
  };
}

function describe(
  error: unknown,
  log: Log,
  requestId: string,
): { status: number; detail: string; scimType?: string } {
  if (error instanceof SocleError) {
    if (error.kind === 'fault') log.warn({ requestId, code: error.code }, 'a dependency failed');
    const { scimType } = error.details ?? {};
    return {
      status: error.status,
      detail: error.publicMessage,
      ...(typeof scimType === 'string' ? { scimType } : {}),
    };
  }
  const { statusCode = 500, name, stack } = error as Error & { statusCode?: number };
  if (statusCode === 413) return { status: 413, detail: 'The request is larger than 1 MiB.' };
  if (statusCode === 415)
    return { status: 415, detail: `The body must be ${SCIM_TYPE} or application/json.` };
  if (statusCode < 500) return { status: 400, detail: 'The body is not JSON.', scimType: 'invalidSyntax' };
  log.error({ requestId, name, stack: stack ?? '' }, 'unexpected failure');
  return { status: 500, detail: `Something went wrong on our side. Quote the reference ${requestId}.` };
}
