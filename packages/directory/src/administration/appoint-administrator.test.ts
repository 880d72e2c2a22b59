import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { endRole, grantRole } from '../people/grant-role.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import { openEntity, placeEntity, type EntityId } from '../schools/entity-tree.ts';
import { ensureAcademy } from '../schools/schools.ts';
import { openAdministrationWorld, type AdministrationWorld } from '../testing/open-administration.ts';
import type { AdministrationOrder } from './administration-order.ts';
import { prolongAdministration } from './change-administration.ts';
import { loadAdministrationActs, loadAdministrators } from './load-administrators.ts';

describe('giving a role of administration', () => {
  let world: AdministrationWorld;
  beforeAll(async () => {
    world = await openAdministrationWorld();
  });
  afterAll(() => world.directory.close());
  beforeEach(() => world.directory.clock.advanceSeconds(1));

  it('is given by whoever holds it there, written down with who, why and until when, and logged', async () => {
    const [giver, person] = [await world.add('local_admin'), await world.add('teacher')];
    const [id] = await world.appoint(giver, { person, role: 'local_admin', to: world.after(90) });
    expect(await world.holds(person, 'local_admin')).toBe(true);
    const [listed] = (
      await world.directory.all((tx) => loadAdministrators(tx, world.school.id, world.directory.clock.now()))
    ).filter((each) => each.id === id);
    expect(listed).toMatchObject({
      person,
      givenBy: giver,
      to: world.after(90),
      reason: 'Référente numérique',
    });
    const events = await world.directory.events();
    // ids of one millisecond come in any order
    expect(events.map(({ action, detail }) => [action, detail['role'], detail['until']])).toContainEqual([
      'directory.role.granted',
      'local_admin',
      world.after(90).toISOString(),
    ]);
    expect(JSON.stringify(events)).not.toContain('numérique');
  });

  it('is given by the academy’s administrator in its schools, and by nobody of another school', async () => {
    const denis = await world.add('academy_admin', { academy: world.academy.id });
    const elsewhere = await world.add('local_admin', { school: world.other.id });
    const person = await world.add('teacher');
    await expect(world.appoint(elsewhere, { person, role: 'local_admin' })).rejects.toMatchObject({
      code: 'administration_beyond_own',
    });
    await world.appoint(denis, { person, role: 'local_admin' });
    expect(await world.holds(person, 'local_admin')).toBe(true);
  });

  it.each([
    ['academy_admin', 'local_admin', 'academy'],
    ['dpo', 'local_admin', 'school'],
    ['dpo', 'academy_admin', 'academy'],
    ['security_officer', 'academy_admin', 'academy'],
    ['academy_admin', 'academy_admin', 'region'],
  ] as const)('refuses a %s given by a %s over the %s', async (role, held, scope) => {
    const giver = await world.add(
      held,
      held === 'local_admin' ? { school: world.school.id } : { academy: world.academy.id },
    );
    const [second, person] = [await world.add('dpo', { region: world.academy.region }), await world.add()];
    const over = { school: world.school.id, academy: world.academy.id, region: world.academy.region }[scope];
    await expect(world.appoint(giver, { person, role, over }, { agreedBy: second })).rejects.toMatchObject({
      code: 'administration_beyond_own',
    });
    expect(await world.holds(person, role)).toBe(false);
  });

  it('refuses a longer window than the giver’s, and takes one as long', async () => {
    const giver = await world.add('local_admin', { school: world.school.id }, world.after(30));
    const person = await world.add('teacher');
    const beyond = { code: 'administration_beyond_own' };
    await expect(world.appoint(giver, { person, role: 'local_admin' })).rejects.toMatchObject(beyond);
    await expect(
      world.appoint(giver, { person, role: 'local_admin', to: world.after(31) }),
    ).rejects.toMatchObject(beyond);
    const [id] = await world.appoint(giver, { person, role: 'local_admin', to: world.after(29) });
    const prolong = (to: Date | undefined) =>
      world.directory.all((tx) => prolongAdministration(tx, id!, to, world.order(giver)));
    await expect(prolong(undefined)).rejects.toMatchObject(beyond);
    await expect(prolong(world.after(40))).rejects.toMatchObject(beyond);
    await prolong(world.after(29.5));
    await expect(prolong(world.after(20))).rejects.toMatchObject({ code: 'role_window_invalid' });
  });

  it('refuses oneself, under either of two joined entries, and prolonging one’s own', async () => {
    const giver = await world.add('local_admin', { school: world.school.id }, world.after(60));
    const oneself = { code: 'administration_of_oneself' };
    await expect(world.appoint(giver, { person: giver, role: 'local_admin' })).rejects.toMatchObject(oneself);
    const id = await world.roleOf(giver);
    await expect(
      world.directory.all((tx) => prolongAdministration(tx, id, world.after(61), world.order(giver))),
    ).rejects.toMatchObject(oneself);
    const twin = await world.add();
    await world.directory.admin.query('UPDATE directory.people SET merged_into = $2 WHERE id = $1', [
      twin,
      giver,
    ]);
    await expect(world.appoint(giver, { person: twin, role: 'local_admin' })).rejects.toMatchObject(oneself);
  });

  it('refuses pupils, minors and people who are not active', async () => {
    const giver = await world.add('local_admin');
    const pupil = await world.add('pupil');
    const minor = await world.add();
    const gone = await world.add();
    await world.directory.admin.query(`UPDATE directory.people SET birth_date = '2012-01-01' WHERE id = $1`, [
      minor,
    ]);
    await world.directory.admin.query(`UPDATE directory.people SET status = 'suspended' WHERE id = $1`, [
      gone,
    ]);
    for (const person of [pupil, minor, gone]) {
      await expect(world.appoint(giver, { person, role: 'local_admin' })).rejects.toMatchObject({
        code: 'administrator_unfit',
      });
    }
  });

  it('refuses a role where it is not held, a suspended giver and one whose role is over or to come', async () => {
    const denis = await world.add('academy_admin', { academy: world.academy.id });
    const person = await world.add();
    await expect(
      world.appoint(denis, { person, role: 'local_admin', over: world.academy.id }),
    ).rejects.toMatchObject({
      code: 'administration_misplaced',
    });
    const [suspended, over] = [
      await world.add('local_admin'),
      await world.add('local_admin', undefined, world.after(1)),
    ];
    await world.directory.admin.query(`UPDATE directory.people SET status = 'suspended' WHERE id = $1`, [
      suspended,
    ]);
    world.directory.clock.advanceSeconds(86_401);
    const future = await world.add();
    await world.directory.all((tx) =>
      grantRole(
        tx,
        {
          person: future,
          role: 'local_admin',
          domain: { school: world.school.id },
          from: world.after(3),
          reason: 'Essai',
        },
        world.system(),
      ),
    );
    for (const giver of [suspended, over, future]) {
      await expect(
        world.appoint(giver, { person, role: 'local_admin', to: world.after(1) }),
      ).rejects.toMatchObject({
        code: 'administration_beyond_own',
      });
    }
  });

  it('takes a second person for an academy administrator, another than the giver and the one concerned', async () => {
    const where = { academy: world.academy.id };
    const [giver, second, person] = [
      await world.add('academy_admin', where),
      await world.add('dpo', where),
      await world.add(),
    ];
    const give = (change: Partial<AdministrationOrder>) =>
      world.appoint(giver, { person, role: 'academy_admin', over: world.academy.id }, change);
    const two = { code: 'administration_second_person' };
    await expect(give({})).rejects.toMatchObject(two);
    await expect(give({ agreedBy: giver })).rejects.toMatchObject(two);
    await expect(give({ agreedBy: person })).rejects.toMatchObject(two);
    await give({ agreedBy: second });
    expect(await world.holds(person, 'academy_admin')).toBe(true);
    const [act] = await world.directory.all((tx) =>
      loadAdministrationActs(tx, world.academy.id, world.directory.clock.now()),
    );
    expect(act).toMatchObject({ act: 'given', by: giver, agreedBy: second, person });
  });

  it('refuses a likely twin of the giver as the second person, until somebody declared two', async () => {
    const where = { academy: world.academy.id };
    const [giver, twin, person] = [
      await world.add('academy_admin', where),
      await world.add('dpo', where),
      await world.add(),
    ];
    await world.directory.admin.query(
      `UPDATE directory.people t SET given_name = g.given_name, family_name = g.family_name, birth_date = '1980-02-03'
       FROM directory.people g WHERE t.id = $2 AND g.id = $1`,
      [giver, twin],
    );
    await world.directory.admin.query(`UPDATE directory.people SET birth_date = '1980-02-03' WHERE id = $1`, [
      giver,
    ]);
    const give = () =>
      world.appoint(giver, { person, role: 'academy_admin', over: world.academy.id }, { agreedBy: twin });
    await expect(give()).rejects.toMatchObject({ code: 'administration_second_person' });
    await world.directory.admin.query(
      `INSERT INTO directory.distinct_people VALUES (least($1::uuid, $2), greatest($1::uuid, $2), $3, $4, now())`,
      [giver, twin, world.school.controller, person],
    );
    await give();
  });

  it('acts on a form once, of eight at the same time', async () => {
    const [giver, person] = [await world.add('local_admin'), await world.add()];
    const request = randomUUID();
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => world.appoint(giver, { person, role: 'local_admin' }, { request })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await world.end(giver, await world.roleOf(person));
    await expect(world.appoint(giver, { person, role: 'local_admin' }, { request })).rejects.toMatchObject({
      code: 'administration_repeated',
    });
    expect(await world.holds(person, 'local_admin')).toBe(false);
  });

  it('gives nothing that the giver lost meanwhile: each of six gifts is whole, or refused', async () => {
    for (let round = 0; round < 5; round += 1) {
      const giver = await world.add('local_admin');
      const mine = await world.roleOf(giver);
      const receivers = await Promise.all(Array.from({ length: 6 }, () => world.add()));
      const [, ...tries] = await Promise.allSettled([
        world.directory.all((tx) => endRole(tx, mine, world.system())),
        ...receivers.map((person) => world.appoint(giver, { person, role: 'local_admin' })),
      ]);
      for (const each of tries)
        if (each.status === 'rejected')
          expect(each.reason).toMatchObject({ code: 'administration_beyond_own' });
      await expect(
        world.appoint(giver, { person: await world.add(), role: 'local_admin' }),
      ).rejects.toMatchObject({
        code: 'administration_beyond_own',
      });
    }
  });

  it('waits for a loss that is not committed yet, and is refused after it', async () => {
    const [giver, person] = [await world.add('local_admin'), await world.add()];
    const mine = await world.roleOf(giver);
    const isLost = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const loss = world.directory.all(async (tx) => {
      await endRole(tx, mine, world.system());
      isLost.resolve();
      await mayCommit.promise;
    });
    await isLost.promise;
    const gift = world.appoint(giver, { person, role: 'local_admin' });
    const isWaiting = async (): Promise<boolean> => {
      const [row] = await world.directory.admin.query<{ waits: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted) AS waits`,
      );
      return row!.waits;
    };
    await expect.poll(isWaiting).toBe(true);
    mayCommit.resolve();
    await loss;
    await expect(gift).rejects.toMatchObject({ code: 'administration_beyond_own' });
    expect(await world.holds(person, 'local_admin')).toBe(false);
  });

  describe('over a node of the tree', () => {
    let commune: EntityId;
    beforeAll(async () => {
      const context = { ...world.system(), at: world.directory.clock.now() };
      commune = await world.directory.all(async (tx) => {
        const department = await openEntity(
          tx,
          {
            kind: 'department',
            code: 'D99',
            name: 'Ardente',
            parent: world.academy.id as string as EntityId,
          },
          context,
        );
        return openEntity(tx, { kind: 'commune', code: '99001', name: 'Bourg', parent: department }, context);
      });
    });

    it('is given in each school that stands there now, and an entity that moves later widens nothing', async () => {
      const denis = await world.add('academy_admin', { academy: world.academy.id });
      const person = await world.add();
      await expect(
        world.appoint(denis, { person, role: 'local_admin', over: commune }),
      ).rejects.toMatchObject({
        code: 'entity_unknown',
      });
      await world.directory.all((tx) =>
        placeEntity(tx, world.school.id as string as EntityId, commune, world.system()),
      );
      expect(await world.appoint(denis, { person, role: 'local_admin', over: commune })).toHaveLength(1);
      await world.directory.all((tx) =>
        placeEntity(tx, world.other.id as string as EntityId, commune, world.system()),
      );
      const { roles } = await world.directory.all((tx) =>
        loadPersonFacts(tx, person, world.directory.clock.now()),
      );
      expect(roles.map(({ domain }) => domain)).toEqual([world.school.id]);
    });

    it('is refused to whoever administers only one of its schools', async () => {
      const [local, person] = [await world.add('local_admin'), await world.add()];
      await expect(
        world.appoint(local, { person, role: 'local_admin', over: commune }),
      ).rejects.toMatchObject({
        code: 'administration_beyond_own',
      });
      expect(await world.holds(person, 'local_admin')).toBe(false);
    });

    it('follows the academy that the school is of, not the node that somebody placed it under', async () => {
      const away = await world.directory.all((tx) =>
        ensureAcademy(tx, { code: '97', at: world.directory.clock.now() }),
      );
      const theirs = await world.add('academy_admin', { academy: away.id });
      const person = await world.add();
      await world.directory.all((tx) =>
        placeEntity(tx, world.other.id as string as EntityId, away.id as string as EntityId, world.system()),
      );
      await expect(
        world.appoint(theirs, { person, role: 'local_admin', over: world.other.id }),
      ).rejects.toMatchObject({
        code: 'administration_beyond_own',
      });
      await expect(
        world.appoint(
          theirs,
          { person, role: 'academy_admin', over: world.academy.id },
          { agreedBy: await world.add() },
        ),
      ).rejects.toMatchObject({ code: 'administration_beyond_own' });
    });
  });
});
