import type { ControllerScope, Database, Tx } from '@socle/db';
import type { Audit } from '../audit.ts';
import { isPersonKind } from '../check-event.ts';
import { AuditError } from '../errors.ts';
import type { EventActor } from '../event.ts';
import { loadPseudonym } from '../export/export-store.ts';
import type { StoredPayload } from '../export/stored-payload.ts';
import {
  countBy,
  findRow,
  loadPeople,
  loadReaders,
  searchRows,
  type Count,
  type EventFilter,
  type EventNumber,
  type Grouping,
  type NamedPerson,
  type StoredEvent,
} from './read-store.ts';

/** Who reads the log, for what, and of whom; written to the log before anything is read. */
export interface Reading {
  readonly reader: EventActor;
  /** The controller in whose name it is read. */
  readonly controller: string;
  /** 1 to 200 characters. */
  readonly purpose: string;
  /** Events of which controllers. */
  readonly scope: ControllerScope;
}

export interface SearchQuestion extends EventFilter {
  /** A person's id: events that name them. */
  readonly person?: string;
  /** With `person`: what they did (`actor`), what was done with or to them by others (`subject`), or both. Default both. */
  readonly as?: NamedPerson['as'];
  /** The `next` of the page before. */
  readonly after?: string;
  /** 1 to 200. Default 50. */
  readonly limit?: number;
}

/** An event as a page shows it. Ids of people are theirs again, where the log still knows them. */
export interface ReadEvent {
  readonly id: string;
  readonly at: Date;
  readonly class: string;
  readonly controller: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: ReadParty;
  readonly onBehalfOf?: ReadParty;
  readonly target?: ReadParty;
  readonly reason?: string;
  readonly purpose?: string;
  readonly detail: StoredPayload['detail'];
  /** Its place in the tree; undefined while it waits for the sequencer. */
  readonly leaf?: number;
}

/** One event that was asked for by its number. */
export interface FoundEvent extends ReadEvent {
  /** The people whom members of its detail name, by the member's name, as far as the log still knows them. */
  readonly people: Readonly<Record<string, string>>;
}

/** Who, or what. */
export interface ReadParty {
  readonly kind: string;
  /** As it stands in the log: a pseudonym for a person. */
  readonly id: string;
  /** The person; undefined when it is none, or was forgotten. */
  readonly personId?: string;
}

/** A reader of many people's data, and why it is worth a look. */
export interface UnusualReader {
  /** Undefined when the person was forgotten. */
  readonly personId?: string;
  readonly pseudonym: string;
  readonly people: number;
  /** People a day that this reader, over the four weeks before, looked at on average. */
  readonly usual: number;
  readonly nightEvents: number;
  readonly events: number;
  readonly why: readonly ('more_than_before' | 'more_than_others' | 'at_night')[];
}

/** A count; `personId` where it was counted by actor and that is a person whom the log still knows. */
export interface ReadCount extends Count {
  readonly personId?: string;
}

/** Reads the log for people. Every call is an event of class A, committed before its answer is read. */
export interface LogReader {
  /** Events newest first, a page at a time; `next` is undefined on the last page. */
  search(
    reading: Reading,
    question: SearchQuestion,
  ): Promise<{ readonly events: readonly ReadEvent[]; readonly next: string | undefined }>;
  /** One event, by its place in the tree or its id; undefined when the scope has none there. */
  find(reading: Reading, number: EventNumber): Promise<FoundEvent | undefined>;
  /** Several counts of one period in one reading: by hour, day, module, action, outcome or actor. At most 10 000 rows each. */
  count(
    reading: Reading,
    filter: EventFilter,
    groupings: readonly Grouping[],
  ): Promise<Readonly<Partial<Record<Grouping, readonly ReadCount[]>>>>;
  /**
   * People who looked at more others than they, or their peers, are used to, or did so at night. A reader counts from
   * `leastPeople` different people (default 20) on.
   */
  findUnusual(
    reading: Reading,
    period: { readonly from: Date; readonly to: Date; readonly leastPeople?: number },
  ): Promise<readonly UnusualReader[]>;
}

const MOST = 200;
const MOST_COUNTS = 10_000;
/** So many times the usual is unusual. */
const FACTOR = 3;
const MODULE = /^[a-z][a-z0-9-]{0,62}$/;

