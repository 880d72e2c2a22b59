import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { generateAaf } from '@socle/directory';
import { runSocle } from '../test/support/command-line.ts';
import type { BenchResult } from './result.ts';

const PUPILS = Number(process.env.IMPORT_MEMORY_PUPILS ?? 74_000);
const PROGRAM = path.resolve(import.meta.dirname, '../services/socle/src/main.ts');

/** `socle import aaf` of a feed of about 300 MB, as an operator runs it: people a second and the most memory it took. */
export async function run(): Promise<BenchResult[]> {
  const root = await mkdtemp('/tmp/socle-bench-memory-');
  await chmod(root, 0o755);
  const env = { PATH: process.env.PATH ?? '', SOCLE_DATA_DIR: root, SOCLE_LOG_LEVEL: 'silent' };
  const folder = path.join(root, 'feed');
  try {
    const date = new Date('2026-09-01');
    const { counts } = await generateAaf({ folder, pupils: PUPILS, schools: 120, seed: 'memory', date });
    await runSocle(env, ['migrate']);
    const people = counts.pupils + counts.relatives + counts.staff;
    const sizes = await Promise.all(
      (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size),
    );
    const startedAt = performance.now();
    const peakKib = await importAndWatch(env, folder);
    const seconds = (performance.now() - startedAt) / 1000;
    return [
      { name: 'feed', value: sizes.reduce((sum, size) => sum + size, 0) / 1e6, unit: 'MB' },
      { name: 'people', value: people, unit: '' },
      { name: 'first import, whole command', value: people / seconds, unit: 'people/s' },
      { name: 'peak resident memory', value: (peakKib * 1024) / 1e6, unit: 'MB', target: '≤ 256' },
    ];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Runs the import and gives the most that one of its Node processes held, in KiB (VmHWM). */
async function importAndWatch(env: Record<string, string>, folder: string): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, 'import', 'aaf', folder, '--json'], {
    env,
    stdio: 'ignore',
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let peak = 0;
  const timer = setInterval(() => void watch(child.pid!).then((kib) => (peak = Math.max(peak, kib))), 200);
  const code = await exited;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the import ended with code ${code}`);
  return peak;
}

async function watch(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''))
    .split(' ')
    .filter(Boolean);
  const figures = await Promise.all([String(pid), ...children].map(readPeak));
  return Math.max(...figures);
}

/** PostgreSQL runs as a child too; only Node's processes count. */
async function readPeak(pid: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  if (!/^Name:\s+(node|MainThread)/m.test(status)) return 0;
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}
