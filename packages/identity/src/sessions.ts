import type { Clock, Log, PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import type { Acr } from './acr.ts';
import type { Person } from './ports.ts';
import type { ProviderGate } from './provider-gate.ts';
import { deleteGrants } from './provider-store.ts';
import { deliverNotices, loadSignOutResults, type SignOutResult } from './session-notices.ts';
import { findSession, listSessions, takeSessions, type StoredSession } from './session-store.ts';

/** A person who is signed in, as the socle's own pages see them. */
export interface SocleSession {
  /** The session's public id: may be shown and logged; opens nothing. */
  readonly id: string;
  readonly accountId: string;
  readonly personId: PersonId;
  readonly person: Person;
  readonly acr: Acr;
  readonly amr: readonly string[];
  readonly sharedComputer: boolean;
  readonly authenticatedAt: Date;
  /** The absolute end. */
  readonly expiresAt: Date;
}

/** One line of "my devices". */
export interface SessionEntry {
  readonly id: string;
  readonly device: string;
  readonly acr: Acr;
  readonly sharedComputer: boolean;
  readonly authenticatedAt: Date;
  readonly lastSeenAt: Date;
  /** The sooner of the idle and the absolute end. */
  readonly expiresAt: Date;
}

/** The session graph. */
export interface Sessions {
  /** Live sessions of an account, latest first. */
  list(accountId: string): Promise<readonly SessionEntry[]>;
  /** Ends one session by its public id, and tells its services. False when it had ended already. */
  end(sessionId: string, by: { readonly actor: EventActor }): Promise<boolean>;
  /** Ends all sessions of an account, but for `except`; gives how many. */
  endAll(
    accountId: string,
    by: { readonly actor: EventActor },
    options?: { readonly except?: string },
  ): Promise<number>;
  /** How each service of an ended session was told; known for a week after the end. */
  signOutResults(sessionId: string): Promise<readonly SignOutResult[]>;
}

interface SessionsOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly log: Log;
  readonly platformController: string;
  readonly gate: () => Pick<ProviderGate, 'sendLogout' | 'grantsOf'>;
  readonly findPerson: (accountId: string) => Promise<Person | undefined>;
}

/** Sessions, with what only this package may do: end one by the provider's uid. */
export interface OwnedSessions extends Sessions {
  endByUid(uid: string, actor?: EventActor): Promise<boolean>;
}

export function openSessions(options: SessionsOptions): OwnedSessions {
  const { database, clock } = options;

  async function endEntry(entry: StoredSession, actor?: EventActor): Promise<boolean> {
    const [stored] = await takeSessions(database, { uid: entry.provider_uid }, clock.now());
    if (!stored) return false;
    await deleteGrants(database, options.gate().grantsOf(stored.payload));
    const person = await options.findPerson(entry.account_id);
    const told = await deliverNotices(options, { sessionId: entry.id });
    await database.transaction(
      (tx) =>
        options.audit.append(tx, {
          controller: person?.controller ?? options.platformController,
          actor: actor ?? { kind: 'system', id: 'identity' },
          action: 'identity.session.ended',
          ...(person && { target: { kind: 'person', id: person.id } }),
          outcome: 'success',
          session: entry.id,
          detail: told,
        }),
      { scope: 'all' },
    );
    return true;
  }

  return {
    async list(accountId) {
      const rows = await listSessions(database, accountId, clock.now());
      return rows.map((row) => ({
        id: row.id,
        device: row.device_label,
        acr: row.acr as Acr,
        sharedComputer: row.shared_computer,
        authenticatedAt: row.authenticated_at,
        lastSeenAt: row.last_seen_at,
        expiresAt: row.idle_expires_at,
      }));
    },
    async end(sessionId, by) {
      const entry = await findSession(database, { id: sessionId }, clock.now());
      return entry ? endEntry(entry, by.actor) : false;
    },
    async endAll(accountId, by, { except } = {}) {
      const entries = await listSessions(database, accountId, clock.now());
      const ended = await Promise.all(
        entries.filter((entry) => entry.id !== except).map((entry) => endEntry(entry, by.actor)),
      );
      return ended.filter(Boolean).length;
    },
    signOutResults: (sessionId) => loadSignOutResults(database, sessionId),
    async endByUid(uid, actor) {
      const entry = await findSession(database, { uid }, clock.now());
      return entry ? endEntry(entry, actor) : false;
    },
  };
}
