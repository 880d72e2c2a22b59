import { isUuid, type PersonId } from '@socle/base';
import {
  findDivision,
  loadMembers,
  loadSchools,
  type Division,
  type Person,
  type School,
} from '@socle/directory';
import type { Account } from '@socle/identity';
import type { Resource } from '@socle/authorization';
import type { Logo } from '../../../logos/redraw-logo.ts';
import { findLogo } from '../../../logos/store.ts';
import { ServiceError } from '../../../errors.ts';
import type { Visit } from '../../visit.ts';

/** A class or group as somebody who may list its pupils sees it. */
export interface SchoolClass {
  readonly division: Division;
  readonly school: School;
  readonly logo: Logo | undefined;
  /** Pupils who belong to it now, in the order of lists. */
  readonly pupils: readonly Person[];
  readonly accounts: ReadonlyMap<PersonId, Account>;
}

/**
 * The class that the address names.
 * @throws ServiceError `not_found` (404), `access_denied` (403) for those who may not list its pupils.
 */
export async function loadClass(visit: Visit): Promise<SchoolClass> {
  const given = visit.params['division'];
  const id = isUuid(given) ? (given as string as Division['id']) : undefined;
  const { socle, now } = visit;
  // Decided below, by the policies, on the school that the class turns out to be in.
  const found =
    id && (await socle.database.transaction((tx) => findDivision(tx, id), { scope: 'all', readOnly: true }));
  if (!found) throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such class.' });
  await visit.requireMay('directory.division.members', {
    type: 'directory.division',
    id: found.id,
    division: found.id,
    school: found.school,
  });
  const { pupils, school, logo } = await socle.database.transaction(
    async (tx) => ({
      pupils: await loadMembers(tx, found.id, now),
      school: (await loadSchools(tx, { ids: [found.school] }))[0]!,
      logo: await findLogo(tx, found.school),
    }),
    { scope: 'all', readOnly: true },
  );
  const accounts = await socle.identity.accounts.list(pupils.map((pupil) => pupil.id));
  return { division: found, school, logo, pupils, accounts };
}

/** The account of a pupil of this class, as the policies name it. */
export function accountOf(
  { division, school }: Pick<SchoolClass, 'division' | 'school'>,
  pupil: PersonId,
): Resource {
  return { type: 'accounts.account', id: pupil, pupil, school: school.id, division: division.id };
}
