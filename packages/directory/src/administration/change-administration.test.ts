import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityId } from '../schools/entity-tree.ts';
import { openAdministrationWorld, type AdministrationWorld } from '../testing/open-administration.ts';
import { appointAdministrator } from './appoint-administrator.ts';
import { restoreAdministration } from './change-administration.ts';
import { loadAdministrationActs, loadUnadministered } from './load-administrators.ts';

describe('ending a role of administration, and the command line', () => {
  let world: AdministrationWorld;
  beforeAll(async () => {
    world = await openAdministrationWorld();
  });
  afterAll(() => world.directory.close());
  beforeEach(() => world.directory.clock.advanceSeconds(1));

  describe('its end', () => {
    it('is at once, puts sessions down to be ended, and may be taken back by whoever might give it', async () => {
      const [giver, person] = [await world.add('local_admin'), await world.add()];
      const until = world.after(50);
      const [id] = await world.appoint(giver, { person, role: 'local_admin', to: until });
      world.directory.clock.advanceSeconds(1);
      await world.end(giver, id!, { reason: 'Départ du collège' });
      expect(await world.holds(person, 'local_admin')).toBe(false);
      const due = await world.directory.admin.query(
        'SELECT 1 FROM directory.session_endings WHERE person_id = $1',
        [person],
      );
      expect(due).toHaveLength(1);
      const acts = () =>
        world.directory.all((tx) => loadAdministrationActs(tx, world.school.id, world.directory.clock.now()));
      expect((await acts()).find(({ role, act }) => role === id && act === 'ended')).toMatchObject({
        isRestorable: true,
        until,
        reason: 'Départ du collège',
      });
      world.directory.clock.advanceSeconds(1);
      const [again] = await world.directory.all((tx) => restoreAdministration(tx, id!, world.order(giver)));
      expect(await world.holds(person, 'local_admin')).toBe(true);
      expect((await acts()).filter(({ role, isRestorable }) => role === id && isRestorable)).toEqual([]);
      const [row] = await world.directory.admin.query<{ valid_to: Date }>(
        'SELECT valid_to FROM directory.roles WHERE id = $1',
        [again],
      );
      expect(row!.valid_to).toEqual(until);
      await expect(
        world.directory.all((tx) => restoreAdministration(tx, id!, world.order(giver))),
      ).rejects.toMatchObject({ code: 'role_already_held' });
    });

    it('is refused to whoever covers nothing of it, and to nobody for their own', async () => {
      const [one, two] = [await world.add('local_admin'), await world.add('local_admin')];
      const elsewhere = await world.add('local_admin', { school: world.other.id });
      await expect(world.end(elsewhere, await world.roleOf(one))).rejects.toMatchObject({
        code: 'administration_beyond_own',
      });
      await world.end(two, await world.roleOf(two));
      expect(await world.holds(two, 'local_admin')).toBe(false);
    });

    it('takes a second person for the last in a place; of two who end each other at once, one is left', async () => {
      const away = { region: world.academy.region };
      const [one, two, second] = [
        await world.add('dpo', away),
        await world.add('dpo', away),
        await world.add('local_admin'),
      ];
      await world.directory.admin.query(
        `UPDATE directory.roles SET valid_to = $3 WHERE role = 'dpo' AND region_id = $1 AND person_id <> ALL ($2::uuid[])`,
        [world.academy.region, [one, two], world.directory.clock.now()],
      );
      const roles = [await world.roleOf(one), await world.roleOf(two)] as const;
      const tries = await Promise.allSettled([world.end(two, roles[0]), world.end(one, roles[1])]);
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const last = (await world.holds(one, 'dpo')) ? one : two;
      await expect(world.end(last, await world.roleOf(last))).rejects.toMatchObject({
        code: 'administration_second_person',
      });
      await expect(world.end(last, await world.roleOf(last), { agreedBy: last })).rejects.toMatchObject({
        code: 'administration_second_person',
      });
      await world.end(last, await world.roleOf(last), { agreedBy: second });
      expect(await world.holds(last, 'dpo')).toBe(false);
    });
  });

  describe('on the command line', () => {
    it('makes the first of a place alone, and a further one with a second person', async () => {
      const [one, two, second] = [await world.add(), await world.add(), await world.add('local_admin')];
      const where = { role: 'security_officer', over: world.other.id } as const;
      await world.appoint('operator', { person: one, ...where });
      await expect(world.appoint('operator', { person: two, ...where })).rejects.toMatchObject({
        code: 'administration_second_person',
      });
      await world.appoint('operator', { person: two, ...where }, { agreedBy: second });
    });

    it('passes over holders who cannot sign in', async () => {
      const [lost, next] = [await world.add(), await world.add()];
      const where = { role: 'dpo', over: world.other.id } as const;
      await world.appoint('operator', { person: lost, ...where });
      await expect(world.end('operator', await world.roleOf(lost))).rejects.toMatchObject({
        code: 'administration_second_person',
      });
      await world.appoint('operator', { person: next, ...where }, { unable: [lost] });
      await world.end('operator', await world.roleOf(lost), { unable: [lost] });
    });
  });

  it('is refused without the scope of all, and without a reason', async () => {
    const [giver, person] = [await world.add('local_admin'), await world.add()];
    await expect(
      world.directory.database.transaction(
        (tx) =>
          appointAdministrator(
            tx,
            { person, role: 'local_admin', over: world.school.id as string as EntityId },
            world.order(giver),
          ),
        { scope: [world.school.controller] },
      ),
    ).rejects.toMatchObject({ code: 'scope_too_narrow' });
    await expect(
      world.appoint(giver, { person, role: 'local_admin' }, { reason: ' x ' }),
    ).rejects.toMatchObject({
      code: 'administration_unreasoned',
    });
  });

  it('names the schools of an academy that nobody administers', async () => {
    const list = () =>
      world.directory.all((tx) =>
        loadUnadministered(tx, { academy: world.academy.id }, world.directory.clock.now()),
      );
    await world.directory.admin.query(
      `UPDATE directory.roles SET valid_to = greatest(valid_from, $2) WHERE role = 'local_admin' AND school_id = $1`,
      [world.other.id, world.directory.clock.now()],
    );
    expect((await list()).map(({ id }) => id)).toContain(world.other.id);
    await world.appoint(await world.add('academy_admin', { academy: world.academy.id }), {
      person: await world.add(),
      role: 'local_admin',
      over: world.other.id,
    });
    expect((await list()).map(({ id }) => id)).not.toContain(world.other.id);
  });
});
