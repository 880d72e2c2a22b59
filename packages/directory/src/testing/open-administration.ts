import { randomUUID } from 'node:crypto';
import type { PersonId } from '@socle/base';
import type { AdministrationOrder } from '../administration/administration-order.ts';
import { appointAdministrator, type Appointment } from '../administration/appoint-administrator.ts';
import { endAdministration } from '../administration/change-administration.ts';
import type { AdministrativeRole } from '../administration/roles-of-administration.ts';
import type { RoleId } from '../ids.ts';
import { createPerson } from '../people/create-person.ts';
import { grantRole } from '../people/grant-role.ts';
import { loadPersonFacts } from '../people/load-person-facts.ts';
import type { EntityId } from '../schools/entity-tree.ts';
import { loadAcademies, loadSchools, type Academy, type School } from '../schools/schools.ts';
import { openTestDirectory } from './open-directory.ts';
import { SAMPLE } from './write-feed-sample.ts';

const DAY_MS = 86_400_000;

/** Two schools of one academy, and people who administer them. */
export async function openAdministrationWorld() {
  const directory = await openTestDirectory();
  await directory.importSample(SAMPLE);
  const [school, other] = (await directory.all((tx) => loadSchools(tx))) as [School, School];
  const [academy] = (await directory.all((tx) => loadAcademies(tx))) as [Academy];
  let people = 0;

  const system = () => ({
    audit: directory.audit,
    author: { kind: 'system', id: 'test' } as const,
    at: directory.clock.now(),
  });
  const after = (days: number) => new Date(directory.clock.now().getTime() + days * DAY_MS);
  const order = (
    by: PersonId | 'operator',
    change: Partial<AdministrationOrder> = {},
  ): AdministrationOrder => ({
    audit: directory.audit,
    clock: directory.clock,
    author: by === 'operator' ? { kind: 'system', id: 'command-line' } : { kind: 'person', id: by },
    request: randomUUID(),
    reason: 'Référente numérique',
    ...change,
  });
  /** A person of their own names, with roles given outside of administration. */
  async function add(
    role?: AdministrativeRole | 'teacher' | 'pupil',
    where: { school: School['id'] } | { academy: Academy['id'] } | { region: Academy['region'] } = {
      school: school.id,
    },
    to?: Date,
  ): Promise<PersonId> {
    people += 1;
    const familyName = `Kerjean-${String.fromCodePoint(96 + people)}${people}`;
    return directory.all(async (tx) => {
      const id = await createPerson(
        tx,
        { givenName: `Yaël${people}`, familyName, controller: school.controller },
        system(),
      );
      if (role)
        await grantRole(
          tx,
          { person: id, role, domain: where, reason: 'Essai', ...(to ? { to } : {}) },
          system(),
        );
      return id;
    });
  }
  const appoint = (
    by: PersonId | 'operator',
    appointment: Omit<Appointment, 'over'> & { readonly over?: string },
    change: Partial<AdministrationOrder> = {},
  ) =>
    directory.all((tx) =>
      appointAdministrator(
        tx,
        { ...appointment, over: (appointment.over ?? school.id) as EntityId },
        order(by, change),
      ),
    );
  const end = (by: PersonId | 'operator', role: RoleId, change: Partial<AdministrationOrder> = {}) =>
    directory.all((tx) => endAdministration(tx, role, order(by, change)));
  const roleOf = async (person: PersonId) => {
    const [row] = await directory.admin.query<{ id: RoleId }>(
      'SELECT id FROM directory.roles WHERE person_id = $1 ORDER BY valid_from DESC LIMIT 1',
      [person],
    );
    return row!.id;
  };
  const holds = async (person: PersonId, role: AdministrativeRole) => {
    const facts = await directory.all((tx) => loadPersonFacts(tx, person, directory.clock.now()));
    return facts.roles.some((each) => each.role === role);
  };

  return { directory, school, other, academy, system, after, order, add, appoint, end, roleOf, holds };
}

export type AdministrationWorld = Awaited<ReturnType<typeof openAdministrationWorld>>;
