import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openRootBuilder } from '@socle/audit/testing';
import type { Database } from '@socle/db';
import { expect } from 'vitest';

/** Looks at one log again and again; what it saw before must still be there. */
export interface LogCheck {
  /**
   * What must hold of a log at every moment, whatever was killed before: what was acknowledged is there, each event is in the
   * tree or waits, never both and never twice, the tree has no gap, it continues the tree of the last look, and its roots are
   * those that were signed and that the witness has seen.
   *
   * @returns the size of the tree, and how many checkpoints of the witness were compared so far.
   */
  requireWhole(
    admin: Database,
    acknowledged: readonly string[],
  ): Promise<{ readonly size: number; readonly witnessed: number }>;
}

/** Starts with an empty log. */
export function openLogCheck(witnessFile: string): LogCheck {
  const tree = openRootBuilder();
  let seenHashes = Buffer.alloc(0);
  let asked = 0;
  let witnessed = 0;

  return {
    async requireWhole(admin, acknowledged) {
      // first the witness, then the database: the log goes on meanwhile, and must contain what the witness has seen
      const text = await readFile(witnessFile, 'utf8').catch(() => '');
      const notes = text
        .split('\n')
        .filter((line) => line.endsWith('"}'))
        .map((line) => (JSON.parse(line) as { note: string }).note.split('\n'))
        .map(([, size, root]) => ({ size: Number(size), root: root! }));
      const { size, root } = await loadState(admin);
      // what was found before is found by the count of events, which only grows, and by the whole list at the end
      await requireEvents(admin, acknowledged.slice(Math.max(0, asked - 1_000)));
      asked = acknowledged.length;

      const tiles = await admin.query<{ hashes: Buffer }>(
        'SELECT hashes FROM audit.tile_view WHERE level = 0 ORDER BY tile_index',
      );
      const hashes = Buffer.concat(tiles.map((tile) => tile.hashes)).subarray(0, 32 * size);
      expect(hashes.length).toBe(32 * size);
      expect(digest(hashes.subarray(0, seenHashes.length))).toBe(digest(seenHashes));
      const fresh = new Map<number, string>();
      for (const note of notes.slice(witnessed)) {
        expect(note.size).toBeLessThanOrEqual(size);
        expect(fresh.get(note.size) ?? note.root).toBe(note.root);
        fresh.set(note.size, note.root);
      }
      const check = () => {
        const expected = fresh.get(tree.size);
        if (expected !== undefined) expect(tree.root().toString('base64')).toBe(expected);
        fresh.delete(tree.size);
      };
      check();
      while (tree.size < size) {
        tree.add(hashes.subarray(32 * tree.size, 32 * tree.size + 32));
        check();
      }
      if (size > 0) expect(tree.root().equals(root)).toBe(true);
      // left: those that another process handed over late, of sizes that were passed at the last look and compared then
      for (const late of fresh.keys()) expect(late).toBeLessThanOrEqual(seenHashes.length / 32);
      seenHashes = Buffer.from(hashes);
      witnessed = notes.length;
      return { size, witnessed };
    },
  };
}

async function loadState(admin: Database): Promise<{ size: number; root: Buffer }> {
  const [state] = await admin.query<{
    size: number;
    root: Buffer;
    leaves: number;
    highest: number | null;
    placed: number;
    both: number;
    neither: number;
  }>(
    `SELECT h.size, h.root, (SELECT count(*) FROM audit.leaves) AS leaves,
            (SELECT max(leaf_index) FROM audit.leaves) AS highest,
            (SELECT count(*) FROM audit.events e JOIN audit.leaves l ON l.event_id = e.id) AS placed,
            (SELECT count(*) FROM audit.pending p JOIN audit.leaves l ON l.event_id = p.event_id) AS both,
            (SELECT count(*) FROM audit.events e WHERE NOT EXISTS (SELECT FROM audit.leaves l WHERE l.event_id = e.id)
               AND NOT EXISTS (SELECT FROM audit.pending p WHERE p.event_id = e.id)) AS neither
     FROM audit.head h`,
  );
  const { size, root, leaves, highest, placed, both, neither } = state!;
  expect({ leaves, highest, placed, both, neither }).toEqual({
    leaves: size,
    highest: size === 0 ? null : size - 1,
    placed: size,
    both: 0,
    neither: 0,
  });
  return { size, root };
}

async function requireEvents(admin: Database, ids: readonly string[]): Promise<void> {
  const missing = await admin.query<{ id: string }>(
    'SELECT a.id FROM unnest($1::uuid[]) AS a(id) WHERE NOT EXISTS (SELECT FROM audit.events e WHERE e.id = a.id)',
    [ids],
  );
  expect(missing).toEqual([]);
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
