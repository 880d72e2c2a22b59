import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLogResource } from './log-resource.ts';
import { buildSampleEvent } from './testing/events.ts';
import { openTestLog, type TestLog } from './testing/open-test-log.ts';
import { leafHash, openRootBuilder } from './verifier/merkle.ts';
import { openNote, parseCheckpoint, parseKey } from './verifier/signed-note.ts';

describe('findLogResource, C2SP tlog-tiles', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
  });
  afterAll(() => log.close());

  const find = (path: string) => findLogResource(log.test.app, path);

  it('has no checkpoint and no tile before the first event', async () => {
    expect(await find('/audit/checkpoint')).toBeUndefined();
    expect(await find('tile/0/000.p/1')).toBeUndefined();
  });

  it('lets a stranger recompute the signed root from entries and from tiles', async () => {
    await log.test.app.transaction((tx) =>
      log.audit.appendMany(
        tx,
        Array.from({ length: 600 }, () => buildSampleEvent()),
      ),
    );
    await log.sequencer.flush();
    const checkpoint = await find('/audit/checkpoint');
    expect(checkpoint).toMatchObject({ contentType: 'text/plain; charset=utf-8', cacheControl: 'no-cache' });
    const text = openNote(checkpoint!.body.toString('utf8'), parseKey(log.signer.verifierKey)!);
    const signed = parseCheckpoint(text!)!;
    expect(signed.size).toBe(600);
    const byTiles = openRootBuilder();
    const byEntries = openRootBuilder();
    for (const part of ['000', '001', '002.p/88']) {
      const tile = await find(`/audit/tile/0/${part}`);
      expect(tile!.cacheControl).toContain('immutable');
      for (let at = 0; at < tile!.body.length; at += 32) byTiles.add(tile!.body.subarray(at, at + 32));
      const bundle = (await find(`/audit/tile/entries/${part}`))!.body;
      for (let at = 0; at < bundle.length; ) {
        const length = bundle.readUInt16BE(at);
        const entry = bundle.subarray(at + 2, at + 2 + length);
        expect(Object.keys(JSON.parse(entry.toString()))).toEqual(['C', 'class', 'day', 'v']);
        byEntries.add(leafHash(entry));
        at += 2 + length;
      }
    }
    expect([byTiles.size, byEntries.size]).toEqual([600, 600]);
    expect(byTiles.root().equals(signed.root)).toBe(true);
    expect(byEntries.root().equals(signed.root)).toBe(true);
    expect((await find('tile/1/000.p/2'))!.body.length).toBe(64);
  });

  it('knows no other path', async () => {
    for (const path of [
      '',
      'tile/0/002',
      'tile/0/002.p/89',
      'tile/0/002.p/0',
      'tile/0/000.p/256',
      'tile/8/000',
      'tile/00/000',
      'tile/0/0',
      'tile/0/x000/000',
      'tile/0/x001/x000',
      'tile/0/x999/x999/x999/x999/x999/x999/999',
      'tile/0/../000',
      'tile/entries/003',
      'checkpoint/',
      "tile/0/000'--",
    ]) {
      expect(await find(path)).toBeUndefined();
    }
  });
});
