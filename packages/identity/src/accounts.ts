import { uuidv7, type Clock, type PersonId } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import { sqlState, type Database, type Tx } from '@socle/db';
import {
  findAccountById,
  findAccountByLogin,
  findAccountByPerson,
  findAccountsByPeople,
  insertAccount,
  setAccountPassword,
  setAccountStatus,
  type StoredAccount,
} from './account-store.ts';
import { IdentityError } from './errors.ts';
import type { Passwords } from './passwords.ts';
import type { PeoplePort } from './ports.ts';
import type { Throttle } from './throttle.ts';

/** What one person signs in with. */
export interface Account {
  readonly id: string;
  readonly personId: PersonId;
  /** As it was given; compared without regard to case. */
  readonly login: string;
  readonly status: 'active' | 'suspended';
  readonly hasPassword: boolean;
  /** The password was chosen by someone else and is to be changed at the next sign-in. */
  readonly mustChangePassword: boolean;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** Who asks for a change: an administrator's person, a client, or a job. */
export interface ChangeBy {
  readonly actor: EventActor;
}

/** Accounts. Every change appends its event in the same transaction. */
export interface Accounts {
  /** @throws IdentityError `account_exists` for a person who has one, `login_taken`. */
  create(account: { readonly personId: PersonId; readonly login: string }, by: ChangeBy): Promise<Account>;
  /**
   * Sets the password and ends every session of the account, but for `keepSession`. Length alone is checked: whoever
   * chooses for themselves goes through OwnPasswords.
   * @throws IdentityError `account_not_found`, `password_refused`, `password_queue_full`.
   */
  setPassword(
    accountId: string,
    password: string,
    by: ChangeBy & { readonly mustChange?: boolean; readonly keepSession?: string },
  ): Promise<void>;
  /**
   * Takes the hash that another system kept (bcrypt, PBKDF2, SHA-crypt, or a bare MD5 or SHA-256 in hexadecimal), and
   * ends every session of the account. It is replaced at the first sign-in that fits.
   * @throws IdentityError `account_not_found`, `password_refused` for a hash that is not known.
   */
  importHash(accountId: string, hash: string, by: ChangeBy): Promise<void>;
  /** Refuses the account everywhere and ends its sessions. `reason` is a short code. */
  suspend(accountId: string, by: ChangeBy & { readonly reason: string }): Promise<void>;
  resume(accountId: string, by: ChangeBy): Promise<void>;
  /** Forgets failed attempts, so that the person may try again at once. */
  unlock(accountId: string, by: ChangeBy): Promise<void>;
  /** By account id, person or login; undefined when there is none. */
  find(
    by: { readonly id: string } | { readonly personId: PersonId } | { readonly login: string },
  ): Promise<Account | undefined>;
  /** The accounts of these people; those who have none are left out. */
  list(people: readonly PersonId[]): Promise<ReadonlyMap<PersonId, Account>>;
}

interface AccountsOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly people: PeoplePort;
  readonly throttle: Throttle;
  readonly platformController: string;
  /** Ends every session of the account and tells its services. */
  readonly endSessions: (accountId: string, actor: EventActor, except?: string) => Promise<unknown>;
}

const UNIQUE_VIOLATION = '23505';

