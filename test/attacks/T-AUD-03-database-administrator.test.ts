import { verifyExport } from '@socle/audit';
import { buildTestSigner, openTestLog, sampleActions, TEST_ORIGIN, type TestLog } from '@socle/audit/testing';
import { openAudit, openSequencer } from '@socle/audit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

describe('whoever administers the database', () => {
  let log: TestLog;
  beforeEach(async () => {
    log = await openTestLog();
    await log.append({}, { outcome: 'denied' }, {}, {}, {}, {});
    log.clock.advanceSeconds(60);
  });
  afterEach(() => log.close());

  /** Runs SQL as a superuser with triggers off: nothing in the database stands in the way. */
  async function tamper(...statements: string[]): Promise<void> {
    const admin = log.test.openAdmin();
    await admin.transaction(async (tx) => {
      await tx.query("SET LOCAL session_replication_role = 'replica'");
      for (const statement of statements) await tx.query(statement);
    });
  }

  const verdict = async (witness = true) =>
    verifyExport(await log.export(), {
      vkey: log.signer.verifierKey,
      ...(witness ? { witness: log.witnessFile } : {}),
    });

  const eventAt = (leaf: number) => `(SELECT event_id FROM audit.leaves WHERE leaf_index = ${leaf})`;

  describe('T-AUD-03 changes a stored event', () => {
    it('is found, with the event and what changed, without any witness', async () => {
      await tamper(
        `UPDATE audit.events SET payload = convert_to(replace(convert_from(payload, 'UTF8'), 'denied', 'success'), 'UTF8'), outcome = 'success' WHERE id = ${eventAt(1)}`,
      );
      expect(await verdict(false)).toMatchObject({
        word: 'tampered',
        leaf: 1,
        finding: expect.stringContaining('payload'),
      });
    });

    it('is found when only the search column lies', async () => {
      await tamper(`UPDATE audit.events SET target = 'person:nobody' WHERE id = ${eventAt(4)}`);
      expect(await verdict()).toMatchObject({
        word: 'tampered',
        leaf: 4,
        finding: expect.stringContaining('"target"'),
      });
    });

    it.each([
      ['class', "class = 'C'"],
      ['day', "at = at + interval '1 day'"],
      ['salt', 'salt = sha256(salt)'],
    ])('is found when the %s changes', async (_name, change) => {
      await tamper(`UPDATE audit.events SET ${change} WHERE id = ${eventAt(2)}`);
      expect(await verdict()).toMatchObject({ word: 'tampered', leaf: 2 });
    });

    it('leaves an untouched log at "ok"', async () => {
      expect(await verdict()).toMatchObject({ word: 'ok', size: 6, events: 6 });
    });
  });

  describe('T-AUD-04 deletes an event', () => {
    it('is found when the row goes', async () => {
      await tamper(`DELETE FROM audit.events WHERE id = ${eventAt(3)}`);
      expect(await verdict()).toMatchObject({
        word: 'tampered',
        leaf: 3,
        finding: expect.stringContaining('missing'),
      });
    });

    it('is found when two events change places', async () => {
      await tamper(
        'UPDATE audit.leaves SET leaf_index = -1 WHERE leaf_index = 2',
        'UPDATE audit.leaves SET leaf_index = 2 WHERE leaf_index = 3',
        'UPDATE audit.leaves SET leaf_index = 3 WHERE leaf_index = -1',
      );
      expect(await verdict()).toMatchObject({ word: 'tampered', leaf: 2 });
    });

    it('is found when the content is deleted as a redaction would, and the log does not say so', async () => {
      await tamper(`SELECT audit.redact_event(${eventAt(3)})`);
      expect(await verdict()).toMatchObject({
        word: 'tampered',
        leaf: 3,
        finding: expect.stringContaining('by whom'),
      });
    });

    it('is told from a redaction that the log records', async () => {
      await tamper(`SELECT audit.redact_event(${eventAt(3)})`);
      await log.append({
        action: 'audit.event.redacted',
        actor: { kind: 'system', id: 'test' },
        detail: { leaf: 3 },
      });
      const found = await verdict();
      expect(found).toMatchObject({ word: 'redacted', exitCode: 10, redacted: 1 });
      // the export's own event may be in the tree before its end
      expect(found.events).toBeGreaterThanOrEqual(6);
    });

    it('is told from a purge that the log records', async () => {
      await tamper(`SELECT audit.redact_event(${eventAt(3)})`);
      const purge = { action: 'audit.period.purged', actor: { kind: 'system', id: 'retention' } } as const;
      await log.append({ ...purge, detail: { from: '2020-01-01', to: '2020-01-31', count: 1 } });
      expect(await verdict()).toMatchObject({ word: 'tampered', leaf: 3 });
      await log.append({ ...purge, detail: { from: '2026-11-01', to: '2026-11-30', count: 1 } });
      expect(await verdict()).toMatchObject({ word: 'purged', exitCode: 11, purged: 1 });
    });
  });

  describe('T-AUD-05 cuts the end of the log off', () => {
    const cut = async () => {
      const [kept] = await log.test
        .openAdmin()
        .query<{ note: string }>('SELECT note FROM audit.checkpoints WHERE size = 4');
      expect(kept).toBeDefined();
      await log.sequencer.close();
      await tamper(
        'DELETE FROM audit.events WHERE id IN (SELECT event_id FROM audit.leaves WHERE leaf_index >= 4)',
        'DELETE FROM audit.leaves WHERE leaf_index >= 4',
        'UPDATE audit.tile_edges SET hashes = substring(hashes FROM 1 FOR 128)',
        'UPDATE audit.head SET (size, root, note) = (SELECT size, root, note FROM audit.checkpoints WHERE size = 4)',
        'DELETE FROM audit.checkpoints WHERE size > 4',
      );
    };

    it('is found with the witness', async () => {
      await cut();
      expect(await verdict()).toMatchObject({ word: 'truncated', exitCode: 13, size: 4 });
    });

    it('cannot be found without one, and the verifier says so', async () => {
      await cut();
      expect(await verdict(false)).toMatchObject({ word: 'unanchored', exitCode: 12 });
    });
  });

  describe('T-AUD-06 rewrites the whole log, with the signing key', () => {
    const rewrite = async () => {
      await log.sequencer.close();
      await tamper(
        'DELETE FROM audit.leaves',
        'DELETE FROM audit.tiles',
        'DELETE FROM audit.tile_edges',
        'DELETE FROM audit.checkpoints',
        'DELETE FROM audit.events',
        "UPDATE audit.head SET size = 0, root = sha256(''), note = ''",
      );
      const sequencer = openSequencer({
        url: log.test.url('sequencer'),
        clock: log.clock,
        signer: log.signer,
        origin: TEST_ORIGIN,
      });
      const audit = openAudit({ database: log.test.app, clock: log.clock, actions: [sampleActions] });
      for (let n = 0; n < 8; n += 1) {
        await audit.record({
          controller: 'academie-99',
          actor: { kind: 'system', id: 'forger' },
          action: 'sample.record.read',
          outcome: 'success',
        });
      }
      await sequencer.flush();
      await sequencer.close();
      await audit.close();
    };

    it('is found with the witness', async () => {
      await rewrite();
      expect(await verdict()).toMatchObject({ word: 'forked', exitCode: 14 });
    });

    it('cannot be found without one, and the verifier says so', async () => {
      await rewrite();
      expect(await verdict(false)).toMatchObject({ word: 'unanchored' });
    });

    it('is found without a witness when the forger lacks the key', async () => {
      const forger = buildTestSigner();
      expect(forger.verifierKey).not.toBe(log.signer.verifierKey);
      const forged = await log.export({ keys: forger });
      expect(verifyExport(forged, { vkey: log.signer.verifierKey }).word).toBe('tampered');
    });
  });
});
