import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';

/** One file of an export while it is written; its digest is kept on the way. */
export interface ExportFile {
  readonly bytes: number;
  write(piece: Uint8Array): Promise<void>;
  /** Flushes to the disk and closes. */
  finish(): Promise<{ bytes: number; sha256: string }>;
  close(): Promise<void>;
}

/** Makes a file of the export, mode 0600. Fails when it is there already. */
export async function makeFile(folder: string, name: string): Promise<ExportFile> {
  return openFile(path.join(folder, name), 'wx', 0);
}

/** Goes on with a file after its first `bytes` bytes; what stands after them is cut off. Undefined when it is shorter. */
export async function continueFile(
  folder: string,
  name: string,
  bytes: number,
): Promise<ExportFile | undefined> {
  const file = path.join(folder, name);
  const found = await stat(file).catch(() => undefined);
  return found && found.size >= bytes ? openFile(file, 'r+', bytes) : undefined;
}

async function openFile(file: string, flags: string, kept: number): Promise<ExportFile> {
  const digest = createHash('sha256');
  const handle = await open(file, flags, 0o600);
  let bytes = kept;
  if (kept > 0)
    for await (const chunk of createReadStream(file, { end: kept - 1 })) digest.update(chunk as Buffer);
  if (flags === 'r+') await handle.truncate(kept);
  return {
    get bytes() {
      return bytes;
    },
    async write(piece) {
      digest.update(piece);
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await handle.write(piece, done, piece.length - done, bytes + done);
        done += bytesWritten;
      }
      bytes += piece.length;
    },
    async finish() {
      await handle.sync();
      await handle.close();
      return { bytes, sha256: digest.digest('hex') };
    },
    close: () => handle.close(),
  };
}
