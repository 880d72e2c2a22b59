import type { FastifyPluginAsync } from 'fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { ServiceError } from '../errors.ts';

/** Something readiness depends on. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when it works; what it throws makes the service not ready. */
  check(): Promise<void>;
}

/** Opens a registry with the process's own figures (memory, event loop lag, CPU). */
export function openMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * `/healthz`: this process answers. `/readyz`: it can serve, that is, each of `checks` passes. `/metrics`:
 * Prometheus text. None carries personal data.
 */
export function buildHealthRoutes(checks: readonly ReadinessCheck[], metrics: Registry): FastifyPluginAsync {
  return async (app) => {
    app.get('/healthz', async () => ({ status: 'ok' }));

    app.get('/readyz', async () => {
      const results = await Promise.all(
        checks.map(async ({ name, check }) => {
          const failed = await check().then(
            () => false,
            () => true,
          );
          return { name, failed };
        }),
      );
      const down = results.filter((result) => result.failed).map((result) => result.name);
      if (down.length > 0) {
        throw new ServiceError('not_ready', {
          status: 503,
          publicMessage: `Not ready: ${down.join(', ')}.`,
          details: { down },
        });
      }
      return { status: 'ready', checks: results.map((result) => result.name) };
    });

    app.get('/metrics', async (_request, reply) => {
      void reply.type(metrics.contentType);
      return metrics.metrics();
    });
  };
}
