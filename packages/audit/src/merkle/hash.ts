import { hash } from 'node:crypto';

/** Bytes of a hash of the tree (SHA-256). */
export const HASH_BYTES = 32;

const LEAF_PREFIX = Buffer.from([0]);
const NODE_BYTES = 1 + 2 * HASH_BYTES;

/** The root of the tree without leaves (RFC 6962 §2.1). */
export const EMPTY_ROOT = hash('sha256', '', 'buffer');

/** Hash of a leaf (RFC 6962 §2.1): SHA-256 of 0x00 and the entry. */
export function hashLeaf(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF_PREFIX, entry]), 'buffer');
}

/** Hash of an inner node (RFC 6962 §2.1): SHA-256 of 0x01 and its two children. */
export function hashChildren(left: Buffer, right: Buffer): Buffer {
  const node = Buffer.allocUnsafe(NODE_BYTES);
  node[0] = 1;
  left.copy(node, 1);
  right.copy(node, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

/** Root of a perfect subtree whose `hashes` (a power of two of them) stand side by side. */
export function hashPerfect(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    const parents: Buffer[] = [];
    for (let index = 0; index < row.length; index += 2)
      parents.push(hashChildren(row[index]!, row[index + 1]!));
    row = parents;
  }
  return row[0]!;
}
