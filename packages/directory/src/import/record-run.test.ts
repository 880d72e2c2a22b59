import { newId, type PersonId } from '@socle/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportRunId } from '../ids.ts';
import { loadAcademies } from '../schools/schools.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, writeFeedSample, type FeedSample } from '../testing/write-feed-sample.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importAaf } from './import-aaf.ts';
import { findImportRun, loadImportRuns } from './load-runs.ts';

describe('runs of imports, as they are noted', () => {
  let directory: TestDirectory;
  let root: string;
  let day = 20260901;
  beforeAll(async () => {
    directory = await openTestDirectory();
    root = await mkdtemp(path.join(tmpdir(), 'socle-runs-'));
  });
  afterAll(async () => {
    await directory.close();
    await rm(root, { recursive: true, force: true });
  });

  const run = async (sample: FeedSample, options: { dryRun?: boolean; force?: boolean } = {}) => {
    const id = newId<ImportRunId>(directory.clock.now());
    day += 1;
    const folder = path.join(root, String(day));
    await writeFeedSample(folder, { ...sample, day: String(day) });
    const { database, audit, clock } = directory;
    const startedBy = { kind: 'person', id: newId<PersonId>(clock.now()) } as const;
    const ended = await importAaf({
      source: folder,
      database,
      audit,
      clock,
      ...options,
      runId: id,
      startedBy,
    }).catch((error: { code?: string }) => error.code);
    const noted = await directory.all((tx) => findImportRun(tx, id, clock.now()));
    return { ended, noted, folder, startedBy };
  };

  it('are told with who started them, what they counted, and what each school changed', async () => {
    const { noted, startedBy, folder } = await run(SAMPLE);
    expect(noted).toMatchObject({
      format: 'aaf',
      fileName: path.basename(folder),
      isRehearsal: false,
      startedBy,
      state: 'done',
      progress: { phase: 'apply' },
    });
    expect(noted!.counts!.created).toBeGreaterThan(5);
    expect(noted!.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(noted!.progress!.done).toBe(noted!.progress!.total);
    expect(noted!.schools.length).toBeGreaterThan(1);
    expect(noted!.schools[0]!.counts.people_created).toBeGreaterThan(0);
    const [academy] = await directory.all((tx) => loadAcademies(tx));
    const list = (academies: readonly (typeof academy)[]) =>
      directory.all((tx) =>
        loadImportRuns(
          tx,
          { academies: academies.map((each) => each!.id), startedBy: 'nobody' },
          { at: directory.clock.now(), limit: 10 },
        ),
      );
    expect((await list([academy])).map(({ id }) => id)).toEqual([noted!.id]);
    expect(await list([])).toEqual([]);
  });

  it('are rehearsed without a change, and say what the guard would have stopped', async () => {
    const few = { ...SAMPLE, pupils: SAMPLE.pupils!.slice(0, 1) };
    const { ended, noted } = await run(few, { dryRun: true, force: true });
    expect(ended).toMatchObject({ suspended: SAMPLE.pupils!.length - 1 });
    expect(noted).toMatchObject({ isRehearsal: true, state: 'done', counts: { created: 0 } });
    expect(noted!.guarded[0]!.departures).toBeGreaterThan(0);
    expect((await run(SAMPLE)).noted).toMatchObject({ state: 'done', counts: { changed: 0, suspended: 0 } });
  });

  it('end as guarded or refused with the words of the refusal, and as lost when they are silent', async () => {
    const few = { ...SAMPLE, pupils: SAMPLE.pupils!.slice(0, 1) };
    const guarded = await run(few);
    expect(guarded.ended).toBe('feed_departures_exceed_guard');
    expect(guarded.noted).toMatchObject({
      state: 'guarded',
      refusal: { code: 'feed_departures_exceed_guard', message: expect.stringContaining('more than 5 %') },
    });
    const foreign = await run({ ...SAMPLE, academy: '97' });
    expect(foreign.noted).toMatchObject({ state: 'refused', refusal: { code: foreign.ended } });
    await directory.admin.query(`UPDATE directory.import_runs SET state = 'running', finished_at = NULL`);
    const at = (seconds: number) => new Date(directory.clock.now().getTime() + seconds * 1_000);
    const state = async (seconds: number) =>
      (await directory.all((tx) => findImportRun(tx, guarded.noted!.id, at(seconds))))!.state;
    expect(await state(30)).toBe('running');
    expect(await state(90)).toBe('lost');
  });
});
