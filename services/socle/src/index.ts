export { runCommandLine } from './cli/command-line.ts';
export { composeSequencer, composeSocle, type ComposeOptions, type Socle } from './compose.ts';
export { loadConfig, type Config } from './config.ts';
export { factorDemandOf } from './factor-demand.ts';
export { openMetrics } from './http/health.ts';
export { buildServer } from './http/server.ts';
export { migrationSets } from './migration-sets.ts';
export { registerScimClient } from './scim/register-client.ts';
export { registerModule } from './modules/register-module.ts';
