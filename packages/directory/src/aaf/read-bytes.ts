import { open } from 'node:fs/promises';

/**
 * The bytes of a file, through one buffer that is used again: each chunk must be done with before the next is asked for.
 * So memory stays flat, where a stream leaves a trail of buffers for the collector.
 */
export async function* readBytes(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const handle = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
