import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SAMPLE, writeFeedSample, type FeedSample } from '@socle/directory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSocle } from '../support/command-line.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

describe('socle import aaf --force', () => {
  let world: SocleUnderTest;
  let root: string;
  let servane: TestPerson;
  let ronan: TestPerson;
  const academy: FeedSample = {
    ...SAMPLE,
    academy: '98',
    schools: SAMPLE.schools.map((school) => ({ ...school, ENTServAcCodeAcademie: '098' })),
  };

  beforeAll(async () => {
    world = await openSocleUnderTest();
    root = await mkdtemp(path.join(tmpdir(), 'socle-forced-'));
    servane = await world.add({ givenName: 'Servane', academyRoles: ['academy_admin'] });
    ronan = await world.add({ givenName: 'Ronan', academyRoles: ['academy_admin'] });
  });
  afterAll(async () => {
    await world.close();
    await rm(root, { recursive: true, force: true });
  });

  async function write(name: string, sample: FeedSample): Promise<string> {
    const folder = path.join(root, name);
    await writeFeedSample(folder, sample);
    return folder;
  }
  const run = (folder: string, ...more: string[]) =>
    runSocle(
      {
        PATH: process.env['PATH'] ?? '',
        SOCLE_ISSUER: world.issuer,
        SOCLE_DATA_DIR: world.dataDir,
        SOCLE_DATABASE_URL: world.database.url('app'),
        SOCLE_SEQUENCER_DATABASE_URL: world.database.url('sequencer'),
      },
      ['import', 'aaf', folder, '--academy', '98', ...more],
    );
  const force = (folder: string, by: TestPerson = servane) =>
    run(folder, '--force', '--by', by.id, '--reason', 'fermeture d’un collège', '--json');
  const rows = (sql: string, values: readonly unknown[] = []) =>
    world.database.openAdmin().query<{ n: number }>(sql, values);
  const leaving = async () =>
    (await rows('SELECT count(*)::int AS n FROM directory.people WHERE leaving_since IS NOT NULL'))[0]!.n;
  const confirm = async (id: string, by: TestPerson) => {
    const facts = await world.socle.decisions.loadFacts(by.id);
    return world.socle.database.transaction(
      (tx) =>
        world.socle.approvals.decide(tx, {
          id,
          verdict: 'confirmed',
          facts: facts!,
          acr: 'password',
          session: 's',
        }),
      { scope: 'all' },
    );
  };

  it('applies what the guard stopped once somebody else confirmed these very files, and only once', async () => {
    const whole = await write('whole', { ...academy, day: '20260901' });
    const empty = await write('empty', { ...academy, pupils: [], relatives: [], day: '20260902' });
    const other = await write('other', { ...academy, relatives: [], day: '20260903' });
    expect(await run(whole)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('refus') });

    // Without force the guard refuses; with it, the first run asks.
    expect(await run(empty)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    const asked = await force(empty);
    expect(asked).toMatchObject({ code: 1, stderr: expect.stringContaining('/approvals') });
    expect(asked.stderr).toContain('Une autre personne');
    const { approval } = JSON.parse(asked.stdout) as { approval: string };
    expect(JSON.parse((await force(empty)).stdout)).toMatchObject({ approval });
    expect(await leaving()).toBe(0);

    // Not oneself, not another asker, not another feed.
    await expect(confirm(approval, servane)).rejects.toMatchObject({ code: 'access_denied' });
    await confirm(approval, ronan);
    expect((await force(empty, ronan)).code).toBe(1);
    expect((await force(other)).code).toBe(1);
    expect((await run(empty, '--force')).code).toBe(1);
    expect(await leaving()).toBe(0);

    const applied = await force(empty);
    expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringContaining('/approvals') });
    expect(JSON.parse(applied.stdout)).toMatchObject({ suspended: await leaving() });
    expect(await leaving()).toBeGreaterThan(3);
    expect(
      await rows('SELECT FROM socle.approvals WHERE id = $1 AND used_at IS NOT NULL', [approval]),
    ).toHaveLength(1);

    // They come back; the confirmation was good for one time.
    expect((await run(whole)).code).toBe(0);
    expect(await leaving()).toBe(0);
    expect((await force(empty)).code).toBe(1);
    expect(await leaving()).toBe(0);
  }, 120_000);

  it('is refused when the confirmation is too old', async () => {
    const none = await write('none', { ...academy, pupils: [], relatives: [], staff: [], day: '20260904' });
    const { approval } = JSON.parse((await force(none)).stdout) as { approval: string };
    await confirm(approval, ronan);
    await rows(`UPDATE socle.approvals SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      approval,
    ]);
    expect((await force(none)).code).toBe(1);
    expect(await leaving()).toBe(0);
  }, 60_000);

  it('shows with --dry-run what it would do, without asking anybody', async () => {
    const empty = await write('dry', { ...academy, pupils: [], relatives: [], day: '20260905' });
    const dry = await run(empty, '--force', '--dry-run', '--json');
    expect(dry.code).toBe(0);
    expect((JSON.parse(dry.stdout) as { suspended: number }).suspended).toBeGreaterThan(3);
    expect(await leaving()).toBe(0);
  }, 60_000);
});
