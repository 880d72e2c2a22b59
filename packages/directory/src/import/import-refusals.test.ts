import { spawn } from 'node:child_process';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advisoryLockKey } from '@socle/db';
import { importAaf } from './import-aaf.ts';
import { openTestDirectory, type TestDirectory } from '../testing/open-directory.ts';
import { SAMPLE, writeFeedSample } from '../testing/write-feed-sample.ts';

describe('importAaf refuses, and applies nothing of', () => {
  let directory: TestDirectory;
  let names: Map<string, string>;
  beforeEach(async () => {
    directory = await openTestDirectory();
    names = await writeFeedSample(directory.folder, SAMPLE);
  });
  afterEach(() => directory.close());

  const run = (options: object = {}) => {
    const { database, audit, clock, folder } = directory;
    return importAaf({ source: folder, database, audit, clock, ...options });
  };
  const place = (type: string) => path.join(directory.folder, names.get(type)!);
  async function people(): Promise<number> {
    const [row] = await directory.admin.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM directory.people',
    );
    return row!.n;
  }
  async function staged(): Promise<number> {
    const [row] = await directory.admin.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM directory.incoming_people',
    );
    return row!.n;
  }

  it('a truncated file, then takes the whole one', async () => {
    const whole = await readFile(place('PersRelEleve'));
    await writeFile(place('PersRelEleve'), whole.subarray(0, whole.length - 40));
    await expect(run()).rejects.toMatchObject({ code: 'feed_file_invalid', status: 422 });
    expect([await people(), await staged()]).toEqual([0, 0]);
    await writeFile(place('PersRelEleve'), whole);
    expect((await run()).created).toBe(9);
    expect([await people(), await staged()]).toEqual([9, 0]);
  });

  it('a feed that lacks a type of file', async () => {
    await rm(place('PersRelEleve'));
    await expect(run()).rejects.toMatchObject({
      code: 'feed_incomplete',
      details: { missing: ['PersRelEleve'] },
    });
    expect(await people()).toBe(0);
  });

  it('a delta, a file of another day, and a file of another name', async () => {
    const other = (from: string, to: string) =>
      path.join(directory.folder, names.get('Eleve')!.replace(from, to));
    await rename(place('Eleve'), other('Complet', 'Delta'));
    await expect(run()).rejects.toMatchObject({ code: 'feed_kinds_mixed' });
    await rename(other('Complet', 'Delta'), other('20260901', '20260902'));
    await expect(run()).rejects.toMatchObject({ code: 'feed_incomplete' });
    await rename(other('20260901', '20260902'), path.join(directory.folder, 'notes.xml'));
    await expect(run()).rejects.toMatchObject({ code: 'feed_not_aaf' });
    await rename(path.join(directory.folder, 'notes.xml'), place('Eleve'));
    expect((await run()).created).toBe(9);
  });

  it('a folder that is none, or holds nothing', async () => {
    await expect(run({ source: place('Eleve') })).rejects.toMatchObject({ code: 'feed_folder_unreadable' });
    await rm(directory.folder, { recursive: true });
    await expect(run()).rejects.toMatchObject({ code: 'feed_folder_unreadable' });
  });

  it('a feed of another academy than the caller names, whatever form the code has', async () => {
    await expect(run({ academy: '12' })).rejects.toMatchObject({ code: 'feed_of_another_academy' });
    expect(await people()).toBe(0);
    expect((await run({ academy: '099' })).created).toBe(9);
    await expect(run({ academy: '12' })).rejects.toMatchObject({ code: 'feed_of_another_academy' });
  });

  it('an academy that is not the one here, unless it is named, and never its schools', async () => {
    await run();
    const elsewhere = { ...SAMPLE, academy: '12', schools: SAMPLE.schools.map(withAcademy) };
    await writeFeedSample(directory.folder, elsewhere);
    await expect(run()).rejects.toMatchObject({
      code: 'feed_of_another_academy',
      details: { academy: '12' },
    });
    // Named, its keys are other keys; but the schools are those of academy 99.
    await expect(run({ academy: '12' })).rejects.toMatchObject({
      code: 'feed_of_another_academy',
      details: { schools: ['9990001X', '9990002Y'] },
    });
    const refusals = (await directory.events()).filter(({ action }) => action === 'directory.import.refused');
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'feed_of_another_academy',
      'feed_of_another_academy',
    ]);
    await writeFeedSample(directory.folder, {
      ...elsewhere,
      schools: [{ ...withAcademy(SAMPLE.schools[0]!), ENTStructureUAI: '9990003Z' }],
    });
    expect((await run({ academy: '12' })).created).toBe(9);
    expect(await people()).toBe(18);
  });

  it('a second import while one runs', async () => {
    await directory.admin.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLockKey('directory.import')]);
      await expect(run()).rejects.toMatchObject({ code: 'import_already_running', status: 409 });
    });
    expect((await run()).created).toBe(9);
  });

  it('a file that changes while it is read', async () => {
    let changed = false;
    const onProgress = () => {
      if (changed) return;
      changed = true;
      // The first file has been read: the last one grows before its turn.
      void appendFile(place('PersRelEleve'), '<!-- late -->\n');
    };
    await expect(run({ onProgress })).rejects.toMatchObject({ code: 'feed_digest_changed' });
    expect(await people()).toBe(0);
    expect((await run()).created).toBe(9);
  });

  it('nothing after kill -9 between two schools: the next run finishes the work', async () => {
    const program = `
      import { importAaf, directoryActions } from '@socle/directory';
      import { openAudit } from '@socle/audit';
      import { openDatabase } from '@socle/db';
      import { systemClock } from '@socle/base';
      const database = openDatabase({ url: process.env.URL });
      const audit = openAudit({ database, clock: systemClock, actions: [directoryActions] });
      await importAaf({ source: process.env.FOLDER, database, audit, clock: systemClock,
        onProgress: ({ phase, done }) => { if (phase === 'apply' && done === 1) process.kill(process.pid, 'SIGKILL'); } });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
      env: { ...process.env, URL: directory.test.url('app'), FOLDER: directory.folder },
      cwd: import.meta.dirname,
      stdio: 'ignore',
    });
    const signal = await new Promise((resolve) => child.once('exit', (_, name) => resolve(name)));
    expect(signal).toBe('SIGKILL');
    const partial = await people();
    expect(partial).toBeGreaterThan(0);
    expect(partial).toBeLessThan(9);
    const result = await run();
    expect(result.created).toBe(9 - partial);
    expect(await people()).toBe(9);
    const states = await directory.admin.query('SELECT state FROM directory.imports ORDER BY started_at, id');
    expect(states).toContainEqual({ state: 'failed' });
    expect(states).toContainEqual({ state: 'done' });
    expect(await run()).toMatchObject({ created: 0, changed: 0 });
  });
});

const withAcademy = (school: (typeof SAMPLE.schools)[number]) => ({
  ...school,
  ENTServAcCodeAcademie: '012',
});
