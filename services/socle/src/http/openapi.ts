import type { SwaggerOptions } from '@fastify/swagger';
import type { FastifyPluginAsync } from 'fastify';

/** What the description of the interface starts with. */
export function openApiOptions(issuer: string): SwaggerOptions {
  return {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Socle',
        description:
          'Interface of the socle for school modules. OpenID Connect is described by /.well-known/openid-configuration, AuthZEN by /.well-known/authzen-configuration.',
        version: '0.1.0',
        license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' },
      },
      servers: [{ url: issuer }],
      components: {
        securitySchemes: {
          scim: {
            type: 'oauth2',
            flows: {
              clientCredentials: {
                tokenUrl: `${issuer}/token`,
                scopes: { scim: 'Push people and classes of one controller' },
              },
            },
          },
          module: {
            type: 'oauth2',
            flows: {
              clientCredentials: {
                tokenUrl: `${issuer}/token`,
                scopes: { 'socle:module': 'Act as a school module' },
              },
            },
          },
        },
      },
    },
  };
}

/** `/docs`: the OpenAPI 3.1 document, as JSON. */
export const buildOpenApiRoutes: FastifyPluginAsync = async (app) => {
  app.get('/docs', async () => app.swagger());
};
