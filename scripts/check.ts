// `npm run check`: types, lint, format, dead code. Each tool runs on the locked runtime; the first failure is
// reported and the others still run, so that one pass shows everything.
import { CHECKS } from './checks.ts';
import { runSteps } from './steps.ts';

process.exitCode = await runSteps(CHECKS);