/** Opens the reader of a log. @param options.database logged in as `socle_app`. */
export function openLogReader(options: { readonly database: Database; readonly audit: Audit }): LogReader {
  const { database, audit } = options;

  /** Logs the reading, then does it. */
  async function read<Answer>(
    reading: Reading,
    what: { readonly kind: string; readonly filter: EventFilter; readonly person?: string },
    work: (tx: Tx) => Promise<Answer>,
  ): Promise<Answer> {
    if (reading.purpose.trim() === '') {
      throw new AuditError('audit_purpose_missing', {
        status: 400,
        publicMessage: 'Say why the log is read: it is written in the log.',
      });
    }
    const { module, action, from, to } = what.filter;
    await audit.record({
      controller: reading.controller,
      actor: reading.reader,
      action: 'audit.log.read',
      outcome: 'success',
      purpose: reading.purpose,
      detail: {
        kind: what.kind,
        ...(module !== undefined && MODULE.test(module) ? { module } : {}),
        ...(action !== undefined && audit.actions.has(action) ? { action } : {}),
        ...(from ? { from: from.toISOString() } : {}),
        ...(to ? { to: to.toISOString() } : {}),
        ...(what.person === undefined ? {} : { subject: what.person }),
      },
    });
    return database.transaction(work, { readOnly: true, scope: reading.scope, isolation: 'repeatable read' });
  }

  async function nameDetail(tx: Tx, { action, detail }: ReadEvent): Promise<Record<string, string>> {
    const kinds = audit.actions.get(action)?.detail ?? {};
    const named = Object.entries(detail).filter(
      ([name, value]) => typeof value === 'string' && (kinds[name] ?? kinds[`${name}?`]) === 'person',
    ) as [string, string][];
    const people = await loadPeople(
      tx,
      named.map(([, pseudonym]) => pseudonym),
    );
    return Object.fromEntries(
      named.flatMap(([name, pseudonym]) => (people.has(pseudonym) ? [[name, people.get(pseudonym)!]] : [])),
    );
  }

  return {
    search: (reading, question) =>
      read(
        reading,
        {
          kind: 'search',
          filter: question,
          ...(question.person === undefined ? {} : { person: question.person }),
        },
        async (tx) => {
          const limit = Math.min(MOST, Math.max(1, question.limit ?? 50));
          const named = await findNamed(tx, question);
          if (named === 'nobody') return { events: [], next: undefined };
          const rows = await searchRows(
            tx,
            { ...question, ...(named ? { named } : {}) },
            { most: limit + 1, ...(question.after === undefined ? {} : { before: question.after }) },
          );
          const shown = rows.slice(0, limit);
          const events = await buildEvents(tx, shown);
          return { events, next: rows.length > limit ? shown.at(-1)!.id : undefined };
        },
      ),
    find: (reading, number) =>
      read(reading, { kind: 'find', filter: {} }, async (tx) => {
        const row = await findRow(tx, number);
        if (!row) return undefined;
        const [event] = await buildEvents(tx, [row]);
        return { ...event!, people: await nameDetail(tx, event!) };
      }),
    count: (reading, filter, groupings) =>
      read(reading, { kind: 'count', filter }, async (tx) => {
        const counts: Partial<Record<Grouping, readonly ReadCount[]>> = {};
        for (const grouping of groupings) {
          const rows = await countBy(tx, grouping, filter, MOST_COUNTS);
          counts[grouping] = grouping === 'actor' ? await nameActors(tx, rows) : rows;
        }
        return counts;
      }),
    findUnusual: (reading, period) =>
      read(reading, { kind: 'unusual', filter: { from: period.from, to: period.to } }, async (tx) => {
        const days = Math.max(1, (period.to.getTime() - period.from.getTime()) / 86_400_000);
        const rows = await loadReaders(tx, period, MOST_COUNTS);
        const median = rows.length === 0 ? 0 : rows[Math.floor(rows.length / 2)]!.people;
        const people = await loadPeople(
          tx,
          rows.map(({ actor }) => actor.slice('person:'.length)),
        );
        return rows
          .filter((row) => row.people >= (period.leastPeople ?? 20))
          .map((row): UnusualReader => {
            const pseudonym = row.actor.slice('person:'.length);
            const personId = people.get(pseudonym);
            return {
              ...(personId === undefined ? {} : { personId }),
              pseudonym,
              people: row.people,
              usual: row.usual,
              nightEvents: row.night_events,
              events: row.events,
              why: [
                ...(row.people / days > FACTOR * Math.max(1, row.usual)
                  ? (['more_than_before'] as const)
                  : []),
                ...(rows.length > 2 && row.people > FACTOR * Math.max(1, median)
                  ? (['more_than_others'] as const)
                  : []),
                ...(row.night_events * 2 > row.events ? (['at_night'] as const) : []),
              ],
            };
          })
          .filter(({ why }) => why.length > 0);
      }),
  };
}

async function findNamed(
  tx: Tx,
  { person, as = 'either' }: SearchQuestion,
): Promise<NamedPerson | 'nobody' | undefined> {
  if (person === undefined) return undefined;
  const pseudonym = await loadPseudonym(tx, person);
  return pseudonym === undefined ? 'nobody' : { pseudonym, as };
}

async function nameActors(tx: Tx, rows: readonly Count[]): Promise<readonly ReadCount[]> {
  const pseudonyms = rows.filter(({ key }) => key.startsWith('person:')).map(({ key }) => key.slice(7));
  const people = await loadPeople(tx, pseudonyms);
  return rows.map((row) => {
    const personId = row.key.startsWith('person:') ? people.get(row.key.slice(7)) : undefined;
    return personId === undefined ? row : { ...row, personId };
  });
}

async function buildEvents(tx: Tx, rows: readonly StoredEvent[]): Promise<readonly ReadEvent[]> {
  const payloads = rows.map((row) => JSON.parse(row.payload.toString('utf8')) as StoredPayload);
  const pseudonyms = new Set<string>();
  for (const { actor, target } of payloads) {
    if (actor.kind === 'person') pseudonyms.add(actor.id);
    if (actor.onBehalfOf !== undefined) pseudonyms.add(actor.onBehalfOf);
    if (target && isPersonKind(target.kind)) pseudonyms.add(target.id);
  }
  const people = await loadPeople(tx, [...pseudonyms]);
  const party = (kind: string, id: string): ReadParty => {
    const personId = isPersonKind(kind) ? people.get(id) : undefined;
    return { kind, id, ...(personId === undefined ? {} : { personId }) };
  };
  return payloads.map((payload, index) => {
    const row = rows[index]!;
    const { actor, target, reason, purpose } = payload;
    return {
      id: row.id,
      at: row.at,
      class: row.class,
      controller: payload.controller,
      action: payload.action,
      outcome: payload.outcome,
      actor: party(actor.kind, actor.id),
      ...(actor.onBehalfOf === undefined ? {} : { onBehalfOf: party('person', actor.onBehalfOf) }),
      ...(target ? { target: party(target.kind, target.id) } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(purpose === undefined ? {} : { purpose }),
      detail: payload.detail,
      ...(row.leaf_index === null ? {} : { leaf: row.leaf_index }),
    };
  });
}
