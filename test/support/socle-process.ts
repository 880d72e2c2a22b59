// Serves the composed service in a process of its own, so that a test can kill it with no warning and start another.
import { systemClock } from '@socle/base';
import { buildServer, composeSocle, loadConfig, openMetrics } from '@socle/service';

/** What the process is told by its environment, as JSON. */
export interface SocleProcessOptions {
  readonly databaseUrl: string;
  readonly env: Readonly<Record<string, string>>;
  readonly repository: string;
  readonly port: number;
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

const given = process.env['SOCLE_PROCESS'];
if (given !== undefined && process.send) {
  const options = JSON.parse(given) as SocleProcessOptions;
  const socle = await composeSocle({
    config: loadConfig(options.env, options.repository),
    databaseUrl: options.databaseUrl,
    clock: systemClock,
    log: SILENT,
    policyWorlds: 500,
  });
  const app = await buildServer(socle, openMetrics(), []);
  await app.listen({ host: '127.0.0.1', port: options.port });
  process.send('ready');
}
