// `npm test`: types, lint, then every test that needs no browser, on one throw-away PostgreSQL.
import { runSteps } from './steps.ts';

process.exitCode = await runSteps([
  { name: 'types (Node)', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types (browser)', command: 'tsc', args: ['-p', 'tsconfig.browser.json'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  {
    name: 'format',
    command: 'biome',
    args: [
      'format',
      '--error-on-warnings',
      'packages',
      'services',
      'test',
      'bench',
      'scripts',
      'docs/examples',
    ],
  },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'tests', command: 'vitest', args: ['run', ...process.argv.slice(2)] },
]);
