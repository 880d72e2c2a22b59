import { uuidv7 } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAudit } from './audit.ts';
import type { NewEvent } from './event.ts';
import { writeField } from './export/csv.ts';
import { buildSampleEvent, openTestLog, sampleActions, type TestLog } from './testing/open-test-log.ts';
import { verifyExport } from './verifier/verify-export.ts';

describe('what the log does with bad input', () => {
  let log: TestLog;
  beforeAll(async () => {
    log = await openTestLog();
  });
  afterAll(() => log.close());

  const append = (change: object) =>
    log.test.app.transaction((tx) => log.audit.append(tx, buildSampleEvent(change as Partial<NewEvent>)));
  const count = async () =>
    (await log.test.openAdmin().query<{ n: number }>('SELECT count(*)::int AS n FROM audit.events'))[0]!.n;

  it.each<[string, object]>([
    ['a control character in a code', { reason: 'rule\u0000' }],
    ['a line feed in a purpose', { purpose: 'a\nb' }],
    ['a next line in a purpose', { purpose: 'a\u0085b' }],
    ['a line separator in a purpose', { purpose: 'a\u2028b' }],
    ['a right-to-left override in a code', { reason: 'evil\u202Etxt' }],
    ['a right-to-left override in a purpose', { purpose: 'fiche \u202Eexe' }],
    ['a right-to-left isolate in a purpose', { purpose: 'fiche \u2067x' }],
    ['an invisible mark in a purpose', { purpose: 'fi\u200Bche' }],
    ['a lone surrogate, which is no UTF-8', { purpose: 'a\uD800' }],
    ['a detail of a megabyte', { detail: { rule: 'x'.repeat(1_048_576) } }],
    ['a list of a megabyte', { detail: { codes: Array.from({ length: 100_000 }, () => 'code') } }],
    ['a purpose of a megabyte', { purpose: 'x'.repeat(1_048_576) }],
    ['a __proto__ key', { detail: JSON.parse('{"__proto__":{"polluted":true}}') as object }],
    ['a constructor key', { detail: { constructor: 'x' } }],
    ['an id of another kind', { id: '6f1c8f0e-0000-4000-8000-000000000000' }],
    ['an id that is none', { id: "'; DROP TABLE audit.events; --" }],
    [
      'an id whose time is not that of the event',
      { id: uuidv7(new Date('2020-01-01')), at: new Date('2026-11-23') },
    ],
    ['a clock in 1970', { at: new Date(0) }],
    ['a clock that is no time', { at: new Date(Number.NaN) }],
    ['a formula in a code', { reason: '=1+1' }],
  ])('refuses %s, and writes nothing', async (_, change) => {
    const before = await count();
    await expect(append(change)).rejects.toMatchObject({ code: 'audit_event_refused', status: 400 });
    expect(await count()).toBe(before);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('takes an id that a module gave at the time of the event, once', async () => {
    const at = new Date('2026-11-23T09:00:00Z');
    const id = uuidv7(at);
    expect(await append({ id, at })).toBe(id);
    const before = await count();
    expect(await append({ id, at, reason: 'another' })).toBe(id);
    expect(await count()).toBe(before);
  });

  it('neutralises a formula in a purpose where a spreadsheet would compute it', () => {
    expect(writeField('=HYPERLINK("x")').startsWith('"\'=')).toBe(true);
  });

  it('keeps the canonical form of whatever it takes: composed or not, the bytes verify', async () => {
    await append({ purpose: 'é composé' });
    await append({ purpose: 'e\u0301 décomposé, 𝒳, =1+1' });
    await log.sequencer.flush();
    const verdict = verifyExport(await log.export(), {
      vkey: log.signer.verifierKey,
      witness: log.witnessFile,
    });
    expect(verdict.word).toBe('ok');
  });

  it('goes on while the machine’s clock jumps to 1970, over a leap day and back', async () => {
    const audit = openAudit({ database: log.test.app, clock: log.clock, actions: [sampleActions] });
    const ids: string[] = [];
    for (const instant of [
      '1970-01-01T00:00:00Z',
      '2026-11-23T10:00:01Z',
      '2028-02-29T23:59:59.999Z',
      '2028-03-01T00:00:00Z',
      '2016-12-31T23:59:59Z',
      '2026-11-23T10:00:02Z',
    ]) {
      log.clock.set(new Date(instant));
      ids.push(await audit.record(buildSampleEvent()));
      await log.sequencer.flush();
    }
    await audit.close();
    expect(new Set(ids).size).toBe(6);
    log.clock.set(new Date('2026-11-23T10:00:03Z'));
    const exported = await log.export();
    const verdict = verifyExport(exported, { vkey: log.signer.verifierKey });
    expect(verdict).toMatchObject({ word: 'unanchored', events: verdict.size });
    const placed = await log.test
      .openAdmin()
      .query<{ event_id: string }>('SELECT event_id FROM audit.leaves WHERE event_id = ANY ($1::uuid[])', [
        ids,
      ]);
    expect(placed.length).toBe(6);
  });
});
