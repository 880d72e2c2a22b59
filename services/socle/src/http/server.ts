import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance } from 'fastify';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { securityHeaders } from '@socle/pages';
import type { Registry } from 'prom-client';
import type { Socle } from '../compose.ts';
import { buildAreas } from '../areas/build-areas.ts';
import { buildAccessRoutes } from './access.ts';
import { buildAccessibilityRoutes } from './accessibility.ts';
import { buildAuditIntake } from './audit-intake.ts';
import { buildAssetRoutes } from './assets.ts';
import { buildHealthRoutes, type ReadinessCheck } from './health.ts';
import { buildLogoRoutes } from './logos.ts';
import { buildSchoolDoor } from './school-door.ts';
import { buildLogResources } from './log-resources.ts';
import { buildModuleFacts } from './module-facts.ts';
import { buildPolicyRoutes } from './policies.ts';
import { openChanges } from '../distribution/changes.ts';
import { buildModuleDirectory } from './module-directory.ts';
import { buildOpenApiRoutes, openApiOptions } from './openapi.ts';
import { buildPortal } from './portal.ts';
import { buildCatalogueRoutes } from './catalogue.ts';
import { buildScimRoutes } from '../scim/routes.ts';
import { buildErrorHandler, buildNotFoundHandler } from './problem.ts';

const MAX_BODY_BYTES = 1_048_576;
/** What is being answered when the service is told to stop has so long to end. */
const GRACE_MS = 1_000;
/** A whole school often stands behind one address; guesses at passwords have their own, much lower, throttle. */
const MAX_REQUESTS_PER_MINUTE = 12_000;
/** What modules call, each request with a token that is verified first. */
const MODULE_DOORS = ['/access/v1/', '/audit/v1/', '/modules/v1/', '/scim/v2/'];

/** Builds the HTTP service around what was composed. It does not listen yet. */
export async function buildServer(
  socle: Socle,
  metrics: Registry,
  checks: readonly ReadinessCheck[],
): Promise<FastifyInstance> {
  const { config, log } = socle;
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 256 },
  });
  // long polls and kept connections of modules would hold the end up for more than a minute
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref();
  });
  const { assets } = socle;
  app.setErrorHandler(buildErrorHandler(log, assets));
  app.setNotFoundHandler(buildNotFoundHandler(assets));
  const headers = securityHeaders({ https: config.issuer.startsWith('https:') });
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(headers);
  });
  await app.register(rateLimit, {
    max: MAX_REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    allowList: isModuleCall,
  });
  await app.register(swagger, openApiOptions(config.issuer));

  await app.register(buildHealthRoutes(checks, metrics));
  await app.register(buildAssetRoutes(assets));
  await app.register(buildLogoRoutes(socle.database));
  await app.register(buildSchoolDoor(socle.database, config.issuer.startsWith('https:')));
  await app.register(socle.identity.routes);
  const changes = await openChanges(socle);
  app.addHook('preClose', () => changes.close());
  await app.register(buildPolicyRoutes({ policies: socle.policies, changes }));
  await app.register(buildModuleFacts({ ...socle, changes }));
  await app.register(buildAccessRoutes({ ...socle, issuer: config.issuer }));
  await app.register(buildAuditIntake(socle));
  await app.register(buildModuleDirectory(socle));
  await app.register(buildScimRoutes({ ...socle, issuer: config.issuer }));
  await app.register(buildLogResources(socle.database));
  await app.register(buildPortal(socle));
  await app.register(buildAccessibilityRoutes(socle));
  await app.register(buildAreas(socle));
  await app.register(buildOpenApiRoutes);
  if (config.isLocal) await app.register(buildCatalogueRoutes(assets));
  return app;
}

/** A module calls from one address for all of its people: they are what is limited, at the module's door. */
function isModuleCall(request: { readonly url: string }): boolean {
  return MODULE_DOORS.some((door) => request.url.startsWith(door));
}
