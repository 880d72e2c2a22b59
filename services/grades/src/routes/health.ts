import type { FastifyInstance } from 'fastify';

/** `/healthz` and `/readyz`: the names that the socle uses, beside those of the client library. */
export function addHealthAliases(app: FastifyInstance): void {
  for (const [alias, url] of [
    ['/healthz', '/health/live'],
    ['/readyz', '/health/ready'],
  ] as const) {
    if (app.hasRoute({ method: 'GET', url: alias })) continue;
    app.get(alias, async (_request, reply) => {
      const answer = await app.inject({ method: 'GET', url });
      return reply
        .code(answer.statusCode)
        .header('cache-control', 'no-store')
        .type('application/json')
        .send(answer.payload);
    });
  }
}
