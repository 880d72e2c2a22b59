import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestLog, TEST_ORIGIN, type TestLog } from '../testing/open-test-log.ts';
import { openCosignature, parseKey, SIGNATURE_TYPES } from '../verifier/signed-note.ts';
import { makeWitness } from '../witness/witness-key.ts';
import { serveWitness, type WitnessServer } from '../witness/witness-server.ts';
import { openWitness } from '../witness/witness.ts';
import { openAnchors, type Anchors } from './anchors.ts';

describe('the anchors of a log', () => {
  let log: TestLog;
  let folder: string;
  let verifierKey: string;
  const closing: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    log = await openTestLog();
    folder = await mkdtemp(path.join(tmpdir(), 'socle-witness-'));
    verifierKey = await makeWitness(folder, 'temoin.exemple.fr/w1');
  });
  afterEach(async () => {
    for (const opened of closing.splice(0).reverse()) await opened.close();
    await log.close();
    await rm(folder, { recursive: true });
  });

  async function serve(logs = [log.signer.verifierKey]): Promise<WitnessServer> {
    const witness = await openWitness({ folder, logs, clock: log.clock });
    const server = await serveWitness({ witness, host: '127.0.0.1', port: 0 });
    closing.push(server);
    return server;
  }
  function anchorsTo(url: string): Anchors {
    const anchors = openAnchors({
      url: log.test.url('sequencer'),
      clock: log.clock,
      witnesses: [{ verifierKey, url }],
      everyMs: 3_600_000,
    });
    closing.push(anchors);
    return anchors;
  }
  const kept = () =>
    log.test
      .openAdmin()
      .query<{ size: number; note: string; line: string }>(
        'SELECT size, note, line FROM audit.cosignatures ORDER BY size',
      );

  it('keeps the cosignature of each checkpoint that was handed over, as the log grows', async () => {
    const anchors = anchorsTo((await serve()).url);
    await anchors.flush();
    expect(anchors.status()).toMatchObject([{ name: 'temoin.exemple.fr/w1', size: 0, failure: undefined }]);
    await log.append({}, {}, {});
    await anchors.flush();
    await anchors.flush();
    await log.append({}, {});
    await anchors.flush();
    expect(anchors.status()).toMatchObject([{ size: 5, anchoredAt: log.clock.now(), failure: undefined }]);
    const rows = await kept();
    expect(rows.map(({ size }) => size)).toEqual([3, 5]);
    const key = parseKey(verifierKey, SIGNATURE_TYPES.witness)!;
    for (const { note, line } of rows) expect(openCosignature(note + line, key)).toBeGreaterThan(0);
  });

  it('lets checkpoints wait while the witness is away, and hands over the newest once it is back', async () => {
    const server = await serve();
    const anchors = anchorsTo(server.url);
    await log.append({});
    await anchors.flush();
    await server.close();
    closing.splice(closing.indexOf(server), 1);
    await log.append({}, {});
    await anchors.flush();
    expect(anchors.status()).toMatchObject([{ size: 1, failure: 'audit_witness_unreachable' }]);
    const { port } = new URL(server.url);
    const witness = await openWitness({ folder, logs: [log.signer.verifierKey], clock: log.clock });
    closing.push(await serveWitness({ witness, host: '127.0.0.1', port: Number(port) }));
    await anchors.flush();
    expect(anchors.status()).toMatchObject([{ size: 3, failure: undefined }]);
  });

  it('goes on with a witness that knows more than the log kept of it', async () => {
    const anchors = anchorsTo((await serve()).url);
    await log.append({});
    await anchors.flush();
    await log.append({});
    await anchors.flush();
    // killed between the witness's answer and its keeping
    await log.test.openAdmin().query('DELETE FROM audit.cosignatures WHERE size = 2');
    await log.append({});
    await anchors.flush();
    expect((await kept()).map(({ size }) => size)).toEqual([1, 3]);
    expect(anchors.status()).toMatchObject([{ size: 3, failure: undefined }]);
  });

  it('cries out when the witness has seen more than the database holds, or something else', async () => {
    const anchors = anchorsTo((await serve()).url);
    await log.append({}, {}, {});
    await anchors.flush();
    const admin = log.test.openAdmin();
    await admin.query('DELETE FROM audit.checkpoints WHERE size = 3');
    await admin.query('DELETE FROM audit.cosignatures');
    await anchors.flush();
    expect(anchors.status()).toMatchObject([{ failure: 'audit_log_behind_witness' }]);
    expect(await kept()).toEqual([]);
  });

  it('says that the witness does not know the log, or is not the one that was meant', async () => {
    const stranger = anchorsTo((await serve([])).url);
    await log.append({});
    await stranger.flush();
    expect(stranger.status()).toMatchObject([{ failure: 'audit_witness_refused' }]);
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'socle-witness-'));
    const otherKey = await makeWitness(elsewhere, 'temoin.exemple.fr/w1');
    const other = await openWitness({ folder: elsewhere, logs: [log.signer.verifierKey], clock: log.clock });
    const server = await serveWitness({ witness: other, host: '127.0.0.1', port: 0 });
    closing.push(server);
    expect(otherKey).not.toBe(verifierKey);
    const deceived = anchorsTo(server.url);
    await deceived.flush();
    expect(deceived.status()).toMatchObject([{ failure: 'audit_witness_refused' }]);
    await rm(elsewhere, { recursive: true });
    expect(TEST_ORIGIN).toBe(log.signer.keyName);
  });
});
