import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '@socle/base';
import {
  matchesVersion,
  projectResource,
  SCIM_RESOURCE_TYPES,
  type Projection,
  type ResourceTypeName,
  type Scim,
  type ScimCaller,
  type ScimResource,
} from '@socle/directory';
import { SCIM_RESOURCE_PATH, type Identity } from '@socle/identity';
import { ServiceError } from '../errors.ts';
import { describeScim } from './describe-scim.ts';
import { buildScimErrorHandler, sendScim } from './scim-answer.ts';
import { readScimQuery } from './scim-query.ts';
import {
  buildListResponse,
  buildResourceTypes,
  buildSchemas,
  buildServiceProviderConfig,
} from './service-documents.ts';

export interface ScimRoutesOptions {
  readonly identity: Pick<Identity, 'verifyScimToken'>;
  readonly scim: Scim;
  readonly issuer: string;
  readonly log: Log;
}

/** SCIM 2.0 (RFC 7644) for registered clients, each for its own controller. */
export function buildScimRoutes(options: ScimRoutesOptions): FastifyPluginAsync {
  const baseUrl = `${options.issuer}${SCIM_RESOURCE_PATH}`;
  return async (root) => {
    await root.register(
      async (app) => {
        app.setErrorHandler(buildScimErrorHandler(options.log));
        app.setNotFoundHandler((_request, reply) =>
          sendScim(reply, 404, {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
            status: '404',
            detail: 'There is nothing at this address.',
          }),
        );
        app.addContentTypeParser(
          'application/scim+json',
          { parseAs: 'string' },
          app.getDefaultJsonParser('error', 'error'),
        );
        registerDocuments(app, baseUrl, options);
        for (const { name, path } of SCIM_RESOURCE_TYPES) registerResource(app, name, path, options);
        for (const [method, path] of [
          ['POST', '/Bulk'],
          ['POST', '/.search'],
          ['GET', '/Me'],
        ] as const) {
          app.route({
            method,
            url: path,
            handler: async (request) => {
              await requireCaller(options, request);
              throw new ServiceError('not_found', {
                status: 501,
                publicMessage: 'This is not supported; ServiceProviderConfig says what is.',
              });
            },
          });
        }
      },
      { prefix: SCIM_RESOURCE_PATH },
    );
  };
}

/** The controller's client behind the Bearer token. @throws ServiceError `token_refused`; IdentityError, DirectoryError. */
async function requireCaller(options: ScimRoutesOptions, request: FastifyRequest): Promise<ScimCaller> {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) {
    throw new ServiceError('token_refused', {
      status: 401,
      publicMessage: 'This address takes an access token for SCIM, as "Authorization: Bearer …".',
    });
  }
  const { clientId } = await options.identity.verifyScimToken(token);
  return options.scim.requireCaller(clientId);
}

function registerDocuments(app: FastifyInstance, baseUrl: string, options: ScimRoutesOptions): void {
  const config = buildServiceProviderConfig(baseUrl);
  const lists = [
    ['/ResourceTypes', buildResourceTypes(baseUrl)],
    ['/Schemas', buildSchemas(baseUrl)],
  ] as const;
  app.get(
    '/ServiceProviderConfig',
    describeScim({ summary: 'What this service provider can do' }),
    async (request, reply) => {
      await requireCaller(options, request);
      return sendScim(reply, 200, config);
    },
  );
  for (const [path, resources] of lists) {
    app.get(path, describeScim({ summary: `All of ${path.slice(1)}` }), async (request, reply) => {
      await requireCaller(options, request);
      if ((request.query as Record<string, unknown>).filter !== undefined) {
        throw new ServiceError('access_denied', {
          status: 403,
          publicMessage: 'This list cannot be filtered (RFC 7644 §4).',
        });
      }
      return sendScim(reply, 200, buildListResponse(resources));
    });
    app.get(`${path}/:id`, describeScim({ summary: `One of ${path.slice(1)}` }), async (request, reply) => {
      await requireCaller(options, request);
      const { id } = request.params as { id: string };
      const found = (resources as readonly { readonly id: string }[]).find((each) => each.id === id);
      if (!found)
        throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such document.' });
      return sendScim(reply, 200, found);
    });
  }
}

function registerResource(
  app: FastifyInstance,
  type: ResourceTypeName,
  path: string,
  options: ScimRoutesOptions,
): void {
  const { scim } = options;
  const caller = (request: FastifyRequest) => requireCaller(options, request);
  const idOf = (request: FastifyRequest) => (request.params as { id: string }).id;
  const ifMatch = (request: FastifyRequest) => request.headers['if-match'];
  const plural = path.slice(1);

  const search = async (request: FastifyRequest, reply: FastifyReply, input: unknown) => {
    const who = await caller(request);
    const { query, projection } = readScimQuery(input);
    const page = await scim.list(who, type, query);
    return sendScim(reply, 200, {
      ...buildListResponse(page.resources.map(({ body }) => projectResource(body, projection))),
      totalResults: page.totalResults,
      startIndex: page.startIndex,
    });
  };
  const describeList = { summary: `${plural} of the client’s controller: filter, sort, page`, query: true };
  app.get(path, describeScim(describeList), (request, reply) => search(request, reply, request.query));
  app.post(
    `${path}/.search`,
    describeScim({ summary: `${plural} by a query in the body`, body: true }),
    (request, reply) => search(request, reply, request.body),
  );
  app.post(path, describeScim({ summary: `Make a ${type}`, body: true }), async (request, reply) => {
    const who = await caller(request);
    const { projection } = readScimQuery(request.query);
    const made = await scim.create(who, type, request.body);
    return sendResource(reply.header('location', locationOf(made)), 201, made, projection);
  });
  app.get(`${path}/:id`, describeScim({ summary: `One ${type}` }), async (request, reply) => {
    const who = await caller(request);
    const { projection } = readScimQuery(request.query);
    const resource = await scim.load(who, type, idOf(request));
    const known = request.headers['if-none-match'];
    if (known !== undefined && matchesVersion(known, resource.version)) {
      return reply.status(304).header('etag', resource.version).header('cache-control', 'no-store').send();
    }
    return sendResource(reply, 200, resource, projection);
  });
  for (const [method, change] of [
    ['PUT', scim.replace],
    ['PATCH', scim.patch],
  ] as const) {
    const summary = method === 'PUT' ? `Replace a ${type}` : `Change a ${type} (RFC 7644 §3.5.2)`;
    app.route({
      method,
      url: `${path}/:id`,
      ...describeScim({ summary, body: true }),
      handler: async (request, reply) => {
        const who = await caller(request);
        const { projection } = readScimQuery(request.query);
        const changed = await change(who, type, idOf(request), {
          body: request.body,
          ifMatch: ifMatch(request),
        });
        return sendResource(reply, 200, changed, projection);
      },
    });
  }
  app.delete(`${path}/:id`, describeScim({ summary: `Withdraw a ${type}` }), async (request, reply) => {
    await scim.remove(await caller(request), type, idOf(request), ifMatch(request));
    return reply.status(204).header('cache-control', 'no-store').send();
  });
}

const locationOf = ({ body }: ScimResource): string => String((body.meta as { location: string }).location);

function sendResource(
  reply: FastifyReply,
  status: number,
  resource: ScimResource,
  projection: Projection,
): FastifyReply {
  void reply.header('etag', resource.version);
  return sendScim(reply, status, projectResource(resource.body, projection));
}
