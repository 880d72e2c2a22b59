import { invariant } from '@socle/base';
import { HASH_BYTES, hashChildren, hashPerfect } from './hash.ts';
import { splitHashes, TILE_WIDTH } from './tile-tree.ts';

/** Gives the hashes of one tile, at least `width` of them. */
export type TileReader = (level: number, index: number, width: number) => Promise<Buffer>;

/**
 * The audit path of leaf `index` in the tree of `size` leaves, from the leaf's sibling upwards (RFC 6962 §2.1.1).
 *
 * @throws RangeError when the tree has no such leaf.
 */
export async function buildInclusionProof(
  size: number,
  index: number,
  readTile: TileReader,
): Promise<Buffer[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('the tree has no such leaf');
  return path(index, 0, size, cachedReader(size, readTile));
}

/**
 * Proof that the tree of `newSize` leaves begins with the tree of `oldSize` (RFC 6962 §2.1.2). Empty when the two
 * are equal or the older is empty.
 *
 * @throws RangeError when `oldSize` exceeds `newSize`.
 */
export async function buildConsistencyProof(
  oldSize: number,
  newSize: number,
  readTile: TileReader,
): Promise<Buffer[]> {
  if (!(oldSize >= 0 && oldSize <= newSize)) throw new RangeError('the older tree is larger than the newer');
  if (oldSize === 0 || oldSize === newSize) return [];
  return subproof(oldSize, 0, newSize, true, cachedReader(newSize, readTile));
}

/** Root hash of the first `size` leaves, read from tiles. */
export async function loadRoot(size: number, readTile: TileReader): Promise<Buffer> {
  invariant(size > 0, 'the empty tree has no tiles');
  return rangeHash(0, size, cachedReader(size, readTile));
}

type NodeReader = (level: number, index: number) => Promise<Buffer>;

async function path(leaf: number, start: number, end: number, node: NodeReader): Promise<Buffer[]> {
  if (end - start === 1) return [];
  const middle = start + splitPoint(end - start);
  return leaf < middle
    ? [...(await path(leaf, start, middle, node)), await rangeHash(middle, end, node)]
    : [...(await path(leaf, middle, end, node)), await rangeHash(start, middle, node)];
}

async function subproof(
  oldEnd: number,
  start: number,
  end: number,
  complete: boolean,
  node: NodeReader,
): Promise<Buffer[]> {
  if (oldEnd === end) return complete ? [] : [await rangeHash(start, end, node)];
  const middle = start + splitPoint(end - start);
  return oldEnd <= middle
    ? [...(await subproof(oldEnd, start, middle, complete, node)), await rangeHash(middle, end, node)]
    : [...(await subproof(oldEnd, middle, end, false, node)), await rangeHash(start, middle, node)];
}

/** Hash of the leaves from `start` to `end`, which is a subtree of the whole: `start` is a multiple of its width. */
async function rangeHash(start: number, end: number, node: NodeReader): Promise<Buffer> {
  const width = end - start;
  const level = Math.log2(width);
  if (Number.isInteger(level)) return node(level, start / width);
  const middle = start + splitPoint(width);
  return hashChildren(await rangeHash(start, middle, node), await rangeHash(middle, end, node));
}

/** The largest power of two below `width`. */
function splitPoint(width: number): number {
  return 2 ** Math.floor(Math.log2(width - 1));
}

/** Hashes of perfect subtrees, from tiles that are read once. */
function cachedReader(size: number, readTile: TileReader): NodeReader {
  const tiles = new Map<string, Promise<Buffer>>();
  return async (level, index) => {
    const tileLevel = Math.floor(level / 8);
    const perNode = 2 ** (level - tileLevel * 8);
    const first = index * perNode;
    const tileIndex = Math.floor(first / TILE_WIDTH);
    const nodesAtLevel = Math.floor(size / TILE_WIDTH ** tileLevel);
    const width = Math.min(TILE_WIDTH, nodesAtLevel - tileIndex * TILE_WIDTH);
    const key = `${tileLevel}/${tileIndex}`;
    if (!tiles.has(key)) tiles.set(key, readTile(tileLevel, tileIndex, width));
    const hashes = await tiles.get(key)!;
    invariant(hashes.length >= width * HASH_BYTES, 'a tile of the audit log is too short');
    const offset = first % TILE_WIDTH;
    return hashPerfect(splitHashes(hashes.subarray(offset * HASH_BYTES, (offset + perNode) * HASH_BYTES)));
  };
}
