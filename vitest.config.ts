import { defineConfig } from 'vitest/config';

/** Tests that walk through the running workspace: one territory for all of them. */
const onTheTerritory = [
  'test/flows/story-*.test.ts',
  'test/attacks/T-GRD-*.test.ts',
  'test/attacks/T-SVC-0[1-5]-*.test.ts',
];

const common = {
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 120_000,
  allowOnly: false,
  passWithNoTests: false,
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'rooms',
          globalSetup: ['./test/support/postgres-server.ts'],
          include: [
            'packages/*/src/**/*.test.ts',
            'services/*/src/**/*.test.ts',
            'test/{architecture,policies,flows,attacks}/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...onTheTerritory],
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'territory',
          globalSetup: ['./test/support/running-territory.ts'],
          include: onTheTerritory,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...common,
          name: 'faults',
          globalSetup: ['./test/support/postgres-server.ts'],
          include: ['test/faults/**/*.test.ts'],
          // each of these kills a whole workspace again and again
          testTimeout: 600_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
