// `npm run test:kill-points`: the faults of the audit log in full, as before a release: 200 kills of writers and sequencers, 200
// of a module, transactions of 30 seconds, every bit of a small log. Some ten minutes.
import { runSteps } from './steps.ts';

process.exitCode = await runSteps([
  {
    name: 'faults of the audit log, in full',
    command: 'vitest',
    args: [
      'run',
      'test/faults/audit-',
      'test/faults/client-outbox-kill',
      'packages/audit/src/verifier/verify-export.test.ts',
    ],
    env: { SOCLE_KILL_POINTS: '200', SOCLE_LONG_TRANSACTION_MS: '30000', SOCLE_EVERY_BIT: '1' },
  },
]);
