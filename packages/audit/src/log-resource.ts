import type { Queryable } from '@socle/db';
import { TILE_WIDTH } from './merkle/tile-tree.ts';
import { loadHead, loadTile } from './sequencer/batch-store.ts';

/** What is served at one address of the public log. No personal data is in it. */
export interface LogResource {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

const TILE_PATH = /^tile\/(entries|0|[1-7])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Finds what stands at `path` (C2SP tlog-tiles), with or without `/audit/` before it: `checkpoint`, `tile/<level>/<index>[.p/<width>]`,
 * `tile/entries/<index>[.p/<width>]`. Undefined for any other path, and for tiles that the tree does not have yet.
 */
export async function findLogResource(database: Queryable, path: string): Promise<LogResource | undefined> {
  const name = path.replace(/^\/(?:audit\/)?/, '');
  if (name === 'checkpoint') {
    const { note, size } = await loadHead(database);
    if (size === 0) return undefined;
    return {
      body: Buffer.from(note, 'utf8'),
      contentType: 'text/plain; charset=utf-8',
      cacheControl: 'no-cache',
    };
  }
  const match = TILE_PATH.exec(name);
  if (!match) return undefined;
  const [, level = '', number = '', partial] = match;
  const index = parseTileIndex(number);
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (index === undefined || (partial !== undefined && width >= TILE_WIDTH)) return undefined;
  const body =
    level === 'entries'
      ? await loadEntries(database, index, width)
      : await loadHashes(database, Number(level), index, width);
  return body && { body, contentType: 'application/octet-stream', cacheControl: FOREVER };
}

/** `x001/x234/067` is 1 234 067: only the last group stands without an x, and there are no needless zeros. */
function parseTileIndex(text: string): number | undefined {
  const groups = text.split('/');
  if (groups.length > 5 || (groups.length > 1 && groups[0] === 'x000')) return undefined;
  const index = Number(groups.map((group) => group.replace('x', '')).join(''));
  return Number.isSafeInteger(index) ? index : undefined;
}

async function loadHashes(database: Queryable, level: number, index: number, width: number) {
  const hashes = await loadTile(database, level, index);
  return hashes && hashes.length >= width * 32 ? hashes.subarray(0, width * 32) : undefined;
}

/** Entries, each after its length in two bytes, big-endian. Undefined when one was lost. */
async function loadEntries(database: Queryable, index: number, width: number): Promise<Buffer | undefined> {
  const rows = await database.query<{ entry: Buffer | null }>(
    'SELECT entry FROM audit.entry_view WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index',
    [index * TILE_WIDTH, index * TILE_WIDTH + width],
  );
  if (rows.length < width || rows.some((row) => row.entry === null)) return undefined;
  return Buffer.concat(
    rows.flatMap(({ entry }) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry!.length);
      return [length, entry!];
    }),
  );
}
