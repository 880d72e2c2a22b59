import { fileURLToPath } from 'node:url';
import { runCommandLine } from './cli/command-line.ts';
import { needsSmallHeap, runWithSmallHeap } from './cli/small-heap.ts';

const args = process.argv.slice(2);
process.exitCode = needsSmallHeap(args, process.execArgv)
  ? await runWithSmallHeap(fileURLToPath(import.meta.url), args)
  : await runCommandLine(args, {
      stdout: (text) => process.stdout.write(text),
      stderr: (text) => process.stderr.write(text),
      env: process.env,
    });
// the launcher's channel would keep a service alive that has nothing left to do
if (process.connected) process.disconnect();
