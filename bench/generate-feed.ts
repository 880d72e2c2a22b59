import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BenchResult } from './result.ts';

/** Pupils of each feed; `GENERATE_PUPILS=10000,100000,1000000` for the largest, which writes 4.3 GB. */
const SIZES = (process.env['GENERATE_PUPILS'] ?? '10000,100000').split(',').map(Number);
const SCHOOLS = 1_500;

interface Written {
  readonly seconds: number;
  readonly megabytes: number;
  readonly peakMib: number;
  /** What the collector leaves at each fifth of the way, in MB. */
  readonly live: readonly number[];
}

/** Writing synthetic AAF files of the same schools and ever more pupils: how fast, and in how much memory. */
export async function run(): Promise<BenchResult[]> {
  const root = await mkdtemp(path.join(tmpdir(), 'socle-bench-generate-'));
  try {
    const results: BenchResult[] = [];
    const lives: number[] = [];
    for (const pupils of SIZES) {
      const written = await generate(path.join(root, String(pupils)), pupils);
      await rm(path.join(root, String(pupils)), { recursive: true, force: true });
      if (written.live.length < 3) throw new Error('the generator told too little of its way');
      lives.push(Math.max(...written.live));
      results.push(
        { name: `${pupils} pupils`, value: written.megabytes, unit: 'MB' },
        { name: 'written', value: written.megabytes / written.seconds, unit: 'MB/s', target: '≥ 50' },
        { name: 'most that the collector leaves', value: lives.at(-1)!, unit: 'MB' },
        { name: 'peak resident memory', value: written.peakMib, unit: 'MiB' },
      );
    }
    return [
      ...results,
      {
        name: `memory left by the collector, ${SIZES.at(-1)} ÷ ${SIZES[0]} pupils`,
        value: lives.at(-1)! / lives[0]!,
        unit: 'ratio',
        target: '≤ 1.5',
      },
    ];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** In a process of its own, so that each size starts without garbage. */
async function generate(folder: string, pupils: number): Promise<Written> {
  const options = { folder, pupils, schools: SCHOOLS, seed: 'bench' };
  const program = `import { generateAaf } from '@socle/directory';
    const live = [];
    const startedAt = performance.now();
    const { files } = await generateAaf({ ...${JSON.stringify(options)}, date: new Date('2026-09-01'),
      onProgress({ pupils, totalPupils }) {
        if (pupils / totalPupils < (live.length + 1) / 5) return;
        globalThis.gc();
        const { heapUsed, external } = process.memoryUsage();
        live.push((heapUsed + external) / 1e6);
      } });
    console.log(JSON.stringify({ live, seconds: (performance.now() - startedAt) / 1000,
      megabytes: files.reduce((sum, file) => sum + file.bytes, 0) / 1e6, peakMib: process.resourceUsage().maxRSS / 1024 }));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    '--input-type=module-typescript',
    '-e',
    program,
  ]);
  return JSON.parse(stdout) as Written;
}
