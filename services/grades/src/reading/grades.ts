import type { Client, DirectoryPerson, MayRequest, ModuleDatabase, ModuleSession, Tx } from '@socle/client';
import { listSchools } from '../access/person.ts';

/** What the module works with; handed down from its start. */
export interface Grades {
  readonly client: Client;
  readonly database: ModuleDatabase;
  readonly now: () => Date;
}

/** Someone who asks for a page. */
export interface Reader {
  readonly session: ModuleSession;
  readonly person: DirectoryPerson;
}

/** Runs `work` over the rows of the reader's schools only. */
export function inSchoolsOf<T>(grades: Grades, reader: Reader, work: (tx: Tx) => Promise<T>): Promise<T> {
  return grades.database.transaction(work, { scope: listSchools(reader.person) });
}

/** The items about which the socle says yes, in their order. */
export async function filterAllowed<Item>(
  grades: Grades,
  reader: Reader,
  items: readonly Item[],
  ask: (item: Item) => MayRequest,
): Promise<Item[]> {
  if (items.length === 0) return [];
  const decisions = await grades.client.mayEach(reader.session, items.map(ask));
  return items.filter((_, index) => decisions[index]?.allowed === true);
}

/** The calendar day of an instant where the schools are, `YYYY-MM-DD`. */
export function dayOf(instant: Date, timeZone: string = SCHOOL_TIME_ZONE): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(instant);
}

/** The clock on the school's wall. */
export const SCHOOL_TIME_ZONE = 'Europe/Paris';
