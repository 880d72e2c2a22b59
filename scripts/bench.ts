// `npm run bench [name …]`: runs every bench/*.ts that exports `run`, one after the other in a process of its own,
// and prints a table and one JSON document (bench/last.json is not kept in git).
import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { BenchResult } from '../bench/result.ts';

const wanted = process.argv.slice(2);
const files = (await readdir('bench'))
  .filter((file) => file.endsWith('.ts') && file !== 'result.ts')
  .filter((file) => wanted.length === 0 || wanted.includes(path.basename(file, '.ts')))
  .sort();
if (files.length === 0) {
  console.error(`no benchmark of that name; there are: ${(await readdir('bench')).join(', ')}`);
  process.exit(2);
}

const report: Record<string, BenchResult[]> = {};
for (const file of files) {
  console.error(`running bench/${file} …`);
  report[path.basename(file, '.ts')] = await runAlone(file);
}
const machine = {
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const document = { at: new Date().toISOString(), machine, results: report };
await mkdir('var', { recursive: true });
await writeFile('var/bench.json', `${JSON.stringify(document, null, 2)}\n`);
console.log(JSON.stringify(document));
const rows = Object.entries(report).flatMap(([bench, results]) =>
  results.map((result) => ({
    bench,
    measure: result.name,
    value: Number(result.value.toPrecision(4)),
    unit: result.unit,
    target: result.target ?? '',
  })),
);
console.table(rows);

function runAlone(file: string): Promise<BenchResult[]> {
  const program = `const { run } = await import('./bench/${file}'); process.send(await run()); process.disconnect();`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let results: BenchResult[] | undefined;
    child.once('message', (message) => (results = message as BenchResult[]));
    child.once('exit', (code) =>
      results ? resolve(results) : reject(new Error(`bench/${file} ended with code ${code} and no result`)),
    );
  });
}
