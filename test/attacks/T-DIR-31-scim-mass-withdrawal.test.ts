import { buildManualClock } from '@socle/base';
import { openScim, type Scim, type ScimCaller } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openScimClient, patch, SOCLE_USER, user } from '../support/scim-client.ts';
import { openSocleUnderTest, type SocleUnderTest } from '../support/socle-under-test.ts';

const PHARE = '9800001A';
const PUPILS = 60; // 5 % of them are 3

describe('T-DIR-31 a stolen or broken SCIM client that empties a school', () => {
  let world: SocleUnderTest;
  let scim: Scim;
  let caller: ScimCaller;
  const ids: string[] = [];
  const clock = buildManualClock(new Date('2026-11-02T08:00:00Z'));
  beforeAll(async () => {
    world = await openSocleUnderTest();
    await openScimClient(world, 'annuaire-phare', `head:${PHARE}`);
    const { database, audit } = world.socle;
    scim = openScim({ database, audit, clock, baseUrl: `${world.issuer}/scim/v2` });
    caller = await scim.requireCaller('annuaire-phare');
    for (let n = 0; n < PUPILS; n += 1)
      ids.push((await scim.create(caller, 'User', user(`M-${n}`, 'pupil', PHARE))).id);
  });
  afterAll(() => world.close());

  const ways = [
    (id: string) => scim.remove(caller, 'User', id, undefined),
    (id: string) =>
      scim.patch(caller, 'User', id, {
        body: patch({ op: 'replace', path: 'active', value: false }),
        ifMatch: undefined,
      }),
    (id: string) =>
      scim.patch(caller, 'User', id, {
        body: patch({ op: 'remove', path: `${SOCLE_USER}:roles` }),
        ifMatch: undefined,
      }),
  ];
  const present = async () =>
    (
      await world.database.openAdmin().query<{ n: number }>(
        `SELECT count(*)::int AS n FROM directory.roles r JOIN directory.people p ON p.id = r.person_id
       WHERE r.school_id = $1 AND r.valid_to IS NULL AND r.reason = 'scim' AND p.status = 'active'`,
        [world.phare.id],
      )
    )[0]!.n;

  it('is stopped at 5 % of the school in a day, whatever the way and however many at once, and told why', async () => {
    const answers = await Promise.allSettled(
      ids.slice(0, 12).map((id, index) => ways[index % ways.length]!(id)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      expect(answer.reason).toMatchObject({
        code: 'scim_withdrawals_exceed_guard',
        status: 403,
        publicMessage: expect.stringContaining('3 people of this school'),
      });
    }
    expect(await present()).toBe(PUPILS - 3);
    const refusals = await world.database
      .openAdmin()
      .query(`SELECT 1 FROM audit.events WHERE action = 'directory.scim.refused'`);
    expect(refusals).toHaveLength(9);
  });

  it('may give places back, and goes on the next day', async () => {
    const [left] = await world.database.openAdmin().query<{ id: string; key: string; deleted: boolean }>(
      `SELECT u.person_id AS id, u.external_id AS key, u.deleted_at IS NOT NULL AS deleted
       FROM directory.scim_users u JOIN directory.scim_withdrawals w ON w.person_id = u.person_id ORDER BY u.external_id LIMIT 1`,
    );
    const rest = ids.slice(20);
    await expect(ways[0]!(rest[0]!)).rejects.toMatchObject({ code: 'scim_withdrawals_exceed_guard' });
    const back = user(left!.key, 'pupil', PHARE);
    await (left!.deleted
      ? scim.create(caller, 'User', back)
      : scim.replace(caller, 'User', left!.id, { body: back, ifMatch: undefined }));
    await ways[0]!(rest[0]!);
    await expect(ways[0]!(rest[1]!)).rejects.toMatchObject({ code: 'scim_withdrawals_exceed_guard' });
    clock.advanceSeconds(86_400);
    await ways[0]!(rest[1]!);
    await ways[0]!(rest[2]!);
  });
});
