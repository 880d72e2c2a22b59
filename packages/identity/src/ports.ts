import type { IncomingMessage } from 'node:http';
import type { PersonId } from '@socle/base';
import type { Database } from '@socle/db';
import type { PasswordRules } from './credentials/password-policy.ts';

/**
 * What sign-in needs to know about people. The directory implements it; identity never reads its tables.
 *
 * A template to fill in:
 * ```ts
 * const people: PeoplePort = {
 *   async findPerson(personId) {
 *     const person = await database.transaction((tx) => findPerson(tx, personId), { scope: 'all', readOnly: true });
 *     return person && { id: person.id, status: person.status, displayName: person.displayName, … };
 *   },
 * };
 * ```
 */
export interface PeoplePort {
  /**
   * The person as they are now, or undefined when nobody has this id. It is asked at every sign-in, code,
   * refresh, user-info call and session check, so it should answer from an index in about a millisecond.
   * What it throws refuses the request (503), it never lets anyone in.
   */
  findPerson(personId: PersonId): Promise<Person | undefined>;
  /**
   * The same in SQL, where the directory is in the same PostgreSQL: who somebody is then comes in the statement that reads
   * their token. Missing: `findPerson` is asked.
   */
  readonly card?: PersonCard;
  /** What this person's roles demand besides a password; asked once at each sign-in. Missing: `never`. */
  findFactorDemand?(personId: PersonId): Promise<FactorDemand>;
  /**
   * Whether this adult holds authority over this child now, and the child was born on that day (`YYYY-MM-DD`). Asked
   * when a parent gives their code. Missing: nobody does.
   */
  checkGuardian?(link: {
    readonly adult: PersonId;
    readonly child: PersonId;
    readonly birthDate: string;
  }): Promise<boolean>;
  /** The schools where this person holds a role now, and whether they hold one above schools. Missing: no school is ever stopped. */
  findPlaces?(
    personId: PersonId,
  ): Promise<{ readonly schools: readonly string[]; readonly isAboveSchools: boolean }>;
  /** The names a password may not be made of, and how long it must be. Asked when a person chooses one. */
  findPasswordRules?(personId: PersonId): Promise<PasswordRules>;
}

/** Where a statement finds who somebody is. */
export interface PersonCard {
  /** Reads only, and sees people of every controller. */
  readonly reader: Database;
  /** Name of a function `(uuid) → json` that gives what `findPerson` gives, or null. */
  readonly sqlFunction: `${string}.${string}`;
}

/**
 * `always`: whoever administers or directs. `short-password`: staff who see other people's data, unless their
 * password has 15 characters. `never`: their own choice.
 */
export type FactorDemand = 'always' | 'short-password' | 'never';

/** A person as identity sees them. */
export interface Person {
  readonly id: PersonId;
  /** `active` may sign in. Anyone else is refused at once: at sign-in, code, refresh and user-info. */
  readonly status: 'active' | 'suspended' | 'departed';
  /** Shown on pages and given as `name` to services that may know it. */
  readonly displayName: string;
  readonly givenName?: string;
  readonly familyName?: string;
  /** Language of pages, `fr` or `en`; given as `locale`. */
  readonly language?: 'fr' | 'en';
  /** The controller (art. 4.7 GDPR) in whose name the person's sign-ins are logged. */
  readonly controller?: string;
}

/** A school as the first page of a sign-in names it; `logo` is the address of a picture of this service. */
export interface EntranceSchool {
  readonly name: string;
  readonly logo?: string;
}

/**
 * Whose page this browser is shown: once `person` is proven, their school where they have one alone, else the one that
 * the browser remembers. What it throws refuses the page, so it should answer undefined instead.
 */
export type FindEntranceSchool = (
  request: IncomingMessage,
  person?: PersonId,
) => Promise<EntranceSchool | undefined>;
