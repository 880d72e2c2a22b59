import type { Selectable } from 'kysely';
import type { Queryable } from '@socle/db';
import { tables, type AccountRow } from './tables.ts';

export type StoredAccount = Selectable<AccountRow>;

/** The form of a login in which it is compared: compatibility composition, then lower case. */
export function buildLoginKey(login: string): string {
  return login.normalize('NFKC').trim().toLowerCase();
}

export async function findAccountByLogin(db: Queryable, login: string): Promise<StoredAccount | undefined> {
  const [row] = await db.run(
    tables.selectFrom('accounts').selectAll().where('login_key', '=', buildLoginKey(login)),
  );
  return row;
}

export async function findAccountById(db: Queryable, id: string): Promise<StoredAccount | undefined> {
  const [row] = await db.run(tables.selectFrom('accounts').selectAll().where('id', '=', id));
  return row;
}

export async function findAccountByPerson(
  db: Queryable,
  personId: string,
): Promise<StoredAccount | undefined> {
  const [row] = await db.run(tables.selectFrom('accounts').selectAll().where('person_id', '=', personId));
  return row;
}

export function findAccountsByPeople(db: Queryable, people: readonly string[]): Promise<StoredAccount[]> {
  if (people.length === 0) return Promise.resolve([]);
  return db.run(tables.selectFrom('accounts').selectAll().where('person_id', 'in', people));
}

export async function insertAccount(
  db: Queryable,
  account: { id: string; personId: string; login: string; now: Date },
): Promise<void> {
  await db.run(
    tables.insertInto('accounts').values({
      id: account.id,
      person_id: account.personId,
      login: account.login,
      login_key: buildLoginKey(account.login),
      status: 'active',
      suspended_reason: null,
      password_hash: null,
      password_changed_at: null,
      created_at: account.now,
      changed_at: account.now,
    }),
  );
}

export async function setAccountPassword(
  db: Queryable,
  id: string,
  password: { hash: string; mustChange: boolean; now: Date },
): Promise<void> {
  await db.run(
    tables
      .updateTable('accounts')
      .set({
        password_hash: password.hash,
        password_must_change: password.mustChange,
        password_changed_at: password.now,
        changed_at: password.now,
      })
      .where('id', '=', id),
  );
}

/** Replaces the hash of the same password by a stronger one, unless the password was changed meanwhile. */
export async function replaceHash(db: Queryable, id: string, from: string, to: string): Promise<void> {
  await db.run(
    tables
      .updateTable('accounts')
      .set({ password_hash: to })
      .where('id', '=', id)
      .where('password_hash', '=', from),
  );
}

export async function setAccountStatus(
  db: Queryable,
  id: string,
  change: { status: 'active' | 'suspended'; reason: string | null; now: Date },
): Promise<void> {
  await db.run(
    tables
      .updateTable('accounts')
      .set({ status: change.status, suspended_reason: change.reason, changed_at: change.now })
      .where('id', '=', id),
  );
}
