import type { Database } from '@socle/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openModuleOfSocle,
  waitUntil,
  type Arrived,
  type ModuleOfSocle,
} from '../support/module-of-socle.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const KILLS = 3;

describe(`kill -9 of the service, ${KILLS} times while a module decides`, () => {
  let socle: SocleUnderTest;
  let module: ModuleOfSocle;
  let admin: Database;
  let cpe: TestPerson;
  let arrived: Arrived;
  beforeAll(async () => {
    socle = await openSocleUnderTest({ isProcess: true });
    admin = socle.database.openAdmin();
    module = await openModuleOfSocle(socle, { staleSeconds: 600 });
    cpe = await socle.add({ givenName: 'Maïwenn', school: socle.phare, roles: ['cpe'] });
    arrived = await module.arrive(cpe);
    await waitUntil(() => module.client.decisionStatus().policies > 0);
  });
  afterAll(async () => {
    await module.close();
    await socle.close();
  });

  const properties = () => ({ school: socle.phare.id, division: socle.phare.division });
  const rollCall = () => ({
    action: 'absences.roll_call.read',
    resource: { type: 'absences.roll_call' },
    properties: { ...properties(), closed: false },
  });
  const justification = () => ({
    action: 'absences.justification.read',
    resource: { type: 'absences.justification', id: 'j1' },
    properties: { ...properties(), pupil: 'p1' },
  });
  const endRole = (valid: 'now()' | 'NULL') =>
    admin.query(`UPDATE directory.roles SET valid_to = ${valid} WHERE person_id = $1`, [cpe.id]);

  it('refuses what is asked strictly, decides the rest by what it holds, and catches up without a gap', async () => {
    expect((await arrived.may(rollCall())).allowed).toBe(true);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const verdicts: boolean[] = [];
      let isDeciding = true;
      const deciding = (async () => {
        while (isDeciding) verdicts.push((await arrived.may(rollCall())).allowed);
      })();
      await waitUntil(() => verdicts.length > 2);
      await socle.kill();
      const before = verdicts.length;
      await waitUntil(() => verdicts.length > before + 5);
      isDeciding = false;
      await deciding;
      expect(verdicts.every(Boolean)).toBe(true);
      await expect(arrived.may(rollCall(), { consistency: 'strict' })).rejects.toMatchObject({
        code: 'socle_unavailable',
      });
      // two changes that nobody could tell of: the right ends, and other facts move on
      await endRole('now()');
      await socle.add({ givenName: 'Gwenn', school: socle.phare, roles: ['head'] });
      expect((await arrived.may(rollCall())).allowed).toBe(true);
      const { revision } = module.client.decisionStatus();
      await socle.restart();
      await waitUntil(async () => !(await arrived.may(rollCall())).allowed);
      expect(module.client.decisionStatus().revision).toBeGreaterThan(revision + 1);
      await endRole('NULL');
      await waitUntil(async () => (await arrived.may(rollCall())).allowed);
    }
  });

  it('refuses sensitive acts after five minutes without news, others after the limit set for them, and takes up its work again', async () => {
    expect((await arrived.may(justification())).allowed).toBe(true);
    await socle.kill();
    const after = (seconds: number): void => module.clock.set(new Date(Date.now() + seconds * 1000));
    after(290);
    expect((await arrived.may(justification())).allowed).toBe(true);
    after(310);
    await expect(arrived.may(justification())).rejects.toMatchObject({ code: 'socle_unavailable' });
    expect((await arrived.may(rollCall())).allowed).toBe(true);
    after(610);
    await expect(arrived.may(rollCall())).rejects.toMatchObject({ code: 'socle_unavailable' });
    after(0);
    const { waiting } = await module.client.audit.status();
    expect(waiting).toBeGreaterThan(0);
    await socle.restart();
    await waitUntil(async () => (await module.client.audit.status()).waiting === 0, 30_000);
    expect((await module.client.audit.status()).refused).toBe(0);
    expect((await arrived.may(justification(), { consistency: 'strict' })).allowed).toBe(true);
    const events = await admin.query(
      `SELECT 1 FROM audit.events WHERE action = 'absences.decision.made' AND outcome = 'success'`,
    );
    expect(events).toHaveLength(2);
  });
});
