import { migrations as auditMigrations, openAudit, type Audit } from '@socle/audit';
import { buildManualClock, type ManualClock, type PersonId } from '@socle/base';
import type { Database, Tx } from '@socle/db';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { directoryActions } from '../actions.ts';
import { importAaf } from '../import/import-aaf.ts';
import type { ImportAafOptions, ImportResult } from '../import/import-types.ts';
import { migrations } from '../migration-set.ts';
import { findPersonByJoinKey } from '../people/find-person.ts';
import { writeFeedSample, type FeedSample } from './write-feed-sample.ts';

/** A directory on a database of its own, with the real log, and a folder for feeds. */
export interface TestDirectory {
  readonly database: Database;
  readonly admin: Database;
  readonly audit: Audit;
  readonly clock: ManualClock;
  readonly folder: string;
  readonly test: TestDatabase;
  /** Writes the sample and imports it. */
  importSample(sample: FeedSample, options?: Partial<ImportAafOptions>): Promise<ImportResult>;
  /** Runs work with the scope of all. */
  all<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The person of this key of academy 99. */
  person(key: string): Promise<PersonId>;
  /** `action target` of the events so far, sorted; with counts where one comes more than once. */
  events(): Promise<readonly { action: string; reason: string | null; detail: Record<string, unknown> }[]>;
  close(): Promise<void>;
}

export const IMPORTED_AT = new Date('2026-09-01T05:00:00.000Z');

export async function openTestDirectory(): Promise<TestDirectory> {
  const test = await openTestDatabase([auditMigrations, migrations]);
  const clock = buildManualClock(IMPORTED_AT);
  const database = test.app;
  const admin = test.openAdmin();
  const audit = openAudit({ database, clock, actions: [directoryActions] });
  const root = await mkdtemp(path.join(tmpdir(), 'socle-directory-'));
  const folder = path.join(root, 'feed');
  const all = <T>(work: (tx: Tx) => Promise<T>) => database.transaction(work, { scope: 'all' });
  return {
    database,
    admin,
    audit,
    clock,
    folder,
    test,
    all,
    async importSample(sample, options = {}) {
      await writeFeedSample(folder, sample);
      return importAaf({ source: folder, database, audit, clock, ...options });
    },
    async person(key) {
      const found = await all((tx) => findPersonByJoinKey(tx, { kind: 'aaf', value: `99-${key}` }));
      if (!found) throw new Error(`no person has the key ${key}`);
      return found.id;
    },
    async events() {
      const rows = await admin.query<{
        event: { action: string; reason?: string; detail?: Record<string, unknown> };
      }>(`SELECT convert_from(payload, 'UTF8')::jsonb AS event FROM audit.events ORDER BY id`);
      return rows.map(({ event }) => ({
        action: event.action,
        reason: event.reason ?? null,
        detail: event.detail ?? {},
      }));
    },
    async close() {
      await audit.close();
      await test.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
