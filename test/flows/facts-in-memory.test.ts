import type { Database } from '@socle/db';
import { loadAuthorizationRevision } from '@socle/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '../support/module-of-socle.ts';
import { openSocleUnderTest, type SocleUnderTest, type TestPerson } from '../support/socle-under-test.ts';

const SPREAD = { action: 'mail.message.broadcast' } as const;

describe('decisions of the service on facts held in memory', () => {
  let world: SocleUnderTest;
  let admin: Database;
  let [head, other]: TestPerson[] = [];
  beforeAll(async () => {
    world = await openSocleUnderTest();
    admin = world.database.openAdmin();
    head = await world.add({ givenName: 'Goulven', school: world.phare, roles: ['head'] });
    other = await world.add({ givenName: 'Loïg', school: world.embruns, roles: ['head'] });
  });
  afterAll(() => world.close());

  const revision = () => loadAuthorizationRevision(world.socle.database);
  const held = () => world.socle.heldFacts;
  const may = async (person: TestPerson, minRev?: number): Promise<boolean> => {
    const facts = await world.socle.decisions.loadFacts(person.id, minRev === undefined ? {} : { minRev });
    const resource = { type: 'mail.message', school: world.phare.id };
    return world.socle.decisions.decide(facts!, { ...SPREAD, resource }).allowed;
  };
  const untilHeld = () =>
    waitUntil(async () => held().find(await revision(), world.socle.clock.now()) !== undefined, 20_000);
  /** Hides what queries facts of one person: what is answered meanwhile comes from memory. */
  const withoutQueries = async (work: () => Promise<void>): Promise<void> => {
    await admin.query('ALTER FUNCTION directory.person_facts(uuid, timestamptz) RENAME TO hidden_facts');
    try {
      await work();
    } finally {
      await admin.query('ALTER FUNCTION directory.hidden_facts(uuid, timestamptz) RENAME TO person_facts');
    }
  };

  it('come from memory once everybody was read, for one and for many', async () => {
    await untilHeld();
    await withoutQueries(async () => {
      expect([await may(head!), await may(other!)]).toEqual([true, false]);
      const facts = await world.socle.decisions.loadManyFacts([head!.id, other!.id]);
      expect([...facts.keys()]).toEqual([head!.id, other!.id]);
      expect([...facts.get(head!.id)!.schools.keys()]).toEqual([world.phare.id]);
      // Who is not held is asked of the database, which here cannot answer.
      await expect(world.socle.decisions.loadFacts(crypto.randomUUID() as never)).rejects.toThrow();
    });
    expect(held().state).toMatchObject({ failures: 0, revision: await revision() });
    expect(held().state.loads).toBeGreaterThan(0);
    expect(held().state.people).toBeGreaterThanOrEqual(2);
  });

  it('count a role that ended from its commit on, although memory has not heard of it', async () => {
    await untilHeld();
    const end = (to: string) =>
      admin.query(`UPDATE directory.roles SET valid_to = ${to} WHERE person_id = $1`, [head!.id]);
    for (let round = 0; round < 20; round += 1) {
      await end('clock_timestamp()');
      expect(await may(head!)).toBe(false);
      await end('NULL');
      expect(await may(head!)).toBe(true);
    }
  });

  it('take a revision that the caller has seen for enough, and no earlier one', async () => {
    await untilHeld();
    const seen = await revision();
    // Without its triggers the change moves no revision: memory cannot know, and the caller asks for what it has seen.
    await admin.query('ALTER TABLE directory.roles DISABLE TRIGGER USER');
    await admin.query('UPDATE directory.roles SET valid_to = valid_from WHERE person_id = $1', [head!.id]);
    await held().follow(seen);
    expect(await may(head!, seen)).toBe(true);
    // A revision that is not reached is asked of the database.
    expect(await may(head!, seen + 1)).toBe(false);
    await admin.query('UPDATE directory.roles SET valid_to = NULL WHERE person_id = $1', [head!.id]);
    await admin.query('ALTER TABLE directory.roles ENABLE TRIGGER USER');
  });

  it('go on by the database while memory cannot be read', async () => {
    await untilHeld();
    const before = held().state.failures;
    await admin.query('REVOKE SELECT ON directory.authorization_moves FROM socle_app');
    await admin.query('UPDATE directory.roles SET valid_to = clock_timestamp() WHERE person_id = $1', [
      head!.id,
    ]);
    await held().follow(await revision());
    expect(held().state.failures).toBeGreaterThan(before);
    expect([held().state.people, await may(head!)]).toEqual([0, false]);
    await admin.query('GRANT SELECT ON directory.authorization_moves TO socle_app');
    await admin.query('UPDATE directory.roles SET valid_to = NULL WHERE person_id = $1', [head!.id]);
    expect(await may(head!)).toBe(true);
  });
});
