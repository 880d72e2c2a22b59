import type { Clock, PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Tx } from '@socle/db';
import type { AccountHolder } from '../activation/ensure-account.ts';
import type { Activation, PrintedCode } from '../activation/activation.ts';
import type { Notices } from './notices.ts';

/** Resets in an hour from which a security event is written. */
const ALERT_FROM = 10;
/** Resets in an hour that one person may give alone. */
const RESETS_ALONE = 20;
const WINDOW_MS = 3_600_000;

/** Codes after a forgotten password, given by somebody of the school. */
export interface Resets {
  /**
   * Whether this many more resets by the same person within an hour need a second person. Holds the answer for the rest
   * of the transaction: two requests at once cannot both be the last one.
   */
  needsSecondPerson(tx: Tx, actor: PersonId, count: number): Promise<boolean>;
  /**
   * Gives a code to each person; their password works until they use it. The person and those in `tell` see it at their
   * next visit; the tenth within an hour writes a security event.
   */
  give(
    tx: Tx,
    people: readonly { readonly person: AccountHolder; readonly tell: readonly PersonId[] }[],
    order: { readonly actor: PersonId; readonly controller: string; readonly session?: string },
  ): Promise<readonly PrintedCode[]>;
}

export function openResets(options: {
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly activation: Activation;
  readonly notices: Notices;
}): Resets {
  const { clock } = options;

  async function countRecent(tx: Tx, actor: PersonId): Promise<number> {
    const since = new Date(clock.now().getTime() - WINDOW_MS);
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM identity.one_time_codes
        WHERE purpose = 'reset' AND issued_by = $1 AND issued_at > $2`,
      [actor, since],
    );
    return row?.count ?? 0;
  }

  return {
    async needsSecondPerson(tx, actor, count) {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('identity resets ' || $1, 0))`, [actor]);
      return (await countRecent(tx, actor)) + count > RESETS_ALONE;
    },
    async give(tx, people, order) {
      const before = await countRecent(tx, order.actor);
      const actor: EventActor = { kind: 'person', id: order.actor };
      const printed = await options.activation.issue(
        tx,
        people.map(({ person }) => ({ person })),
        { kind: 'reset', actor, ...(order.session !== undefined && { session: order.session }) },
      );
      for (const { person, tell } of people) {
        await options.notices.add(tx, { to: [person.id, ...tell], about: person.id, kind: 'reset' });
      }
      const after = before + people.length;
      if (before < ALERT_FROM && after >= ALERT_FROM) {
        await options.audit.append(tx, {
          controller: order.controller,
          actor,
          action: 'identity.resets.many',
          outcome: 'success',
          ...(order.session !== undefined && { session: order.session }),
          detail: { count: after },
        });
      }
      return printed;
    },
  };
}
