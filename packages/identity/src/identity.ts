import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ClientId, Clock, Log, PersonId, Secret } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import type { Database, Queryable } from '@socle/db';
import type { PageAssets } from '@socle/pages';
import type { Acr } from './acr.ts';
import type { Accounts } from './accounts.ts';
import type { Activation } from './activation/activation.ts';
import type { Colleagues } from './approvals-by-colleague/colleagues.ts';
import type { Badges } from './badges/badges.ts';
import type { Clients } from './clients.ts';
import type { LeakedPasswords } from './credentials/leaked-passwords.ts';
import type { OwnPasswords } from './credentials/own-passwords.ts';
import type { Passkeys } from './credentials/passkeys.ts';
import type { SecondFactors } from './credentials/second-factors.ts';
import type { Receipts } from './contracts/received.ts';
import type { Defences } from './defences/defences.ts';
import type { SigningKeys } from './keys.ts';
import type { Lessons } from './lessons/lessons.ts';
import type { Argon2Build, PasswordParameters } from './password-cost.ts';
import type { Notices } from './recovery/notices.ts';
import type { Resets } from './recovery/resets.ts';
import type { WorkStatus } from './proof-of-work/work.ts';
import type { FooterLinks } from './pages.ts';
import type { FindEntranceSchool, PeoplePort } from './ports.ts';
import type { RegistrationTokens } from './registration/dynamic-registration.ts';
import type { EndedSessions } from './session-notices.ts';
import type { Signer } from './signer.ts';
import type { Sessions, SocleSession } from './sessions.ts';

/** What identity is opened with. */
export interface IdentityOptions {
  /** The pool of the service's login. */
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  /** The issuer: an origin without a path, https outside the loopback range. */
  readonly issuer: string;
  /** 32 bytes. Signing keys, passwords' pepper and cookies hang on it: losing it loses them. */
  readonly masterKey: Secret;
  readonly people: PeoplePort;
  /**
   * The school whose name and logo the first page of this browser's sign-in bears. Missing, or undefined: none. It is a
   * matter of looks: it is asked before anyone is known, and opens nothing.
   */
  readonly findEntranceSchool?: FindEntranceSchool;
  /** Where signing keys live. Default: sealed in the database under the master key. */
  readonly signer?: Signer;
  /** The kit's files (`loadPageAssets()`); the service serves them. */
  readonly pages: PageAssets;
  /** Links in the footer of every page of this package. Default: none. */
  readonly footerLinks?: FooterLinks;
  /** Controller of events that no person's controller fits (unknown login, keys). Default `platform`. */
  readonly platformController?: string;
  /** Cost of password hashing. Default: 19 MiB and two to six passes, as the machine can afford. Only ever raise it. */
  readonly passwordParameters?: PasswordParameters;
  /** A list that nobody may choose a password from (`openLeakedPasswords`); the most common ones are refused anyway. */
  readonly leakedPasswords?: LeakedPasswords;
  readonly log?: Log;
}

/** The identity provider of one service. */
export interface Identity {
  /** How new passwords are hashed, and by which build of argon2. */
  readonly passwordHashing: PasswordParameters & { readonly build: Argon2Build };
  /**
   * OpenID Connect endpoints, sign-in and sign-out pages, at the root of the service. Register it once,
   * without a prefix. It answers 421 to any Host that is not the issuer's.
   */
  readonly routes: FastifyPluginAsync;
  /** The session of this request, or undefined. Reads the provider's cookie; extends the idle limit. */
  checkSession(request: FastifyRequest): Promise<SocleSession | undefined>;
  /**
   * As checkSession, but throws when nobody is signed in.
   * @throws IdentityError `sign_in_required` (401), with `details.signIn`: where to send the browser.
   */
  requireSession(request: FastifyRequest): Promise<SocleSession>;
  /** The sign-in address that comes back to `returnTo`, a path of this service. */
  signInAddress(returnTo: string): string;
  /** The sign-in address that asks for at least `acr`, proven in the last `maxAgeSeconds`, then leads to `returnTo`. */
  stepUpAddress(returnTo: string, acr: Acr, maxAgeSeconds?: number): string;
  /**
   * Lets a session through that is strong and recent enough.
   * @throws IdentityError `step_up_required` (401), with `details.signIn`: where to send the browser.
   */
  requireAcr(
    session: SocleSession,
    wanted: { readonly acr: Acr; readonly maxAgeSeconds?: number; readonly returnTo: string },
  ): void;
  readonly accounts: Accounts;
  readonly activation: Activation;
  readonly factors: SecondFactors;
  readonly ownPasswords: OwnPasswords;
  readonly badges: Badges;
  readonly colleagues: Colleagues;
  readonly resets: Resets;
  readonly notices: Notices;
  readonly passkeys: Passkeys;
  readonly lessons: Lessons;
  /** Stops by hand, sessions and passwords of many ended together. */
  /** What strangers are asked for at sign-in because of an attack on the whole service, and what was asked so far. */
  workStatus(): Promise<WorkStatus>;
  readonly defences: Defences;
  readonly clients: Clients;
  /** Initial access tokens of dynamic registration. */
  readonly registrationTokens: RegistrationTokens;
  /** What each service receives of a person. */
  readonly receipts: Receipts;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  /** Random subjects of these people for one sector, made where missing (OpenID Connect Core §8.1). */
  pairwiseSubjects(
    tx: Queryable,
    sector: string,
    personIds: readonly PersonId[],
  ): Promise<Map<PersonId, string>>;
  /** The person behind a pairwise subject of this sector, or undefined. */
  resolveSubject(tx: Queryable, sector: string, subject: string): Promise<PersonId | undefined>;
  /** The same for many at once; a subject that nobody has is left out. */
  resolveSubjects(tx: Queryable, sector: string, subjects: readonly string[]): Promise<Map<string, PersonId>>;
  /** The subjects that a sector already has for these people: none is made, so that a module learns of nobody new. */
  knownSubjects(
    tx: Queryable,
    sector: string,
    personIds: readonly PersonId[],
  ): Promise<Map<PersonId, string>>;
  /** Whether this person is signed in to a client now. */
  isSignedInTo(tx: Queryable, clientId: string, person: PersonId): Promise<boolean>;
  /**
   * Verifies an access token for the resource `<issuer>/modules` (RFC 9068).
   * @throws IdentityError `module_token_refused` (401).
   */
  verifyModuleToken(token: string): Promise<{ clientId: ClientId; sector: string }>;
  /** The same for the resource `<issuer>/scim/v2` and the scope `scim`. */
  verifyScimToken(token: string): Promise<{ clientId: ClientId }>;
  /**
   * Sessions of services that ended after `cursor`, in the order of their commits: what a stream to the modules
   * carries. Without a cursor: none, and the cursor of now. `SESSIONS_ENDED_CHANNEL` is notified at each end.
   */
  sessionsEndedSince(db: Queryable, cursor?: string): Promise<EndedSessions>;
  /**
   * Does what is due: calls again the services that did not answer a sign-out, rotates and retires signing keys by
   * the calendar. Run it every minute; several instances share the work.
   */
  runDueWork(): Promise<DueWork>;
  /** Deletes what is past its time; gives the number of rows. Safe to run in several instances at once. */
  sweepExpired(): Promise<number>;
  close(): Promise<void>;
}

/** What one run of the due work did. */
export interface DueWork {
  /** Services that learnt of a sign-out. */
  readonly servicesTold: number;
  /** Services that did not answer, again. */
  readonly servicesSilent: number;
  /** Signing keys that were published or began to sign. */
  readonly keysMoved: number;
  readonly keysRetired: number;
}
