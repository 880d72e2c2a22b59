// `npm run test:browser`: the stories in a real Chromium. Says how to install it where it is missing.
import { existsSync } from 'node:fs';
import { runSteps } from './steps.ts';

const chromium = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
if (!existsSync(chromium)) {
  console.error(
    `The browser tests need Chromium at ${chromium}: "apt-get install chromium", or name another with CHROMIUM_PATH.`,
  );
  process.exit(3);
}
process.exitCode = await runSteps([
  {
    name: 'browser tests',
    command: 'vitest',
    args: ['run', '--config', 'vitest.browser.config.ts', ...process.argv.slice(2)],
    env: { CHROMIUM_PATH: chromium },
  },
]);
