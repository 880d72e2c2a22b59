import { loadLogHealth, openLogReader, type LogHealth, type ReadCount } from '@socle/audit';
import type { PersonId } from '@socle/base';
import type { WorkStatus } from '@socle/identity';
import { loadControllersOf, loadPersonCards } from '@socle/directory';
import { placesWhere } from '../../may-anywhere.ts';
import type { Visit } from '../../visit.ts';
import { strings } from './strings.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 14;
const MOST_LOCKS = 50;
const PLATFORM = 'platform';

/** Somebody whose account was slowed down. */
interface Lock {
  readonly person: PersonId;
  readonly name: string | undefined;
  readonly at: Date;
}

/** What the page shows. */
export interface Attacks {
  /** Events of the last 24 hours, by action. */
  readonly totals: ReadonlyMap<string, number>;
  /** Refused sign-ins of the last 24 hours, by hour. */
  readonly byHour: readonly ReadCount[];
  /** Refused sign-ins of the last 14 days, by day. */
  readonly byDay: readonly ReadCount[];
  readonly locks: readonly Lock[];
  readonly health: LogHealth;
  /** What strangers are asked for at sign-in now. */
  readonly work: WorkStatus;
}

/** Reads it for the places that the visitor watches; the reading itself is in the log. */
export async function loadAttacks(visit: Visit): Promise<Attacks> {
  const { socle, session, now, language } = visit;
  const places = placesWhere(visit, 'security.system.read', 'security.system');
  const scope = await socle.database.transaction(
    async (tx) => {
      const found = new Set<string>();
      for (const place of places) for (const each of await loadControllersOf(tx, place)) found.add(each);
      // logins that nobody has, and slowed accounts, are no school's
      if (places.some(({ school }) => school === undefined)) found.add(PLATFORM);
      return [...found];
    },
    { scope: 'all', readOnly: true },
  );
  const reader = openLogReader(socle);
  const reading = {
    reader: { kind: 'person', id: session.personId },
    controller: session.person.controller ?? PLATFORM,
    purpose: strings[language].purpose,
    scope,
  } as const;
  const since = (ms: number) => ({ from: new Date(now.getTime() - ms) });
  const refused = 'identity.session.refused';
  const { action = [] } = await reader.count(reading, since(DAY_MS), ['action']);
  const { hour = [] } = await reader.count(reading, { ...since(DAY_MS), action: refused }, ['hour']);
  const { day = [] } = await reader.count(reading, { ...since(DAYS * DAY_MS), action: refused }, ['day']);
  const { events } = await reader.search(reading, {
    ...since(HOUR_MS),
    action: 'identity.account.throttled',
    limit: MOST_LOCKS,
  });
  const last = new Map<PersonId, Date>();
  for (const { target, at } of events) {
    const person = target?.personId as PersonId | undefined;
    if (person !== undefined && !last.has(person)) last.set(person, at);
  }
  const { cards, health } = await socle.database.transaction(
    async (tx) => ({
      cards: await loadPersonCards(tx, [...last.keys()], now),
      health: await loadLogHealth(tx, now),
    }),
    { scope: 'all', readOnly: true },
  );
  return {
    totals: new Map(action.map(({ key, events: count }) => [key, count])),
    byHour: hour,
    byDay: day,
    locks: [...last].map(([person, at]) => ({ person, at, name: cards.get(person)?.displayName })),
    health,
    work: await socle.identity.workStatus(),
  };
}
