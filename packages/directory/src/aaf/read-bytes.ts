import { open } from 'node:fs/promises';

/**
 * The bytes of a file, through two buffers that are used again: each chunk must be done with before the next is asked for,
 * and the one after it is read meanwhile. So memory stays flat, where a stream leaves a trail of buffers for the collector.
 */
export async function* readBytes(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
  const handle = await open(path);
  const read = async (turn: number) => {
    const buffer = buffers[turn % 2 === 0 ? 0 : 1];
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
    return buffer.subarray(0, bytesRead);
  };
  let next = read(0);
  try {
    for (let turn = 1; ; turn += 1) {
      const chunk = await next;
      if (chunk.length === 0) return;
      next = read(turn);
      // Whoever awaits it next gets the failure; until then it must not count as unhandled.
      next.catch(() => undefined);
      yield chunk;
    }
  } finally {
    // Left early, a read may still be under way.
    await next.catch(() => undefined);
    await handle.close();
  }
}
