import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildManualClock, type EventId, type ManualClock } from '@socle/base';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { openAudit, type Audit } from '../audit.ts';
import type { NoteSigner } from '../checkpoint.ts';
import type { NewEvent } from '../event.ts';
import { exportLog, type ExportOptions } from '../export/export-log.ts';
import { migrations } from '../index.ts';
import { openSequencer, type Sequencer } from '../sequencer/sequencer.ts';
import { buildSampleEvent, sampleActions } from './events.ts';
import { buildTestSigner, TEST_ORIGIN } from './logs.ts';

export { buildSampleEvent, sampleActions } from './events.ts';
export { buildTestSigner, TEST_ORIGIN } from './logs.ts';
export { buildCheckpointText } from '../checkpoint.ts';

/** A whole log on a database of its own: appender, sequencer with a witness, key. */
export interface TestLog {
  readonly test: TestDatabase;
  readonly audit: Audit;
  readonly sequencer: Sequencer;
  readonly signer: NoteSigner;
  readonly clock: ManualClock;
  readonly witnessFile: string;
  /** Appends sample events, each in a transaction of its own, and sequences them. */
  append(...changes: Partial<NewEvent>[]): Promise<EventId[]>;
  /** Exports to a fresh folder and gives its path. */
  export(change?: Partial<ExportOptions>): Promise<string>;
  /** A path in the log's own temporary folder. */
  path(name: string): string;
  close(): Promise<void>;
}

/** Opens a log for one test. */
export async function openTestLog(): Promise<TestLog> {
  const test = await openTestDatabase([migrations]);
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-audit-'));
  const clock = buildManualClock(new Date('2026-11-23T10:00:00.000Z'));
  const signer = buildTestSigner();
  const audit = openAudit({ database: test.app, clock, actions: [sampleActions] });
  const witnessFile = path.join(folder, 'witness.ndjson');
  const sequencer = openSequencer({
    url: test.url('sequencer'),
    clock,
    signer,
    origin: TEST_ORIGIN,
    witnessFile,
    publishMs: 0,
  });
  let exports = 0;
  return {
    test,
    audit,
    sequencer,
    signer,
    clock,
    witnessFile,
    async append(...changes) {
      const ids: EventId[] = [];
      for (const change of changes) {
        ids.push(await test.app.transaction((tx) => audit.append(tx, buildSampleEvent(change))));
        await sequencer.flush();
      }
      return ids;
    },
    async export(change = {}) {
      exports += 1;
      const out = path.join(folder, `export-${exports}`);
      await exportLog({
        database: test.app,
        audit,
        keys: signer,
        out,
        purpose: 'Contrôle annuel',
        requester: { kind: 'system', id: 'test' },
        controller: 'academie-99',
        clock,
        ...change,
      });
      return change.out ?? out;
    },
    path: (name) => path.join(folder, name),
    async close() {
      await sequencer.close();
      await audit.close();
      await test.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export { openRootBuilder } from '../verifier/merkle.ts';
