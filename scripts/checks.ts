import type { Step } from './steps.ts';

const FORMATTED = [
  'packages',
  'services',
  'test',
  'bench',
  'scripts',
  'docs/examples',
  'vitest.config.ts',
  'vitest.browser.config.ts',
];

/** What is true of the code before a test runs: types, lint, format, and no dead code. */
export const CHECKS: readonly Step[] = [
  { name: 'types (Node)', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types (browser)', command: 'tsc', args: ['-p', 'tsconfig.browser.json'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', command: 'biome', args: ['format', '--error-on-warnings', ...FORMATTED] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
];
