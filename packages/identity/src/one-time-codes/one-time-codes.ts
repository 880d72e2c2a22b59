import { uuidv7, type Clock, type PersonId, type Secret } from '@socle/base';
import type { Queryable, Tx } from '@socle/db';
import { keyedHash } from '../derived-secrets.ts';
import { inventCode, parseCode } from './code-symbols.ts';
import {
  countCodeTry,
  findCode,
  giveCodeTryBack,
  replaceCodes,
  revokeCodes,
  takeCode,
  type CodePurpose,
  type StoredCode,
} from './one-time-code-store.ts';

/** Whom a code is for. */
interface CodeHolder {
  readonly accountId: string;
  /** For a parent's code: the pupil through whom the parent is known. */
  readonly childId?: PersonId;
}

/** A code that was just made: the only moment at which it can be read. */
interface IssuedCode {
  readonly accountId: string;
  readonly code: Secret;
  readonly expiresAt: Date;
}

/** Codes of 50 bits that work once, until they expire. */
export interface OneTimeCodes {
  /**
   * Makes one code for each holder, in the order given; former codes of the same holders stop working at commit.
   * `validSeconds` counts from now.
   */
  issue(
    tx: Tx,
    holders: readonly CodeHolder[],
    terms: { readonly purpose: CodePurpose; readonly validSeconds: number; readonly issuedBy?: string },
  ): Promise<readonly IssuedCode[]>;
  /** The live code that this text means, without using it; unknown, used, replaced and expired ones are alike. */
  find(db: Queryable, typed: string): Promise<StoredCode | undefined>;
  /** Uses the code. Of any number of calls at once, one gets it. */
  take(tx: Tx, typed: string): Promise<StoredCode | undefined>;
  /**
   * Counts a try before what came with the code is looked at; after five wrong ones the code is dead.
   * Call `giveBack` when what came with it was right.
   */
  countTry(db: Queryable, typed: string): Promise<StoredCode | undefined>;
  giveBack(db: Queryable, code: StoredCode): Promise<void>;
  /** Takes the codes of an account out of use. */
  revoke(tx: Tx, accountId: string): Promise<void>;
}

// What a text that is no code is looked up as, so that it costs the same statement.
const NO_CODE = 'no code';

/** Opens one-time codes; `secret` keys the rows. */
export function openOneTimeCodes(options: { readonly secret: Buffer; readonly clock: Clock }): OneTimeCodes {
  const { clock, secret } = options;
  const keyOf = (code: Secret | undefined) =>
    keyedHash(secret, 'one-time-code', code?.revealText() ?? NO_CODE);

  return {
    async issue(tx, holders, terms) {
      const issuedAt = clock.now();
      const expiresAt = new Date(issuedAt.getTime() + terms.validSeconds * 1000);
      const issued = holders.map((holder) => ({ holder, code: inventCode() }));
      await replaceCodes(
        tx,
        issued.map(({ holder, code }) => ({
          id: uuidv7(issuedAt),
          key: keyOf(code),
          accountId: holder.accountId,
          childId: holder.childId ?? null,
        })),
        { purpose: terms.purpose, issuedAt, expiresAt, issuedBy: terms.issuedBy ?? null },
      );
      return issued.map(({ holder, code }) => ({ accountId: holder.accountId, code, expiresAt }));
    },
    find: (db, typed) => findCode(db, keyOf(parseCode(typed)), clock.now()),
    take: (tx, typed) => takeCode(tx, keyOf(parseCode(typed)), clock.now()),
    countTry: (db, typed) => countCodeTry(db, keyOf(parseCode(typed)), clock.now()),
    giveBack: (db, code) => giveCodeTryBack(db, code.id),
    revoke: (tx, accountId) => revokeCodes(tx, accountId, clock.now()),
  };
}
