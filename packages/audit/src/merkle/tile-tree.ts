import { invariant } from '@socle/base';
import { EMPTY_ROOT, HASH_BYTES, hashChildren, hashPerfect } from './hash.ts';

/** Hashes a full tile holds (C2SP tlog-tiles: height 8). */
export const TILE_WIDTH = 256;

/** One tile, full or partial, as it must be stored. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256 hashes, end to end. */
  readonly hashes: Buffer;
}

/** The right edge of a tree in tiles: what is needed to add leaves and to compute the root. */
export interface TileTree {
  readonly size: number;
  /** Adds one leaf's hash. */
  add(leafHash: Buffer): void;
  /** The tiles that changed since the last call, each in its newest form. */
  takeChanged(): Tile[];
  /** Root hash of all leaves so far (RFC 6962 §2.1). */
  root(): Buffer;
}

/** Which tiles, by level and index, are partial in a tree of `size` leaves: those that `openTileTree` must be given. */
export function listPartialTiles(size: number): { level: number; index: number; width: number }[] {
  const partial: { level: number; index: number; width: number }[] = [];
  for (let level = 0, nodes = size; nodes > 0; level += 1, nodes = Math.floor(nodes / TILE_WIDTH)) {
    const width = nodes % TILE_WIDTH;
    if (width > 0) partial.push({ level, index: Math.floor(nodes / TILE_WIDTH), width });
  }
  return partial;
}

/**
 * Continues a tree of `size` leaves.
 *
 * @param partialTiles the tiles of `listPartialTiles(size)`; longer ones are cut, missing or shorter ones are a bug.
 */
export function openTileTree(size: number, partialTiles: readonly Tile[]): TileTree {
  let count = size;
  const edges: Buffer[][] = [];
  const changed = new Map<string, Tile>();
  for (const { level, index, width } of listPartialTiles(size)) {
    const tile = partialTiles.find((candidate) => candidate.level === level && candidate.index === index);
    invariant(
      tile && tile.hashes.length >= width * HASH_BYTES,
      'a tile of the audit log is missing or too short',
    );
    edges[level] = splitHashes(tile.hashes).slice(0, width);
  }
  const touched = new Set<number>();

  function indexAt(level: number): number {
    return Math.floor(count / TILE_WIDTH ** (level + 1));
  }

  function push(level: number, hash: Buffer): void {
    const edge = (edges[level] ??= []);
    edge.push(hash);
    if (edge.length < TILE_WIDTH) {
      touched.add(level);
      return;
    }
    // `count` already includes this leaf, so the tile that it completes is the one before
    const index = indexAt(level) - 1;
    changed.set(`${level}/${index}`, { level, index, hashes: Buffer.concat(edge) });
    touched.delete(level);
    edges[level] = [];
    push(level + 1, hashPerfect(edge));
  }

  return {
    get size() {
      return count;
    },
    add(leafHash) {
      count += 1;
      push(0, leafHash);
    },
    takeChanged() {
      const tiles = [...changed.values()];
      for (const level of touched) {
        tiles.push({ level, index: indexAt(level), hashes: Buffer.concat(edges[level]!) });
      }
      changed.clear();
      touched.clear();
      return tiles;
    },
    root() {
      // peaks from the smallest, rightmost, to the largest
      let root: Buffer | undefined;
      for (const edge of edges) {
        let end = edge?.length ?? 0;
        while (end > 0) {
          const width = end & -end;
          const peak = hashPerfect(edge.slice(end - width, end));
          root = root ? hashChildren(peak, root) : peak;
          end -= width;
        }
      }
      return root ?? EMPTY_ROOT;
    },
  };
}

/** The hashes of a tile, one by one. */
export function splitHashes(hashes: Buffer): Buffer[] {
  const split: Buffer[] = [];
  for (let start = 0; start < hashes.length; start += HASH_BYTES) {
    split.push(hashes.subarray(start, start + HASH_BYTES));
  }
  return split;
}
