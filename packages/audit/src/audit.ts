import type { Clock, EventId } from '@socle/base';
import { openDatabase, type Database, type Tx } from '@socle/db';
import type { ActionDefinition, ActionDefinitions } from './actions.ts';
import { auditActions } from './audit-actions.ts';
import { checkEvent } from './check-event.ts';
import { AuditError } from './errors.ts';
import type { AuditAppender, NewEvent } from './event.ts';
import { buildEventIds } from './event-id.ts';
import { insertEvents } from './event-store.ts';
import { openGroupCommit } from './group-commit.ts';
import { openHint } from './hint.ts';
import { buildEventRow, collectPersonIds, type EventRow } from './payload.ts';
import { openPseudonyms } from './pseudonyms.ts';
import { openSealWatch } from './seal-watch.ts';
import { openUsageLimit } from './usage-limit.ts';

/** The log as a service sees it. */
export interface Audit extends AuditAppender {
  /**
   * Appends an event in a transaction of its own, which concurrent callers share: for what has no business
   * transaction (a denial, a failed sign-in). Resolves once it is committed.
   */
  record(event: NewEvent): Promise<EventId>;
  /**
   * Waits until a signed checkpoint covers the event. Its transaction must have committed.
   *
   * @returns the event's place in the tree.
   * @throws AuditError `audit_event_not_sealed` (503) after `timeoutMs` (default 5 000).
   */
  sealed(eventId: EventId, timeoutMs?: number): Promise<number>;
  /**
   * Adds actions while the log is open (a school module that registers), or replaces those of the same names.
   *
   * @throws AuditError `audit_actions_conflict` for a name that a package declared when the log was opened.
   */
  declare(definitions: ActionDefinitions): void;
  /** The declared actions by name, those of the log itself included. */
  readonly actions: ReadonlyMap<string, ActionDefinition>;
  /** Waits for writes under way and closes the log's own connections. */
  close(): Promise<void>;
}

export interface AuditOptions {
  /** Logged in as `socle_app`. The log opens two more connections to the same place for pseudonyms and `record`. */
  readonly database: Database;
  readonly clock: Clock;
  /** What each package declares. */
  readonly actions: readonly ActionDefinitions[];
  /** Events that may wait for the sequencer before usage events (class C) are dropped and counted. Default 100 000. */
  readonly usageLimit?: number;
  /** Longest time that goes by, while usage events come, until the queue is looked at again. Default 1 000 ms. */
  readonly usageLookMs?: number;
}

const MAX_GROUP = 1_000;

/**
 * Opens the log for writing.
 *
 * @throws AuditError `audit_actions_conflict` when two packages declare one action.
 */
export function openAudit(options: AuditOptions): Audit {
  const own = mergeActions([auditActions, ...options.actions]);
  const actions = new Map(own);
  const side = openDatabase({
    url: options.database.url,
    maxConnections: 2,
    applicationName: 'socle audit',
  });
  const pseudonyms = openPseudonyms({ database: side, clock: options.clock });
  const groups = openGroupCommit<EventRow>((rows) => insertEvents(side, rows), MAX_GROUP);
  const seals = openSealWatch(side);
  const hint = openHint(side);
  const usage = openUsageLimit({
    database: side,
    clock: options.clock,
    most: options.usageLimit ?? 100_000,
    lookMs: options.usageLookMs ?? 1_000,
  });

  /** The rows that are kept: all but usage events that find the queue too long. What was dropped before is told first. */
  async function admit(rows: readonly EventRow[]): Promise<EventRow[]> {
    const kept: EventRow[] = [];
    for (const row of rows) if (row.class !== 'C' || (await usage.admit())) kept.push(row);
    const gap = usage.takeGap();
    if (!gap) return kept;
    try {
      const [told] = await prepare([
        {
          controller: 'platform',
          actor: { kind: 'system', id: 'audit' },
          action: 'audit.usage.dropped',
          outcome: 'error',
          detail: { count: gap.count, from: gap.from.toISOString(), to: gap.to.toISOString() },
        },
      ]);
      await insertEvents(side, [told!]);
    } catch (error) {
      usage.giveBack(gap);
      throw error;
    }
    return kept;
  }

  async function prepare(events: readonly NewEvent[]): Promise<EventRow[]> {
    const people = new Set<string>();
    const definitions = events.map((event, index) => {
      try {
        const definition = checkEvent(event, actions.get(event.action));
        collectPersonIds(event, definition, people);
        return definition;
      } catch (error) {
        throw events.length > 1 ? withIndex(error, index) : error;
      }
    });
    const known = await pseudonyms.resolve(people);
    const now = options.clock.now();
    // the tree is in the order of ids within a batch, so ids of one call and one millisecond ascend
    const ids = buildEventIds(events.length, now);
    return events.map((event, index) => {
      const at = event.at ?? now;
      return buildEventRow(event, definitions[index]!, {
        id: event.id ?? (event.at ? buildEventIds(1, at)[0]! : ids[index]!),
        at,
        pseudonyms: known,
      });
    });
  }

  async function appendMany(tx: Tx, events: readonly NewEvent[]): Promise<EventId[]> {
    if (events.length === 0) return [];
    const rows = await prepare(events);
    const kept = rows.some((row) => row.class === 'C') ? await admit(rows) : rows;
    if (kept.length > 0) await insertEvents(tx, kept);
    tx.afterCommit(hint.give);
    return rows.map((row) => row.id as EventId);
  }

  return {
    actions,
    declare(definitions) {
      for (const name of Object.keys(definitions)) if (own.has(name)) throw conflict(name);
      for (const [name, definition] of Object.entries(definitions)) actions.set(name, definition);
    },
    appendMany,
    append: async (tx, event) => (await appendMany(tx, [event]))[0]!,
    async record(event) {
      const [row] = await prepare([event]);
      const kept = row!.class === 'C' ? await admit([row!]) : [row!];
      for (const one of kept) await groups.add(one);
      hint.give();
      return row!.id as EventId;
    },
    sealed: (eventId, timeoutMs = 5_000) => seals.wait(eventId, timeoutMs),
    async close() {
      await groups.drain();
      hint.close();
      seals.close();
      await side.close();
    },
  };
}

function mergeActions(sets: readonly ActionDefinitions[]): ReadonlyMap<string, ActionDefinition> {
  const merged = new Map<string, ActionDefinition>();
  for (const set of sets) {
    for (const [name, definition] of Object.entries(set)) {
      if (merged.has(name) && merged.get(name) !== definition) {
        throw conflict(name);
      }
      merged.set(name, definition);
    }
  }
  return merged;
}

function withIndex(error: unknown, index: number): unknown {
  if (!(error instanceof AuditError)) return error;
  return new AuditError(error.code, {
    status: error.status,
    publicMessage: error.publicMessage,
    details: { ...error.details, index },
    cause: error,
  });
}

function conflict(name: string): AuditError {
  return new AuditError('audit_actions_conflict', {
    status: 500,
    publicMessage: `The audit action ${name} is declared twice. Keep one declaration.`,
  });
}
