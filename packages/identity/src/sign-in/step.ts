import type { Clock, Log } from '@socle/base';
import type { AuditAppender, EventActor } from '@socle/audit';
import type { Database } from '@socle/db';
import type { StoredAccount } from '../account-store.ts';
import type { Acr } from '../acr.ts';
import type { Colleagues } from '../approvals-by-colleague/colleagues.ts';
import type { Badges } from '../badges/badges.ts';
import type { OneTimeCodes } from '../one-time-codes/one-time-codes.ts';
import type { FactorList } from '../credentials/factor-summary.ts';
import type { OwnPasswords } from '../credentials/own-passwords.ts';
import type { Passkeys } from '../credentials/passkeys.ts';
import type { SecondFactors } from '../credentials/second-factors.ts';
import type { IdentityPages } from '../pages.ts';
import type { Passwords } from '../passwords.ts';
import type { PeoplePort, Person } from '../ports.ts';
import type { SentWork, Work } from '../proof-of-work/work.ts';
import type { PendingSignIn } from '../provider-gate.ts';
import type { Throttle, ThrottleDecision } from '../throttle.ts';
import type { SignInRefusal } from './refusal-reason.ts';

/** What the steps work with. */
export interface SignInTools {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly log: Log;
  readonly people: PeoplePort;
  readonly passwords: Passwords;
  readonly factors: SecondFactors;
  readonly ownPasswords: OwnPasswords;
  readonly passkeys: Passkeys;
  readonly throttle: Throttle;
  readonly work: Work;
  readonly codes: OneTimeCodes;
  readonly badges: Badges;
  readonly colleagues: Colleagues;
  /** Ends every session of an account and tells its services. */
  readonly endSessions: (accountId: string, actor: EventActor) => Promise<unknown>;
  readonly throttleSecret: Buffer;
  readonly platformController: string;
  readonly issuer: URL;
  readonly pages: IdentityPages;
}

/** Where an attempt comes from. */
export interface SignInOrigin {
  readonly address: string;
  readonly agent: string;
  /** The device cookie as it came, or an empty text. */
  readonly deviceCookie: string;
}

/** One attempt to sign in. The first part is what the person sent; each step fills in what it found. */
export interface SignInAttempt extends SignInOrigin {
  readonly pending: PendingSignIn;
  readonly login: string;
  /** Missing for another way in than the password, and once a further page has been asked for. */
  readonly password?: string;
  /** The proof of work that came with the password. */
  readonly work?: SentWork;
  readonly shared: boolean;

  /** By `throttle`. */
  reserved?: Extract<ThrottleDecision, { allowed: true }>['reserved'];
  /** By `find`: both undefined for a login that nobody has. */
  account?: StoredAccount | undefined;
  person?: Person | undefined;
  /** What was proven so far (RFC 8176), by `verify`, by another way in, and by each prompt. */
  amr: readonly string[];
  /** What a later step must know of an earlier one. Kept between two pages. */
  notes: readonly SignInNote[];
  /** Prompts that were answered. */
  answered: readonly string[];
  /** Found once for the prompts of one page. */
  factorNeed?: FactorNeed | undefined;
  /** By `acr`. */
  acr?: Acr;
  /** By `session`: where the browser goes, and the device cookie to set. */
  continueAt?: string;
  newDeviceCookie?: string;
}

/** `short-password`: the password that was given has fewer than 15 characters. */
export type SignInNote = 'short-password';

/** Whether something besides a password is needed, and what there is to ask for. */
export interface FactorNeed {
  /** The session may not open without it. */
  readonly needed: boolean;
  /** What the person has; the code of the generator, or else of the grid, is what is asked for first. */
  readonly has: FactorList;
}

/** An attempt whose person is known and may sign in. */
export type ProvenAttempt = SignInAttempt & { readonly account: StoredAccount; readonly person: Person };

/** A step gives a refusal, or nothing to let the next one work. */
export type SignInStep = (attempt: SignInAttempt, tools: SignInTools) => Promise<SignInRefusal | undefined>;
