import type { RouteShorthandOptions } from 'fastify';
import { z } from 'zod';
import { scimQuerySchema } from './scim-query.ts';

/** Route options for the OpenAPI document; the handlers check what they are sent, and answer as RFC 7644 says. */
export function describeScim(route: {
  readonly summary: string;
  readonly query?: boolean;
  readonly body?: boolean;
}): RouteShorthandOptions {
  const schema: Record<string, unknown> = {
    summary: route.summary,
    tags: ['scim'],
    security: [{ scim: ['scim'] }],
    ...(route.query
      ? { querystring: { ...z.toJSONSchema(scimQuerySchema, { io: 'input' }), $schema: undefined } }
      : {}),
    ...(route.body
      ? { consumes: ['application/scim+json'], body: { type: 'object', additionalProperties: true } }
      : {}),
  };
  return { schema, validatorCompiler: () => () => true };
}
