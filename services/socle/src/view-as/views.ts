import { newId, type Clock, type PersonId, type SchoolId } from '@socle/base';
import type { Audit, EventActor } from '@socle/audit';
import type { PersonFacts } from '@socle/authorization';
import type { Database, Tx } from '@socle/db';
import { loadSchools, mayBeOnePerson } from '@socle/directory';
import type { Identity } from '@socle/identity';
import type { Decisions } from '../decisions.ts';
import { ServiceError } from '../errors.ts';
import { checkView } from './check-view.ts';
import {
  endOverdueViews,
  endView,
  findOpenView,
  insertView,
  listViews,
  type ViewEnd,
  type ViewId,
  type ViewRow,
} from './store.ts';

/** How long a view lasts at most, in minutes. The database takes none above it. */
const VIEW_MINUTES = 15;

const REASON_LEAST = 10;
const REASON_MOST = 500;
const MINUTE_MS = 60_000;
const LISTED = 100;

/** Who looks: a person, with their facts and their session. */
interface Viewer {
  readonly facts: PersonFacts;
  readonly session: { readonly id: string; readonly acr: string; readonly personId: PersonId };
}

/** Views in a person's place: read-only, for a quarter of an hour, told to the person. */
export interface Views {
  /**
   * Opens one. How recently the viewer proved who they are, the caller has decided. The person is told.
   *
   * @throws ServiceError `view_refused` (403; logged) for somebody whom the rules do not let this person see, who
   *   administers, or who has no account; `view_open` (409) when this administrator sees somebody already; `request_refused`
   *   (422) for a reason out of bounds.
   */
  open(viewer: Viewer, request: { readonly seen: PersonId; readonly reason: string }): Promise<ViewRow>;
  /** The one that this session has open, if it still may: ends it when its time or the right to it is over. */
  find(viewer: Viewer): Promise<{ readonly view: ViewRow; readonly seen: PersonFacts } | undefined>;
  /** Ends one now. False when it was over. */
  end(id: ViewId, by: EventActor, code: Extract<ViewEnd, 'viewer' | 'officer'>): Promise<boolean>;
  /** The latest, newest first; of one person who was seen, or all. */
  list(seen?: PersonId): Promise<readonly ViewRow[]>;
  /** Ends those whose time is over, with an event each; gives how many. */
  endOverdue(): Promise<number>;
}

interface Options {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly decisions: Decisions;
  readonly identity: Pick<Identity, 'accounts' | 'notices'>;
}

const SYSTEM: EventActor = { kind: 'system', id: 'views' };

/** Binds the directory, the rules, the log, the clock and the accounts. */
export function openViews(options: Options): Views {
  const { database, clock, decisions, identity } = options;
  const inAll = <T>(work: (tx: Tx) => Promise<T>, readOnly = false) =>
    database.transaction(work, { scope: 'all', readOnly });

  async function endOverdue(): Promise<number> {
    return inAll(async (tx) => {
      const ended = await endOverdueViews(tx, clock.now());
      for (const row of ended) await writeEnd(options, tx, row, SYSTEM);
      return ended.length;
    });
  }

  return {
    endOverdue,

    async open(viewer, { seen, reason }) {
      const text = reason.trim();
      if (text.length < REASON_LEAST || text.length > REASON_MOST) {
        throw new ServiceError('request_refused', {
          status: 422,
          publicMessage: `Say why, in ${REASON_LEAST} to ${REASON_MOST} characters.`,
        });
      }
      const facts = await decisions.loadFacts(seen);
      const check = facts && checkView(decisions, clock.now(), { ...viewer, acr: viewer.session.acr }, facts);
      const account = await identity.accounts.find({ personId: seen });
      const isTwin = await inAll((tx) => mayBeOnePerson(tx, viewer.session.personId, seen), true);
      if (!facts || !check?.allowed || account?.status !== 'active' || isTwin)
        throw await refuse(options, viewer, seen, check?.allowed === false ? check.why : 'nobody');
      await endOverdue();
      const at = clock.now();
      const row = await inAll(async (tx) => {
        const [school] = await loadSchools(tx, { ids: [check.school as SchoolId] });
        const written = await insertView(tx, {
          id: newId<ViewId>(at),
          session_id: viewer.session.id,
          viewer_id: viewer.session.personId,
          seen_id: facts.person as PersonId,
          school_id: school!.id,
          controller_id: school!.controller,
          reason: text,
          started_at: at,
          ends_at: new Date(at.getTime() + VIEW_MINUTES * MINUTE_MS),
          ended_at: null,
          end_code: null,
        });
        if (!written) return undefined;
        await options.audit.append(tx, {
          ...eventOf(written, { kind: 'person', id: written.viewer_id }),
          action: 'service.view.opened',
          outcome: 'success',
          session: viewer.session.id,
          detail: { view: written.id, school: written.school_id, until: written.ends_at.toISOString() },
        });
        await identity.notices.add(tx, { to: [written.seen_id], about: written.seen_id, kind: 'viewed' });
        return written;
      });
      if (row) return row;
      throw new ServiceError('view_open', {
        status: 409,
        publicMessage: 'One view at a time: end the one that is open first.',
      });
    },

    async find(viewer) {
      const row = await inAll((tx) => findOpenView(tx, viewer.session.id), true);
      // a session that somebody else has signed in to since is not the viewer's any more
      if (row?.viewer_id !== viewer.session.personId) return undefined;
      const now = clock.now();
      if (row.ends_at <= now) {
        await endOverdue();
        return undefined;
      }
      const seen = await decisions.loadFacts(row.seen_id);
      const check = seen && checkView(decisions, now, { ...viewer, acr: viewer.session.acr }, seen);
      if (seen && check?.allowed) return { view: row, seen };
      await finish(options, row.id, 'right_ended', SYSTEM);
      return undefined;
    },

    end: (id, by, code) => finish(options, id, code, by),
    list: (seen) => inAll((tx) => listViews(tx, LISTED, seen), true),
  };
}

function finish(options: Options, id: ViewId, code: ViewEnd, by: EventActor): Promise<boolean> {
  return options.database.transaction(
    async (tx) => {
      const row = await endView(tx, id, code, options.clock.now());
      if (row) await writeEnd(options, tx, row, by);
      return row !== undefined;
    },
    { scope: 'all' },
  );
}

async function writeEnd({ audit }: Options, tx: Tx, row: ViewRow, by: EventActor): Promise<void> {
  await audit.append(tx, {
    ...eventOf(row, by),
    action: 'service.view.ended',
    outcome: 'success',
    session: row.session_id,
    detail: { view: row.id, why: row.end_code! },
  });
}

/** Both people are in every event: the one who looks, and the one in whose place. */
function eventOf(row: ViewRow, by: EventActor) {
  const isViewer = by.kind === 'person' && by.id === row.viewer_id;
  return {
    controller: row.controller_id,
    actor: isViewer ? { ...by, onBehalfOf: row.seen_id } : by,
    target: { kind: 'person', id: row.seen_id },
  } as const;
}

async function refuse(
  { audit }: Options,
  { session }: Viewer,
  seen: PersonId,
  why: 'nobody' | 'officer' | 'rules',
): Promise<ServiceError> {
  await audit.record({
    controller: 'platform',
    actor: { kind: 'person', id: session.personId },
    action: 'service.view.refused',
    target: { kind: 'person', id: seen },
    outcome: 'denied',
    session: session.id,
    detail: { why },
  });
  return new ServiceError('view_refused', {
    status: 403,
    publicMessage: 'The rules do not let this person see in that one’s place.',
    details: { why },
  });
}
