import { uuidv7, type Clock, type PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import { IdentityError } from '../errors.ts';
import { deleteGrants } from '../provider-store.ts';
import { takeSessions } from '../session-store.ts';
import { insertStop, liftStop, loadStops, type Stop, type StopKind } from './stop-store.ts';

/** Who orders an act of defence, and in whose name it is logged. */
interface DefenceOrder {
  readonly actor: EventActor;
  readonly controller: string;
  /** The actor's own session. */
  readonly session?: string;
}

/**
 * Acts of defence, for those who answer for security. Each writes its event in its own transaction. That the actor may
 * do it, the caller has decided.
 */
export interface Defences {
  /**
   * Stops the sign-in of a school's people or of a service, or the registration of services, from the next request on in
   * every instance. Sessions that are open go on: see `endSessions`. Whoever holds a role above schools is not stopped.
   *
   * @throws IdentityError `already_stopped` (409).
   */
  stop(
    order: DefenceOrder & {
      readonly kind: StopKind;
      readonly target: string;
      /** Shown to those who are stopped; at most 300 characters. */
      readonly message?: string;
      /** 10 to 500 characters. */
      readonly reason: string;
    },
  ): Promise<Stop>;
  /** Lets it go on. @throws IdentityError `stop_unknown` (404) when it is lifted already. */
  lift(id: string, order: DefenceOrder): Promise<Stop>;
  /** Stops in force, newest first. */
  list(): Promise<readonly Stop[]>;
  /** Ends every session of these people in one statement, with what was issued in them; gives how many. */
  endSessions(people: readonly PersonId[], order: DefenceOrder & { readonly place: string }): Promise<number>;
  /**
   * In the caller's transaction: asks these people for a new password at their next sign-in and ends their sessions; those
   * without a password are left alone. Call `tellServices` once it is committed.
   */
  demandNewPasswords(
    tx: Tx,
    people: readonly PersonId[],
    order: DefenceOrder & { readonly place: string },
  ): Promise<{ readonly accounts: number; readonly sessions: number }>;
  /** Tells the services whose sessions were ended. */
  tellServices(): Promise<void>;
}

export function openDefences(options: {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly grantsOf: (session: Record<string, unknown>) => readonly string[];
  /** Calls the services that wait to be told. */
  readonly deliver: () => Promise<unknown>;
}): Defences {
  const { database, audit, clock } = options;

  const write = (tx: Tx, order: DefenceOrder, action: string, target: { kind: string; id: string }) =>
    ({
      with: (detail: Readonly<Record<string, string | number>>) =>
        audit.append(tx, {
          controller: order.controller,
          actor: order.actor,
          action,
          target,
          outcome: 'success',
          ...(order.session === undefined ? {} : { session: order.session }),
          detail,
        }),
    }) as const;

  /** Sessions and the grants that were made in them. */
  async function takeAll(tx: Tx, accounts: readonly string[]): Promise<number> {
    const taken = await takeSessions(tx, { accounts }, clock.now());
    await deleteGrants(
      tx,
      taken.flatMap(({ payload }) => options.grantsOf(payload)),
    );
    return taken.length;
  }

  const accountsOf = async (tx: Tx, people: readonly PersonId[]) => {
    const rows = await tx.query<{ id: string }>(
      'SELECT id FROM identity.accounts WHERE person_id = ANY ($1::uuid[])',
      [people],
    );
    return rows.map(({ id }) => id);
  };

  return {
    async stop(order) {
      const at = clock.now();
      const { kind, target, reason, message } = order;
      const stop = { id: uuidv7(at), kind, target, reason, stoppedAt: at, ...(message && { message }) };
      return database.transaction(
        async (tx) => {
          const written = await insertStop(tx, { ...stop, stoppedBy: order.actor.id });
          if (!written)
            throw new IdentityError('already_stopped', {
              status: 409,
              publicMessage: 'It is stopped already.',
            });
          await write(tx, order, 'identity.stop.set', { kind, id: target }).with({ kind });
          return written;
        },
        { scope: 'all' },
      );
    },
    lift: (id, order) =>
      database.transaction(
        async (tx) => {
          const lifted = await liftStop(tx, id, { liftedBy: order.actor.id, at: clock.now() });
          if (!lifted)
            throw new IdentityError('stop_unknown', {
              status: 404,
              publicMessage: 'Nothing is stopped under this id: it was lifted, or never was.',
            });
          const target = { kind: lifted.kind, id: lifted.target };
          await write(tx, order, 'identity.stop.lifted', target).with({ kind: lifted.kind });
          return lifted;
        },
        { scope: 'all' },
      ),
    list: () => loadStops(database),
    async endSessions(people, order) {
      const sessions = await database.transaction(
        async (tx) => {
          const ended = await takeAll(tx, await accountsOf(tx, people));
          await write(tx, order, 'identity.sessions.ended_together', {
            kind: 'school',
            id: order.place,
          }).with({
            people: people.length,
            sessions: ended,
          });
          return ended;
        },
        { scope: 'all' },
      );
      await options.deliver();
      return sessions;
    },
    async demandNewPasswords(tx, people, order) {
      const rows = await tx.query<{ id: string }>(
        `UPDATE identity.accounts SET password_must_change = true, changed_at = $2
          WHERE person_id = ANY ($1::uuid[]) AND password_hash IS NOT NULL RETURNING id`,
        [people, clock.now()],
      );
      const accounts = rows.map(({ id }) => id);
      const sessions = await takeAll(tx, accounts);
      await write(tx, order, 'identity.passwords.expired', { kind: 'school', id: order.place }).with({
        accounts: accounts.length,
        sessions,
      });
      return { accounts: accounts.length, sessions };
    },
    async tellServices() {
      await options.deliver();
    },
  };
}
