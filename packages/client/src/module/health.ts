import type { FastifyInstance } from 'fastify';
import type { ModuleParts } from './module.ts';

/**
 * `/healthz`: the process answers. `/readyz`: its database answers and the socle's address is known; 503
 * otherwise, with which of the two. `/metrics`: counts for Prometheus (text format 0.0.4), to be kept from the public
 * by the proxy.
 */
export function addHealthRoutes(app: FastifyInstance, { client, database }: ModuleParts): void {
  app.get('/healthz', async () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const [databaseReady, socleReady] = await Promise.all([
      database.query('SELECT 1').then(isTrue, isFalse),
      client.checkSocle().then(isTrue, isFalse),
    ]);
    const ready = databaseReady && socleReady;
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready, database: databaseReady, socle: socleReady });
  });

  app.get('/metrics', async (_request, reply) => {
    const outbox = await client.audit.status();
    const pool = database.usage();
    const decisions = client.decisionStatus();
    const lines = [
      ...gauge('socle_client_outbox_waiting', 'Audit events not yet acknowledged.', outbox.waiting),
      ...gauge('socle_client_outbox_refused', 'Audit events that the socle refused.', outbox.refused),
      ...gauge(
        'socle_client_outbox_oldest_seconds',
        'Age of the oldest waiting audit event.',
        outbox.oldestWaitingSeconds,
      ),
      ...gauge('socle_client_decisions_local', 'Decisions taken in this process.', decisions.local),
      ...gauge('socle_client_decisions_remote', 'Decisions asked of the socle.', decisions.remote),
      ...gauge('socle_client_policies_number', 'Bundle of policies in force here.', decisions.policies),
      ...gauge(
        'socle_client_policies_refused',
        'Bundles refused; raise the alarm.',
        decisions.policiesRefused,
      ),
      ...gauge('socle_client_database_connections', 'Open database connections.', pool.total),
      ...gauge('socle_client_database_waiting', 'Callers that wait for a database connection.', pool.waiting),
    ];
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${lines.join('\n')}\n`);
  });
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

const isTrue = () => true;
const isFalse = () => false;
