import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type EventId } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudit, type Audit } from '../audit.ts';
import { checkNote, parseCheckpointText } from '../checkpoint.ts';
import { migrations } from '../index.ts';
import { buildSampleEvent, sampleActions } from '../testing/events.ts';
import { buildTestSigner, TEST_ORIGIN } from '../testing/logs.ts';
import { leafHash, openRootBuilder } from '../verifier/merkle.ts';
import { pickPending } from './batch-store.ts';
import { openSequencer, type Sequencer, type SequencerOptions } from './sequencer.ts';
import { claimTree } from './writer.ts';

describe('the sequencer', () => {
  let test: TestDatabase;
  let audit: Audit;
  let folder: string;
  const signer = buildTestSigner();
  const opened: Sequencer[] = [];

  beforeEach(async () => {
    test = await openTestDatabase([migrations]);
    audit = openAudit({ database: test.app, clock: systemClock, actions: [sampleActions] });
    folder = await mkdtemp(path.join(tmpdir(), 'socle-audit-'));
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((sequencer) => sequencer.close()));
    await audit.close();
    await test.close();
    await rm(folder, { recursive: true });
  });

  function open(options: Partial<SequencerOptions> = {}): Sequencer {
    const url = test.url('sequencer');
    const sequencer = openSequencer({ url, clock: systemClock, signer, origin: TEST_ORIGIN, ...options });
    opened.push(sequencer);
    return sequencer;
  }

  const append = (count: number) =>
    test.app.transaction((tx) =>
      audit.appendMany(
        tx,
        Array.from({ length: count }, (_, n) => buildSampleEvent({ detail: { count: n } })),
      ),
    );

  /** Recomputes the whole tree from the entries and compares it with head, tiles and queue. */
  async function requireSoundLog(): Promise<number> {
    const admin = test.openAdmin();
    const [head] = await admin.query<{ size: number; root: Buffer; note: string }>(
      'SELECT * FROM audit.head',
    );
    const rows = await admin.query<{ leaf_index: number; entry: Buffer }>(
      'SELECT * FROM audit.entry_view ORDER BY leaf_index',
    );
    const tree = openRootBuilder();
    for (const [index, row] of rows.entries()) {
      expect(row.leaf_index).toBe(index);
      tree.add(leafHash(row.entry));
    }
    expect(tree.size).toBe(head!.size);
    expect(tree.root().equals(head!.root)).toBe(true);
    const signed = checkNote(head!.note, signer.verifierKey);
    expect(signed.valid).toBe(true);
    expect(parseCheckpointText(signed.text)).toEqual({
      origin: TEST_ORIGIN,
      size: head!.size,
      root: head!.root,
    });
    return head!.size;
  }

  it('puts every committed event into the tree once, and seals it', async () => {
    const sequencer = open();
    const [first] = await append(700);
    expect(await audit.sealed(first!)).toBe(0);
    await sequencer.flush();
    expect(await requireSoundLog()).toBe(700);
    expect(sequencer.status()).toEqual({ leader: true, halted: undefined });
    expect(sequencer.metrics()).toMatchObject({ size: 700, lagMs: expect.any(Number) });
  });

  it('says that an event is not sealed when nobody sequences', async () => {
    const [id] = await append(1);
    await expect(audit.sealed(id!, 60)).rejects.toMatchObject({
      code: 'audit_event_not_sealed',
      status: 503,
    });
  });

  it('picks up what commits late, though younger events are in the tree already', async () => {
    const sequencer = open();
    let late: EventId | undefined;
    await test.app.transaction(async (tx) => {
      late = await audit.append(tx, buildSampleEvent());
      await append(5);
      await sequencer.flush();
      expect(sequencer.metrics().size).toBe(5);
    });
    await sequencer.flush();
    expect(await audit.sealed(late!)).toBe(5);
    expect(await requireSoundLog()).toBe(6);
  });

  it('counts each committed event exactly once under 64 writers, a third of whom roll back', async () => {
    const sequencers = [open({ batchMs: 1, pollMs: 5 }), open({ batchMs: 1, pollMs: 5 })];
    const committed: EventId[] = [];
    await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        for (let round = 0; round < 6; round += 1) {
          const ids: EventId[] = [];
          const work = test.app.transaction(async (tx) => {
            ids.push(await audit.append(tx, buildSampleEvent()));
            ids.push(...(await audit.appendMany(tx, [buildSampleEvent(), buildSampleEvent()])));
            if ((writer + round) % 3 === 0) throw new Error('rolled back');
          });
          if (await work.then(() => true).catch(() => false)) committed.push(...ids);
          if (round === 2) committed.push(await audit.record(buildSampleEvent()));
        }
      }),
    );
    for (const id of committed) await audit.sealed(id, 20_000);
    await Promise.all(sequencers.map((sequencer) => sequencer.flush()));
    expect(committed.length).toBe(64 * 4 * 3 + 64);
    expect(await requireSoundLog()).toBe(committed.length);
    const rows = await test.openAdmin().query<{ event_id: string }>('SELECT event_id FROM audit.leaves');
    expect(rows.map((row) => row.event_id).sort()).toEqual([...committed].sort());
    expect(sequencers.filter((sequencer) => sequencer.status().leader).length).toBe(1);
  }, 60_000);

  it('takes a second delivery off the queue without a second leaf', async () => {
    const sequencer = open();
    const [id] = await append(1);
    await sequencer.flush();
    await test.app.transaction((tx) => audit.append(tx, buildSampleEvent({ id: id! })));
    await sequencer.flush();
    expect(await requireSoundLog()).toBe(1);
    expect(await test.openAdmin().query('SELECT * FROM audit.pending')).toEqual([]);
  });

  describe('against another sequencer', () => {
    const claim = (database = test.open('sequencer')) =>
      claimTree({ database, clock: systemClock, signer, origin: TEST_ORIGIN }).then((writer) => ({
        database,
        writer,
      }));

    it('is fenced out when it was paused between picking and writing, whoever wins the race', async () => {
      await append(10);
      const paused = await claim();
      const pickedBefore = await pickPending(paused.database, 4);
      const rival = await claim();
      const pickedByRival = await pickPending(rival.database, 1_000);
      expect(await rival.writer.write(pickedByRival)).toBe(true);
      expect(await paused.writer.write(pickedBefore)).toBe(false);
      await expect(paused.writer.write(pickedBefore)).rejects.toThrow('fenced-out');
      expect(await requireSoundLog()).toBe(10);
    });

    it('never gives two roots for one size when both write at the same moment', async () => {
      const databases = [test.open('sequencer'), test.open('sequencer')];
      for (let round = 0; round < 15; round += 1) {
        await append(3);
        const [a, b] = [await claim(databases[0]), await claim(databases[1])];
        const picks = [await pickPending(a.database, 2), await pickPending(b.database, 3)];
        const written = await Promise.all([a.writer.write(picks[0]!), b.writer.write(picks[1]!)]);
        expect(written).toEqual([false, true]); // b claimed last
        await requireSoundLog();
      }
    });

    it('takes over when the leader’s connection is cut, and the old leader follows', async () => {
      const leader = open({ pollMs: 10, batchMs: 1 });
      await append(3);
      await leader.flush();
      const follower = open({ pollMs: 10, batchMs: 1 });
      await follower.flush();
      expect(follower.status().leader).toBe(false);
      const admin = test.openAdmin();
      // as a network does that forgets a paused machine
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'socle sequencer' AND datname = current_database()
         AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')`,
      );
      const ids = await append(50);
      for (const id of ids) await audit.sealed(id, 10_000);
      expect(await requireSoundLog()).toBe(53);
      await append(5);
      await leader.flush().catch(() => {});
      await follower.flush();
      await leader.flush().catch(() => {});
      expect(await requireSoundLog()).toBe(58);
    });
  });

  describe('with a witness file', () => {
    it('appends each published checkpoint, and the witness verifies under the key', async () => {
      const witnessFile = path.join(folder, 'witness.ndjson');
      const sequencer = open({ witnessFile });
      await append(3);
      await sequencer.flush();
      await writeFile(witnessFile, '{"at":"torn', { flag: 'a' });
      await append(3);
      await sequencer.flush();
      const notes = (await readFile(witnessFile, 'utf8'))
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => (JSON.parse(line) as { note: string }).note);
      const sizes = notes.map((note) => {
        const checked = checkNote(note, signer.verifierKey);
        expect(checked.valid).toBe(true);
        return parseCheckpointText(checked.text)!.size;
      });
      expect(sizes).toEqual([3, 6]);
    });

    it('goes on while the witness cannot be written, and hands over when it can', async () => {
      const place = path.join(folder, 'elsewhere');
      const witnessFile = path.join(place, 'witness');
      const sequencer = open({ witnessFile });
      await append(1);
      await sequencer.flush();
      await rm(place, { recursive: true });
      await writeFile(place, 'a file where the folder was');
      await append(3);
      await sequencer.flush();
      expect(sequencer.metrics().size).toBe(4);
      expect(sequencer.status()).toEqual({ leader: true, halted: undefined });
      await rm(place);
      await sequencer.flush();
      expect(await readFile(witnessFile, 'utf8')).toContain(`${TEST_ORIGIN}\\n4\\n`);
    });

    it('halts when the database no longer contains what the witness saw', async () => {
      const witnessFile = path.join(folder, 'witness.ndjson');
      const first = open({ witnessFile });
      await append(6);
      await first.flush();
      await first.close();
      const admin = test.openAdmin();
      await admin.query('ALTER TABLE audit.head DISABLE TRIGGER ALL');
      await admin.query("UPDATE audit.head SET size = 0, root = sha256(''), note = ''");
      const second = open({ witnessFile });
      await append(1);
      await second.flush().catch(() => {});
      expect(second.status()).toMatchObject({ leader: false, halted: 'audit_log_behind_witness' });
    });
  });

  it('halts when tiles and head do not belong together', async () => {
    const first = open();
    await append(6);
    await first.flush();
    await first.close();
    const admin = test.openAdmin();
    await admin.query('ALTER TABLE audit.tile_edges DISABLE TRIGGER ALL');
    await admin.query('UPDATE audit.tile_edges SET hashes = sha256(hashes) || substring(hashes FROM 33)');
    const second = open();
    await second.flush().catch(() => {});
    expect(second.status().halted).toBe('audit_log_inconsistent');
  });

  it('reports each batch', async () => {
    const reports: { size: number; sequenced: number; lagMs: number }[] = [];
    const sequencer = open({ maxBatch: 4, onBatch: (report) => reports.push(report) });
    await append(10);
    await sequencer.flush();
    expect(reports.map(({ sequenced }) => sequenced).reduce((a, b) => a + b)).toBe(10);
    expect(reports.every(({ sequenced, lagMs }) => sequenced <= 4 && lagMs >= 0)).toBe(true);
    expect(reports.at(-1)!.size).toBe(10);
  });

  it('makes the partitions of the next months', async () => {
    const admin = test.openAdmin();
    const list = () =>
      admin.query<{ relname: string }>(
        "SELECT relname FROM pg_class WHERE relname ~ '^events_\\d{4}_\\d\\d$' AND relkind = 'r' ORDER BY 1",
      );
    const before = await list();
    expect(before.length).toBe(4);
    await admin.query(`DROP TABLE audit.${before.at(-1)!.relname}`);
    const sequencer = open();
    await sequencer.flush();
    await sequencer.close();
    expect(await list()).toEqual(before);
    // next month's first event finds its place
    const now = new Date();
    const nextMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
    await audit.record(buildSampleEvent({ at: nextMonth }));
    const name = `events_${nextMonth.toISOString().slice(0, 7).replace('-', '_')}`;
    expect(await admin.query(`SELECT FROM audit.${name}`)).toHaveLength(1);
  });
});
