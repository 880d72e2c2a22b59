// `npm run check`: format, lint, types, dead code. Each tool runs on the locked runtime; the first failure is
// reported and the others still run, so that one pass shows everything.
import { runSteps, type Step } from './steps.ts';

const steps: Step[] = [
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
      'vitest.config.ts',
      'vitest.browser.config.ts',
    ],
  },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'types (Node)', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types (browser)', command: 'tsc', args: ['-p', 'tsconfig.browser.json'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
];

process.exitCode = await runSteps(steps);
