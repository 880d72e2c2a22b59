import type { PersonId } from '@socle/base';
import type { Tx } from '@socle/db';

/**
 * What the directory tells those who keep accounts. Identity's side is wired in services/socle/src/compose.ts.
 *
 * A template to fill in:
 * ```ts
 * const accounts: AccountsPort = {
 *   async peopleJoined(tx, people) {
 *     tx.afterCommit(() => endSessionsOf([people.survivor, people.absorbed]));
 *   },
 *   …
 * };
 * ```
 */
export interface AccountsPort {
  /**
   * Two entries became one person, in this transaction. The accounts of both stay, and lead to the survivor's rights;
   * sessions should end after the commit, so that each next sign-in is that of the person they now are.
   */
  peopleJoined(tx: Tx, people: { readonly survivor: PersonId; readonly absorbed: PersonId }): Promise<void>;
  /** The same two are two people again. */
  peopleParted(tx: Tx, people: { readonly survivor: PersonId; readonly absorbed: PersonId }): Promise<void>;
}

/** What the directory needs of those who keep sessions. Identity's side is wired in services/socle/src/compose.ts. */
export interface SessionsPort {
  /** Ends every session and token of a person, in every protocol; nobody's when there is none. May be asked again. */
  endSessionsOf(person: PersonId): Promise<void>;
}
