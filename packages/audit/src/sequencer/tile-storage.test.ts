import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { migrate } from '@socle/db';
import { openTestDatabase } from '@socle/db/testing';
import { describe, expect, it } from 'vitest';
import { migrations } from '../index.ts';
import { buildSampleEvent, openTestLog } from '../testing/open-test-log.ts';

const TILE_BYTES = 8_192;

describe('the tiles on disk', () => {
  it('are taken over whole from the layout of one row a tile', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'socle-audit-before-'));
    for (const file of await readdir(migrations.folder))
      if (file < '0009') await cp(new URL(file, migrations.folder), path.join(folder, file));
    const before = { name: 'audit', folder: pathToFileURL(`${folder}/`) };
    const test = await openTestDatabase([before]);
    try {
      const admin = test.openAdmin();
      const full = [randomBytes(TILE_BYTES), randomBytes(TILE_BYTES)];
      const oldEdge = randomBytes(96);
      const newEdge = randomBytes(64);
      await admin.query('INSERT INTO audit.tiles VALUES (0, 0, $1), (0, 1, $2), (0, 2, $3), (1, 0, $4)', [
        full[0],
        full[1],
        oldEdge.subarray(0, 32),
        newEdge,
      ]);
      await admin.query('INSERT INTO audit.tile_edges VALUES (0, 2, $1)', [oldEdge]);
      await migrate({ url: test.url('migrator'), ownerRole: 'socle_owner', sets: [migrations] });
      const rows = await test.app.query(
        'SELECT level, tile_index AS index, hashes FROM audit.tile_view ORDER BY level, tile_index',
      );
      expect(rows).toEqual([
        { level: 0, index: 0, hashes: full[0] },
        { level: 0, index: 1, hashes: full[1] },
        { level: 0, index: 2, hashes: oldEdge },
        { level: 1, index: 0, hashes: newEdge },
      ]);
    } finally {
      await test.close();
      await rm(folder, { recursive: true });
    }
  });

  it('take no more than 40 bytes an event', async () => {
    const log = await openTestLog();
    try {
      const tiles = 80;
      const events = Array.from({ length: 2_560 }, () => buildSampleEvent());
      for (let done = 0; done < tiles * 256; done += events.length) {
        await log.test.app.transaction((tx) => log.audit.appendMany(tx, events));
      }
      await log.sequencer.flush();
      const [space] = await log.test
        .openAdmin()
        .query<{ bytes: number }>("SELECT pg_total_relation_size('audit.tiles')::int AS bytes");
      expect(space!.bytes / (tiles * 256)).toBeLessThan(40);
    } finally {
      await log.close();
    }
  });
});
