import type { ControllerId, PersonId } from '@socle/base';
import type { Reading, ReadParty } from '@socle/audit';
import { loadControllersOf, loadPersonCards, type PersonCard } from '@socle/directory';
import { placesWhere } from '../../may-anywhere.ts';
import type { Visit } from '../../visit.ts';
import type { Question } from './question.ts';
import { strings } from './strings.ts';

/**
 * In whose name and of whom the visitor reads the log: the controllers of the places where the rules let them.
 *
 * @throws ServiceError `access_denied` (403), which is logged.
 */
export async function openReading(visit: Visit, question: Question): Promise<Reading> {
  const { session, socle, language } = visit;
  const places = placesWhere(visit, 'audit.log.read', 'audit.log');
  const [first] = places;
  await visit.requireMay('audit.log.read', first ?? { type: 'audit.log' });
  const scope = await socle.database.transaction(
    async (tx) => {
      const found = new Set<ControllerId>();
      for (const place of places) for (const each of await loadControllersOf(tx, place)) found.add(each);
      return [...found];
    },
    { scope: 'all', readOnly: true },
  );
  const words = strings[language];
  const why = question.purpose === undefined ? '' : words[`purpose_${question.purpose}`];
  return {
    reader: { kind: 'person', id: session.personId },
    controller: session.person.controller ?? scope[0] ?? 'platform',
    purpose: question.reference === '' ? why : `${why} (${question.reference})`,
    scope,
  };
}

/** Cards of the people whom events name. They may belong to any controller: an outsider who looked is told too. */
export async function loadCards(
  { socle, now }: Visit,
  parties: readonly (ReadParty | undefined)[],
): Promise<ReadonlyMap<PersonId, PersonCard>> {
  const ids = new Set(
    parties.flatMap((party) => (party?.personId === undefined ? [] : [party.personId as PersonId])),
  );
  return socle.database.transaction((tx) => loadPersonCards(tx, [...ids], now), {
    scope: 'all',
    readOnly: true,
  });
}
