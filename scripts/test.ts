// `npm test`: the checks of `npm run check`, then every test that needs no browser, on one throw-away PostgreSQL.
import { CHECKS } from './checks.ts';
import { runSteps } from './steps.ts';

process.exitCode = await runSteps([
  ...CHECKS,
  { name: 'tests', command: 'vitest', args: ['run', ...process.argv.slice(2)] },
]);
