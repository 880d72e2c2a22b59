import { hash } from 'node:crypto';

// Written from RFC 6962 and RFC 9162 alone: this folder shares no line with the tree that it checks.

/** The root of the tree without leaves: the hash of nothing. */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

/** Hash of a leaf: SHA-256(0x00 ‖ entry), RFC 9162 §2.1.1. */
export function leafHash(entry: Buffer): Buffer {
  const input = Buffer.allocUnsafe(entry.length + 1);
  input[0] = 0x00;
  entry.copy(input, 1);
  return hash('sha256', input, 'buffer');
}

const node = Buffer.alloc(65, 0x01);

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 9162 §2.1.1. */
function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(node, 1);
  right.copy(node, 33);
  return hash('sha256', node, 'buffer');
}

/** The same on hashes as text of one character a byte, which cost a quarter of what buffers cost. */
function nodeText(left: string, right: string): string {
  node.write(left, 1, 'latin1');
  node.write(right, 33, 'latin1');
  return hash('sha256', node, 'binary');
}

/** Computes the root of leaves given one by one, keeping one hash a level. */
export interface RootBuilder {
  readonly size: number;
  add(leaf: Buffer): void;
  /** The root of the leaves so far. */
  root(): Buffer;
}

/** Starts an empty tree. */
export function openRootBuilder(): RootBuilder {
  const peaks: (string | undefined)[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(leaf) {
      size += 1;
      let carried = leaf.toString('latin1');
      let level = 0;
      for (let left = peaks[0]; left !== undefined; left = peaks[level]) {
        carried = nodeText(left, carried);
        peaks[level] = undefined;
        level += 1;
      }
      peaks[level] = carried;
    },
    root() {
      let root: string | undefined;
      for (const peak of peaks)
        if (peak !== undefined) root = root === undefined ? peak : nodeText(peak, root);
      return root === undefined ? EMPTY_ROOT : Buffer.from(root, 'latin1');
    },
  };
}

/** True when `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with this root: RFC 9162 §2.1.3.2. */
export function checkInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0 || p.length !== 32) return false;
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      r = nodeHash(r, p);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && r.equals(root);
}

/** True when `proof` shows that the tree `second` begins with the tree `first`: RFC 9162 §2.1.4.2. */
export function checkConsistency(
  first: { readonly size: number; readonly root: Buffer },
  second: { readonly size: number; readonly root: Buffer },
  proof: readonly Buffer[],
): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return proof.length === 0 && first.root.equals(second.root);
  if (first.size === 0) return proof.length === 0 && first.root.equals(EMPTY_ROOT);
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof;
  if (path.length === 0 || path.some((hashOfPath) => hashOfPath.length !== 32)) return false;
  let fn = first.size - 1;
  let sn = second.size - 1;
  while (isOdd(fn)) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr = path[0]!;
  let sr = path[0]!;
  for (const c of path.slice(1)) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (!isOdd(fn) && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      sr = nodeHash(sr, c);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && fr.equals(first.root) && sr.equals(second.root);
}

// Sizes may exceed 32 bits, where JavaScript's bit operators go wrong.
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
