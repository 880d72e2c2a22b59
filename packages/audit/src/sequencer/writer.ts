import { invariant, type Clock } from '@socle/base';
import type { Queryable } from '@socle/db';
import { buildCheckpointText, signNote, type NoteSigner } from '../checkpoint.ts';
import { AuditError } from '../errors.ts';
import { listPartialTiles, openTileTree, type Tile, type TileTree } from '../merkle/tile-tree.ts';
import {
  claimHead,
  commitBatch,
  loadTile,
  settlePending,
  type Head,
  type PickedBatch,
} from './batch-store.ts';

/** The one who may write the tree, for as long as nobody else claims the fence. */
export interface TreeWriter {
  readonly head: Head;
  /**
   * Adds the picked events and signs the new head.
   *
   * @returns false when another writer has claimed the fence: nothing was written, and this writer is spent.
   */
  write(picked: PickedBatch): Promise<boolean>;
}

export interface TreeWriterOptions {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly signer: NoteSigner;
  readonly origin: string;
}

/**
 * Claims the fence and loads the tree's right edge.
 *
 * @throws AuditError `audit_log_inconsistent` when tiles and head do not belong together.
 */
export async function claimTree(options: TreeWriterOptions): Promise<TreeWriter> {
  const { database, signer } = options;
  let head = await claimHead(database);
  const tree = await loadTree(database, head);
  let spent = false;

  return {
    get head() {
      return head;
    },
    async write(picked) {
      invariant(!spent, 'a fenced-out writer of the tree was used again');
      if (picked.eventIds.length === 0) {
        if (picked.settledIds.length > 0) await settlePending(database, picked.settledIds);
        return true;
      }
      spent = true; // until the batch is known to be written: on an error in between, the tree here is ahead
      for (const leafHash of picked.leafHashes) tree.add(leafHash);
      const root = tree.root();
      const note = signNote(buildCheckpointText({ origin: options.origin, size: tree.size, root }), signer);
      const written = await commitBatch(database, {
        before: head,
        eventIds: picked.eventIds,
        settledIds: picked.settledIds,
        tiles: tree.takeChanged(),
        size: tree.size,
        root,
        note,
        at: options.clock.now(),
      });
      if (!written) return false;
      head = { ...head, size: tree.size, root, note };
      spent = false;
      return true;
    },
  };
}

async function loadTree(database: Queryable, head: Head): Promise<TileTree> {
  const tiles: Tile[] = [];
  for (const { level, index, width } of listPartialTiles(head.size)) {
    const hashes = await loadTile(database, level, index);
    if (!hashes || hashes.length < width * 32) throw inconsistent();
    tiles.push({ level, index, hashes });
  }
  const tree = openTileTree(head.size, tiles);
  if (!tree.root().equals(head.root)) throw inconsistent();
  return tree;
}

function inconsistent(): AuditError {
  return new AuditError('audit_log_inconsistent', {
    status: 503,
    publicMessage:
      'The audit log’s tiles do not give its root: it was altered or badly restored. Keep the database as it is, export it and run "socle audit verify".',
  });
}
