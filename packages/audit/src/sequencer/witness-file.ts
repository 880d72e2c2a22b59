import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseCheckpointText } from '../checkpoint.ts';

/** One line of a witness file. */
interface WitnessLine {
  /** When the witness received it: ISO 8601, UTC. */
  readonly at: string;
  readonly note: string;
}

/**
 * Appends a signed checkpoint to the witness file and waits until it is on disk. The file only grows; keep it on
 * another machine (a mount, an append-only volume) for it to prove anything against this one.
 */
export async function appendWitness(file: string, note: string, at: Date): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o750 });
  const handle = await open(file, 'a+', 0o640);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // a line that was cut short by a crash is closed, so that it spoils only itself
    const separator = size > 0 && last[0] !== 0x0a ? '\n' : '';
    await handle.write(
      `${separator}${JSON.stringify({ at: at.toISOString(), note } satisfies WitnessLine)}\n`,
    );
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The last whole checkpoint of a witness file, or undefined when there is none. */
export async function loadLastWitness(file: string): Promise<{ size: number; root: Buffer } | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  for (const line of text.split('\n').reverse()) {
    try {
      const checkpoint = parseCheckpointText((JSON.parse(line) as WitnessLine).note);
      if (checkpoint) return checkpoint;
    } catch {
      // an empty or torn line
    }
  }
  return undefined;
}
