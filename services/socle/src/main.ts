import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from './cli/command-line.ts';
import { needsSmallHeap, runWithSmallHeap } from './cli/small-heap.ts';

// Halves the time a command takes to begin. Beside the code and not in a folder that others may write to; where the place is
// read-only, Node goes on without.
enableCompileCache(fileURLToPath(new URL('../.compile-cache', import.meta.url)));

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
