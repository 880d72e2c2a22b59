import process from 'node:process';
import { ClientError, loadModuleConfig, runModule, type ModuleConfig } from '@socle/client';
import { pino } from 'pino';
import { buildModuleOptions, configDefaults } from './start-grades.ts';

const config = readConfig();
if (config)
  await runModule(buildModuleOptions(config, pino({ level: config.logLevel, base: { module: 'grades' } })));

/** The configuration, or undefined after one line that says what is wrong. */
function readConfig(): ModuleConfig | undefined {
  try {
    return loadModuleConfig(process.env, configDefaults);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    process.stderr.write(`${error.publicMessage}\n`);
    process.exitCode = 2;
    return undefined;
  }
}
