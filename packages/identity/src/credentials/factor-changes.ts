import type { PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import { findAccountById } from '../account-store.ts';
import type { PeoplePort } from '../ports.ts';

/** Who changes a factor, and the session that may go on. */
export interface FactorChange {
  readonly actor: EventActor;
  /** Public id of the session that makes the change; all others end. */
  readonly keepSession?: string;
}

/** Changes of what somebody signs in with. */
export interface FactorChanges {
  /**
   * Does `work` and writes its event in one transaction, then ends the account's other sessions. False when `work` says
   * that nothing changed.
   */
  change(
    accountId: string,
    kind: 'added' | 'removed',
    factor: 'totp' | 'recovery' | 'grid' | 'passkey',
    by: FactorChange,
    work: (tx: Tx) => Promise<boolean>,
  ): Promise<boolean>;
}

export function openFactorChanges(options: {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly people: PeoplePort;
  readonly platformController: string;
  readonly endSessions: (accountId: string, actor: EventActor, except?: string) => Promise<unknown>;
}): FactorChanges {
  const { database } = options;
  return {
    async change(accountId, kind, factor, by, work) {
      const account = await findAccountById(database, accountId);
      if (!account) return false;
      const person = await options.people.findPerson(account.person_id as PersonId);
      const changed = await database.transaction(
        async (tx) => {
          if (!(await work(tx))) return false;
          await options.audit.append(tx, {
            controller: person?.controller ?? options.platformController,
            actor: by.actor,
            action: `identity.factor.${kind}`,
            target: { kind: 'person', id: account.person_id },
            outcome: 'success',
            detail: { factor },
          });
          return true;
        },
        { scope: 'all' },
      );
      if (changed) await options.endSessions(accountId, by.actor, by.keepSession);
      return changed;
    },
  };
}
