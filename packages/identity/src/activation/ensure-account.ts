import { invariant, uuidv7, type PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { buildLoginKey } from '../account-store.ts';

/** Whom an account is made for. */
export interface AccountHolder {
  readonly id: PersonId;
  readonly givenName: string;
  readonly familyName: string;
  /** In whose name it is logged. */
  readonly controller?: string;
}

/** The account of a person, as it was found or made. */
export interface EnsuredAccount {
  readonly accountId: string;
  readonly login: string;
  readonly isNew: boolean;
}

// Namesakes in one installation; past that, something is wrong.
const MAX_NAMESAKES = 10_000;
const MAX_LOGIN_LENGTH = 100;

/** The account of this person, made with a login of their names where there is none. Safe when two ask at once. */
export async function ensureAccount(tx: Tx, holder: AccountHolder, now: Date): Promise<EnsuredAccount> {
  const known = await findAccount(tx, holder.id);
  if (known) return { ...known, isNew: false };
  const base = buildLogin(holder);
  for (let number = 1; number <= MAX_NAMESAKES; number += 1) {
    const login = number === 1 ? base : `${base}${number}`;
    const [made] = await tx.query<{ id: string }>(
      `INSERT INTO identity.accounts (id, person_id, login, login_key, status, created_at, changed_at)
       VALUES ($1, $2, $3, $4, 'active', $5, $5) ON CONFLICT DO NOTHING RETURNING id`,
      [uuidv7(now), holder.id, login, buildLoginKey(login), now],
    );
    if (made) return { accountId: made.id, login, isNew: true };
    const meanwhile = await findAccount(tx, holder.id);
    if (meanwhile) return { ...meanwhile, isNew: false };
  }
  invariant(false, 'a login is free among ten thousand namesakes');
}

async function findAccount(
  tx: Tx,
  person: PersonId,
): Promise<{ accountId: string; login: string } | undefined> {
  const [row] = await tx.query<{ id: string; login: string }>(
    'SELECT id, login FROM identity.accounts WHERE person_id = $1',
    [person],
  );
  return row && { accountId: row.id, login: row.login };
}

/** `given-name.family-name` in plain letters, as a child can type it. */
function buildLogin({ givenName, familyName }: AccountHolder): string {
  const login = [givenName, familyName].map(fold).filter(Boolean).join('.').slice(0, MAX_LOGIN_LENGTH);
  return login === '' ? 'compte' : login;
}

function fold(name: string): string {
  return name
    .replace(/[œŒ]/g, 'oe')
    .replace(/[æÆ]/g, 'ae')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
