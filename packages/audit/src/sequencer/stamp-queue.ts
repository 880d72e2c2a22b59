import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseCheckpointText } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import { requestTimeStamp, type TimeStampOptions } from './time-stamp.ts';

export interface StampQueueOptions extends TimeStampOptions {
  /** Keeps `<size>.checkpoint` and, once stamped, `<size>.tsr`. Made when missing; belongs on another machine. */
  readonly folder: string;
}

/** What became of the queue. */
export interface StampReport {
  readonly stamped: number;
  /** Checkpoints that still wait; the next call tries them again. */
  readonly waiting: number;
}

/**
 * Queues a signed checkpoint in the folder and has an authority stamp every one that waits there, oldest first. The
 * folder is the queue: whatever fails, or is interrupted, waits for the next call. Stops at the first failure, since an
 * authority that is away is away for all.
 *
 * @throws AuditError `audit_log_empty` when the note is no checkpoint.
 */
export async function stampCheckpoint(note: string, options: StampQueueOptions): Promise<StampReport> {
  const checkpoint = parseCheckpointText(note);
  if (!checkpoint) {
    throw new AuditError('audit_log_empty', {
      status: 409,
      publicMessage: 'There is no checkpoint to stamp yet. Check that the sequencer runs, then try again.',
    });
  }
  const { folder } = options;
  await mkdir(folder, { recursive: true, mode: 0o750 });
  await writeWhole(folder, `${checkpoint.size}.checkpoint`, note);
  const names = new Set(await readdir(folder));
  const waiting = [...names]
    .flatMap((name) => /^(\d+)\.checkpoint$/.exec(name)?.[1] ?? [])
    .filter((size) => !names.has(`${size}.tsr`))
    .sort((a, b) => Number(a) - Number(b));
  let stamped = 0;
  for (const size of waiting) {
    try {
      const stamp = await requestTimeStamp(
        await readFile(path.join(folder, `${size}.checkpoint`), 'utf8'),
        options,
      );
      await writeWhole(folder, `${size}.tsr`, stamp);
      stamped += 1;
    } catch (error) {
      if (error instanceof AuditError) break;
      throw error;
    }
  }
  return { stamped, waiting: waiting.length - stamped };
}

async function writeWhole(folder: string, name: string, content: string | Buffer): Promise<void> {
  const draft = path.join(folder, `${name}.new`);
  await writeFile(draft, content, { mode: 0o640 });
  await rename(draft, path.join(folder, name));
}
