import { randomUUID } from 'node:crypto';
import type { Tx } from '@socle/db';
import * as directory from '@socle/directory';
import type { DirectoryWorld } from './directory-world.ts';

type Attack = (tx: Tx, world: DirectoryWorld) => Promise<unknown>;

const done = async (work: Promise<void>): Promise<string> => {
  await work;
  return 'done';
};
const asEntity = (id: string) => id as directory.EntityId;
const at = (world: DirectoryWorld) => world.directory.clock.now();
const later = (world: DirectoryWorld, days: number) => new Date(at(world).getTime() + days * 86_400_000);

const appointSomebody = (tx: Tx, w: DirectoryWorld, to?: Date, person = w.cpe) =>
  directory.grantRole(
    tx,
    {
      person,
      role: 'local_admin',
      domain: { school: w.college.id },
      reason: 'Essai',
      ...(to === undefined ? {} : { to }),
    },
    w.context(),
  );

const administrate = (
  w: DirectoryWorld,
  change: Partial<directory.AdministrationOrder> = {},
): directory.AdministrationOrder => ({
  audit: w.directory.audit,
  clock: w.directory.clock,
  author: { kind: 'system', id: 'essai' },
  request: randomUUID(),
  reason: 'Essai',
  ...change,
});

/** Under a narrow scope, nothing can be prepared: the act itself is refused first. */
async function requireScope(tx: Tx, w: DirectoryWorld): Promise<void> {
  await directory.appointAdministrator(
    tx,
    { person: w.relative, role: 'local_admin', over: asEntity(w.lycee.id) },
    administrate(w),
  );
}

/** Readers of who administers, turned by one school against another. */
export const ATTACKS_ON_ADMINISTRATION: Readonly<Record<string, Attack>> = {
  loadAdministrators: async (tx, w) => {
    await appointSomebody(tx, w);
    return directory.loadAdministrators(tx, w.college.id, at(w));
  },
  loadAdministrationActs: async (tx, w) => {
    await tx.query(
      `INSERT INTO directory.role_acts (id, role_id, controller_id, act, at, reason)
       VALUES ('018f3c1e-7a00-7000-8000-00000000000f', $1, $2, 'given', $3, 'Essai')`,
      [await appointSomebody(tx, w), w.college.controller, at(w)],
    );
    return directory.loadAdministrationActs(tx, w.college.id, at(w));
  },
  loadUnadministered: async (tx, w) => {
    const found = await directory.loadUnadministered(tx, { academy: w.college.academy }, at(w));
    return found.filter(({ id }) => id === w.college.id);
  },
  loadAdministeredPlaces: (tx, w) => directory.loadAdministeredPlaces(tx, asEntity(w.college.id)),
};

/** Its writers, which are refused under the scope of one controller. */
export const ADMINISTRATION_NEEDS_THE_SCOPE_OF_ALL: Readonly<Record<string, Attack>> = {
  appointAdministrator: (tx, w) =>
    directory.appointAdministrator(
      tx,
      { person: w.cpe, role: 'local_admin', over: asEntity(w.college.id) },
      administrate(w),
    ),
  prolongAdministration: async (tx, w) => {
    await requireScope(tx, w);
    const id = await appointSomebody(tx, w, later(w, 10));
    await appointSomebody(tx, w, undefined, w.teacher);
    return done(directory.prolongAdministration(tx, id, later(w, 20), administrate(w, { agreedBy: w.head })));
  },
  endAdministration: async (tx, w) => {
    await requireScope(tx, w);
    const id = await appointSomebody(tx, w);
    await appointSomebody(tx, w, undefined, w.teacher);
    return done(directory.endAdministration(tx, id, administrate(w)));
  },
  restoreAdministration: async (tx, w) => {
    await requireScope(tx, w);
    const id = await appointSomebody(tx, w);
    await directory.endAdministration(tx, id, administrate(w, { agreedBy: w.head }));
    return directory.restoreAdministration(tx, id, administrate(w));
  },
};