export function openAccounts(options: AccountsOptions): Accounts {
  const { database, clock, passwords } = options;

  async function change(
    accountId: string,
    action: string,
    by: ChangeBy,
    work: (tx: Tx, account: StoredAccount) => Promise<Record<string, boolean> | undefined>,
    reason?: string,
  ): Promise<void> {
    const known = await findAccountById(database, accountId);
    if (!known) throw accountNotFound();
    const person = await options.people.findPerson(known.person_id as PersonId);
    await database.transaction(
      async (tx) => {
        const detail = await work(tx, known);
        await options.audit.append(tx, {
          controller: person?.controller ?? options.platformController,
          actor: by.actor,
          action,
          target: { kind: 'person', id: known.person_id },
          outcome: 'success',
          ...(reason !== undefined && { reason }),
          ...(detail && { detail }),
        });
      },
      { scope: 'all' },
    );
  }

  return {
    async create({ personId, login }, by) {
      const id = uuidv7(clock.now());
      const person = await options.people.findPerson(personId);
      await database
        .transaction(
          async (tx) => {
            await insertAccount(tx, { id, personId, login: login.trim(), now: clock.now() });
            await options.audit.append(tx, {
              controller: person?.controller ?? options.platformController,
              actor: by.actor,
              action: 'identity.account.created',
              target: { kind: 'person', id: personId },
              outcome: 'success',
            });
          },
          { scope: 'all' },
        )
        .catch((error: unknown) => {
          throw sqlState(error) === UNIQUE_VIOLATION ? duplicate(error) : error;
        });
      const created = await findAccountById(database, id);
      if (!created) throw accountNotFound();
      return present(created);
    },
    async setPassword(accountId, password, by) {
      const hash = await passwords.hash(password);
      const mustChange = by.mustChange ?? false;
      await change(accountId, 'identity.password.set', by, async (tx) => {
        await setAccountPassword(tx, accountId, { hash, mustChange, now: clock.now() });
        return { mustChange };
      });
      await options.endSessions(accountId, by.actor, by.keepSession);
    },
    async importHash(accountId, foreign, by) {
      const hash = await passwords.adopt(foreign);
      if (hash === undefined) {
        throw new IdentityError('password_refused', {
          status: 400,
          publicMessage:
            'This hash is not one of bcrypt, PBKDF2, SHA-crypt, MD5 or SHA-256, or costs too much.',
        });
      }
      await change(accountId, 'identity.password.set', by, async (tx) => {
        await setAccountPassword(tx, accountId, { hash, mustChange: false, now: clock.now() });
        return { mustChange: false };
      });
      await options.endSessions(accountId, by.actor);
    },
    async suspend(accountId, by) {
      const status = { status: 'suspended', reason: by.reason, now: clock.now() } as const;
      await change(
        accountId,
        'identity.account.suspended',
        by,
        async (tx) => {
          await setAccountStatus(tx, accountId, status);
          return undefined;
        },
        by.reason,
      );
      await options.endSessions(accountId, by.actor);
    },
    resume: (accountId, by) =>
      change(accountId, 'identity.account.resumed', by, async (tx) => {
        await setAccountStatus(tx, accountId, { status: 'active', reason: null, now: clock.now() });
        return undefined;
      }),
    unlock: (accountId, by) =>
      change(accountId, 'identity.account.unlocked', by, async (tx, account) => {
        await options.throttle.forget(tx, account.login);
        return undefined;
      }),
    async find(by) {
      const row =
        'id' in by
          ? await findAccountById(database, by.id)
          : 'personId' in by
            ? await findAccountByPerson(database, by.personId)
            : await findAccountByLogin(database, by.login);
      return row && present(row);
    },
    async list(people) {
      const rows = await findAccountsByPeople(database, people);
      return new Map(rows.map((row) => [row.person_id as PersonId, present(row)]));
    },
  };
}

function present(row: StoredAccount): Account {
  return {
    id: row.id,
    personId: row.person_id as PersonId,
    login: row.login,
    status: row.status,
    hasPassword: row.password_hash !== null,
    mustChangePassword: row.password_must_change,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}

function accountNotFound(): IdentityError {
  return new IdentityError('account_not_found', {
    status: 404,
    publicMessage: 'No account has this id. List the accounts, then try again.',
  });
}

function duplicate(cause: unknown): IdentityError {
  const onLogin = (cause as { constraint?: string }).constraint === 'accounts_login_key_key';
  return onLogin
    ? new IdentityError('login_taken', {
        status: 409,
        publicMessage: 'This login belongs to someone else. Choose another one.',
        cause,
      })
    : new IdentityError('account_exists', {
        status: 409,
        publicMessage: 'This person has an account already.',
        cause,
      });
}
