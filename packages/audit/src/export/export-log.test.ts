import { mkdir, writeFile } from 'node:fs/promises';
import type { EventId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLog, type TestLog } from '../testing/open-test-log.ts';
import { verifyProof } from '../verifier/verify-proof.ts';
import { proveEvent } from './prove-event.ts';

const READER = '018f3c1e-7a00-7000-8000-0000000000dd';

describe('exportLog', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
  });
  afterAll(() => log.close());

  it('refuses an empty log, an empty purpose and a folder that holds something', async () => {
    await expect(log.export()).rejects.toMatchObject({ code: 'audit_log_empty' });
    await log.append({});
    await expect(log.export({ purpose: '  ' })).rejects.toMatchObject({ code: 'audit_purpose_missing' });
    await mkdir(log.path('full'));
    await writeFile(log.path('full/x'), 'x');
    await expect(log.export({ out: log.path('full') })).rejects.toMatchObject({
      code: 'audit_export_folder_not_empty',
    });
    await expect(log.export()).resolves.toBeDefined();
  });

  it('logs that the log was read, by whom and why, before it writes', async () => {
    await log.export({
      requester: { kind: 'person', id: READER },
      purpose: 'Enquête interne',
      person: READER,
    });
    const rows = await log.test
      .openAdmin()
      .query<{ payload: Buffer }>("SELECT payload FROM audit.events WHERE action = 'audit.log.exported'");
    const payloads = rows.map((row) => JSON.parse(row.payload.toString('utf8')));
    const own = payloads.find((payload) => payload.purpose === 'Enquête interne');
    expect(own).toMatchObject({ actor: { kind: 'person' }, detail: { format: 'ndjson' } });
    expect(own.detail.subject).toBe(own.actor.id);
    expect(JSON.stringify(payloads)).not.toContain(READER);
  });
});

describe('proveEvent', () => {
  let log: TestLog;
  let ids: EventId[];
  beforeAll(async () => {
    log = await openTestLog();
    ids = await log.append(...Array.from({ length: 9 }, () => ({})));
  });
  afterAll(() => log.close());

  it('refuses an event that the tree does not have', async () => {
    const unknown = '018f3c1e-7a00-7000-8000-0000000000ee' as EventId;
    await expect(proveEvent(log.test.app, log.signer, unknown)).rejects.toMatchObject({
      code: 'audit_event_not_found',
      status: 404,
    });
  });

  it('proves each event to whoever has the key, and each changed character is found', async () => {
    const vkey = log.signer.verifierKey;
    for (const id of ids) {
      const proof = JSON.stringify(await proveEvent(log.test.app, log.signer, id));
      expect(verifyProof(proof, { vkey })).toMatchObject({ word: 'ok', exitCode: 0, size: 9 });
      expect(verifyProof(proof).word).toBe('unanchored');
    }
    const proof = await proveEvent(log.test.app, log.signer, ids[4]!);
    const changes: Partial<typeof proof>[] = [
      { event: proof.event.replace('success', 'failure') },
      { event: proof.event.replace('"leaf":4', '"leaf":3') },
      { hashes: proof.hashes.slice(1) },
      { hashes: [...proof.hashes].reverse() },
      { hashes: ['x', ...proof.hashes] },
      { checkpoint: proof.checkpoint.replace('\n9\n', '\n8\n') },
    ];
    for (const change of changes) {
      expect(verifyProof(JSON.stringify({ ...proof, ...change }), { vkey }).word).toBe('tampered');
    }
    expect(verifyProof('{}', { vkey }).word).toBe('unverifiable');
    expect(verifyProof('not json', { vkey }).word).toBe('unverifiable');
  });
});
