import type { RouteShorthandOptions } from 'fastify';
import { z } from 'zod';

/** What the OpenAPI document says of a route. The handler itself checks what it is sent, with the same schemas. */
export interface RouteDescription {
  readonly summary: string;
  readonly description?: string;
  readonly body?: z.ZodType;
  readonly querystring?: z.ZodType;
  readonly params?: z.ZodType;
}

/** Route options that describe and do not check: a refusal then has our own code and words, in one place. */
export function describeRoute(route: RouteDescription): RouteShorthandOptions {
  const schema: Record<string, unknown> = {
    summary: route.summary,
    tags: ['modules'],
    security: [{ module: ['socle:module'] }],
    ...(route.description ? { description: route.description } : {}),
  };
  for (const part of ['body', 'querystring', 'params'] as const) {
    const shape = route[part];
    // without $schema, which OpenAPI 3.1 says once for the whole document
    if (shape) schema[part] = { ...z.toJSONSchema(shape, { unrepresentable: 'any' }), $schema: undefined };
  }
  return { schema, validatorCompiler: () => () => true };
}
