import { sha256 } from '@socle/base';
import type { OpenClient } from './client-store.ts';
import type { KnownAccount, Lookup, LookedUpRow } from './lookup-store.ts';
import type { NewRow } from './provider-store.ts';

/** A code or refresh token that this request redeems. */
export interface RowUse {
  readonly model: string;
  readonly id: string;
}

/** What is done at the end of a request. */
export interface DeferredRows {
  readonly rows: readonly NewRow[];
  readonly use: RowUse | undefined;
  /** JSON to answer in place of what was made. */
  readonly replayed: string | undefined;
}

/**
 * What one request to the provider has read, and what it will write. The provider asks for one row after the other; most
 * of them come with the first, in one statement, and what is issued is written in one statement at the end of the request,
 * with the use of what it was issued for: both happen or neither.
 */
export interface RequestRows {
  remember(lookup: Lookup): void;
  /** The row as it was read; null when it was not there; undefined when nobody looked. */
  row(model: string, id: string): LookedUpRow | null | undefined;
  /** What is stored of the live session with this uid. */
  session(uid: string): LookedUpRow | null | undefined;
  client(id: string): OpenClient | null | undefined;
  account(id: string): KnownAccount | null | undefined;
  /** The pseudonym of the account's person for this client, where it was read with them. */
  subject(clientId: string, accountId: string): string | undefined;
  /** Written at the end, unless the request fails. */
  defer(row: NewRow): void;
  /** Marked as used at the end, unless the request fails; nothing is written when another request was first. */
  deferUse(use: RowUse): void;
  /** The answer was given before: it is given again, and nothing is written. */
  replay(answer: string): void;
  /** What waits for the end of the request, or undefined. */
  takeDeferred(): DeferredRows | undefined;
}

/** Rows of one request; nothing is known yet. */
export function openRequestRows(): RequestRows {
  const rows = new Map<string, LookedUpRow | null>();
  const sessions = new Map<string, LookedUpRow | null>();
  const clients = new Map<string, OpenClient | null>();
  const accounts = new Map<string, KnownAccount | null>();
  const subjects = new Map<string, string>();
  let deferred: NewRow[] = [];
  let use: RowUse | undefined;
  let replayed: string | undefined;

  return {
    remember(lookup) {
      for (const { model, key, row } of lookup.rows) rows.set(nameOf(model, key), row);
      for (const { uid, row } of lookup.sessions) sessions.set(uid, row);
      for (const { id, client } of lookup.clients) clients.set(id, client);
      for (const { id, account } of lookup.accounts) accounts.set(id, account);
      for (const { clientId, accountId, subject } of lookup.subjects) {
        subjects.set(`${clientId} ${accountId}`, subject);
      }
    },
    // Nothing is hashed where nothing was read.
    row: (model, id) => (rows.size === 0 ? undefined : rows.get(nameOf(model, sha256(id)))),
    session: (uid) => sessions.get(uid),
    client: (id) => clients.get(id),
    account: (id) => accounts.get(id),
    subject: (clientId, accountId) => subjects.get(`${clientId} ${accountId}`),
    defer: (row) => void deferred.push(row),
    deferUse: (used) => void (use = used),
    replay: (answer) => void (replayed = answer),
    takeDeferred() {
      if (deferred.length === 0 && use === undefined) return undefined;
      const taken = { rows: deferred, use, replayed };
      deferred = [];
      use = undefined;
      return taken;
    },
  };
}

function nameOf(model: string, key: Buffer): string {
  return `${model} ${key.toString('latin1')}`;
}
