import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateAaf } from '@socle/directory';
import type { BenchResult } from './result.ts';

const PUPILS = 60_000;

/** Writing synthetic AAF files: how fast, and in how much memory. */
export async function run(): Promise<BenchResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-bench-generate-'));
  try {
    const startedAt = performance.now();
    const { files } = await generateAaf({
      folder: path.join(folder, 'feed'),
      schools: 120,
      pupils: PUPILS,
      seed: 'bench',
      date: new Date('2026-09-01'),
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const megabytes = files.reduce((sum, file) => sum + file.bytes, 0) / 1e6;
    return [
      { name: `feed of ${PUPILS} pupils`, value: megabytes, unit: 'MB' },
      { name: 'written', value: megabytes / seconds, unit: 'MB/s', target: '≥ 50' },
      { name: 'pupils written', value: PUPILS / seconds, unit: '1/s' },
      {
        name: 'peak resident memory',
        value: process.resourceUsage().maxRSS / 1024,
        unit: 'MiB',
        target: '≤ 256',
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
