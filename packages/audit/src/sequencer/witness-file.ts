import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { parseCheckpointText } from '../checkpoint.ts';

/** One line of a witness file. */
interface WitnessLine {
  /** When the witness received it: ISO 8601, UTC. */
  readonly at: string;
  readonly note: string;
}

/** The newest checkpoint of a witness file. */
export interface KeptCheckpoint {
  readonly size: number;
  readonly root: Buffer;
  /** When it was received. */
  readonly at: Date;
}

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * Appends a signed checkpoint to the witness file and waits until it is on disk. The file only grows; keep it on
 * another machine (a mount, an append-only volume) for it to prove anything against this one.
 */
export async function appendWitness(file: string, note: string, at: Date): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o750 });
  const handle = await open(file, 'a+', 0o640);
  let isNew: boolean;
  try {
    const { size } = await handle.stat();
    isNew = size === 0;
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // a line that was cut short by a crash is closed, so that it spoils only itself
    const separator = size > 0 && last[0] !== LINE_FEED ? '\n' : '';
    await handle.appendFile(
      `${separator}${JSON.stringify({ at: at.toISOString(), note } satisfies WitnessLine)}\n`,
    );
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (isNew) await syncFolder(path.dirname(file));
}

/** The last whole checkpoint of a witness file, or undefined when there is none. Reads the file from its end. */
export async function loadLastWitness(file: string): Promise<KeptCheckpoint | undefined> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return undefined;
  try {
    return await findLast(handle);
  } finally {
    await handle.close();
  }
}

async function findLast(handle: FileHandle): Promise<KeptCheckpoint | undefined> {
  let start = (await handle.stat()).size;
  let rest: Buffer = Buffer.alloc(0);
  while (start > 0) {
    const length = Math.min(CHUNK_BYTES, start);
    start -= length;
    const piece = Buffer.alloc(length);
    await handle.read(piece, 0, length, start);
    const text = Buffer.concat([piece, rest]);
    const lines = text.toString('utf8').split('\n');
    const whole = start > 0 ? lines.slice(1) : lines;
    for (const line of whole.reverse()) {
      const found = parseLine(line);
      if (found) return found;
    }
    const firstEnd = text.indexOf(LINE_FEED);
    rest = firstEnd < 0 ? text : text.subarray(0, firstEnd + 1);
  }
  return undefined;
}

function parseLine(line: string): KeptCheckpoint | undefined {
  try {
    const { at, note } = JSON.parse(line) as WitnessLine;
    const checkpoint = parseCheckpointText(note);
    return checkpoint ? { size: checkpoint.size, root: checkpoint.root, at: new Date(at) } : undefined;
  } catch {
    return undefined; // an empty or torn line
  }
}

/** A file's name is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
