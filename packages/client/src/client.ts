import type { ListColumn, ListMember, ListWhere } from '@socle/authorization';
import type { Clock, Log, Secret } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Language, PageAssets } from '@socle/pages';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { JWK } from 'jose';
import type { ModuleDatabase } from './module/module-database.ts';
import type { DeliveryRound, ModuleActions, ModuleEvent, OutboxStatus } from './outbox/event.ts';
import type { ModuleSession } from './session/session.ts';
import type {
  MayDecision,
  MayOptions,
  MayRequest,
  ResourceProperties,
  ResourceRef,
} from './socle/decision.ts';
import type { DirectoryPerson, Division, DivisionMembers } from './socle/person.ts';

export interface ClientOptions {
  /** The socle's address, exactly as its discovery document says it. https, or http on the loopback range. */
  readonly issuer: string;
  readonly clientId: string;
  /** The module's private key: a JWK, or a Secret that holds its JSON. ES256 (P-256), PS256 or RS256. */
  readonly privateKeyJwk: Secret | JWK;
  /** The module's public address; its redirect URIs start with it. */
  readonly baseUrl: string;
  readonly database: ModuleDatabase;
  /** The module's name as people read it, on the pages of this package. Default: the client's id. */
  readonly title?: { readonly fr: string; readonly en: string };
  /** The module's actions; an event of another action is refused. */
  readonly actions: ModuleActions;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  readonly log?: Log;
  /** Outbound requests; replaced by tests only. Default: the platform's fetch. */
  readonly fetch?: typeof fetch;
  /** Longest wait for one answer of the socle. Default 5 000 ms. */
  readonly requestTimeoutMs?: number;
  /** A session without a request ends after this. Default 1 800 s. */
  readonly sessionIdleSeconds?: number;
  /** A session ends after this whatever happens. Default 36 000 s. */
  readonly sessionAbsoluteSeconds?: number;
  /** Most events that may wait for the socle; beyond, `append` refuses. Default 20 000. */
  readonly outboxLimit?: number;
  /**
   * Public keys (Ed25519, PEM) by which policies must be signed; no other is trusted. Default: those that the issuer
   * publishes.
   */
  readonly policyKeys?: readonly string[];
  /** After so long without news of the socle, nothing sensitive is decided here. Default 300 s. */
  readonly sensitiveStaleSeconds?: number;
  /** After so long without news of the socle, nothing at all is decided here. Default 3 600 s. */
  readonly staleSeconds?: number;
}

/** How decisions are taken in this process. */
export interface DecisionStatus {
  /** Decisions taken here, and at the socle, since the start. */
  readonly local: number;
  readonly remote: number;
  /** Number of the bundle of policies in force here; 0 for none. */
  readonly policies: number;
  /** Bundles that were refused: an alarm. */
  readonly policiesRefused: number;
  /** The authorization revision heard of last. */
  readonly revision: number;
  /** People whose facts are held. */
  readonly people: number;
  /** When the socle was last heard; undefined before it was. */
  readonly heardAt: Date | undefined;
}

/** What a module needs of the socle: sign-in, session, decisions, directory, proof. */
export interface Client {
  /**
   * Registers cookies, forms, `/sign-in`, `/oidc/callback`, `/sign-out`, `/oidc/backchannel-logout`, the check of
   * form tokens on every unsafe request, and the error handler, on the instance it is given (not encapsulated).
   */
  readonly plugin: FastifyPluginAsync;
  /** The page kit's files; `startModule` serves them at `/assets/`. */
  readonly assets: PageAssets;
  /** The language of this request: the person's choice, then the browser's, then French. */
  language(request: FastifyRequest): Language;
  /**
   * The session of this request. Marks the answer as not to be stored.
   *
   * @throws ClientError `sign_in_required` (401): the error handler sends a page's reader to sign in and comes back.
   */
  requireSession(request: FastifyRequest, reply: FastifyReply): Promise<ModuleSession>;
  /** The session of this request, or undefined. */
  loadSession(request: FastifyRequest): Promise<ModuleSession | undefined>;
  /** A token for a hidden field `_csrf` (or the header `x-csrf-token`) of this session's forms. New at each call. */
  csrfToken(session: ModuleSession): string;
  /**
   * May this person do `action` on `resource`? Decided in this process, by the socle's signed policies and this person's facts;
   * asked of the socle where these are not at hand or too old, once for one question in one request.
   *
   * @throws ClientError `socle_unavailable`, `socle_refused`, `socle_answer_invalid`: nothing was decided, so deny.
   */
  may(
    session: ModuleSession,
    action: string,
    resource: ResourceRef,
    properties?: ResourceProperties,
    options?: MayOptions,
  ): Promise<MayDecision>;
  /** Many questions at once; verdicts in the order of the questions. Throws as `may` does. */
  mayEach(
    session: ModuleSession,
    requests: readonly MayRequest[],
    options?: MayOptions,
  ): Promise<readonly MayDecision[]>;
  /**
   * The rows of the module's own table that this person may do `action` on: an SQL expression for WHERE and its parameters,
   * which begin at `firstParameter` (1). Every value is a parameter. It holds for this request.
   *
   * @throws ClientError `socle_unavailable` when the facts are not at hand: then nothing is listed.
   */
  listWhere(
    session: ModuleSession,
    action: string,
    columns: Readonly<Partial<Record<ListMember | 'published' | 'closed', ListColumn>>>,
    firstParameter?: number,
  ): Promise<ListWhere>;
  /**
   * For a module whose list is not a table: the schools, classes, pupils … (`member`) to which what this person may do
   * `action` on comes down, at most `atMost` (1 000). They bound the list and are not the verdict: ask `mayEach` of what is
   * found there. Undefined when nothing bounds it or there are more: then `listWhere`, or a school at a time.
   *
   * @throws ClientError `socle_unavailable` when the facts are not at hand: then nothing is listed.
   */
  listIds(
    session: ModuleSession,
    action: string,
    member: ListMember,
    atMost?: number,
  ): Promise<readonly string[] | undefined>;
  /** How decisions are taken, for metrics. */
  decisionStatus(): DecisionStatus;
  readonly directory: {
    /** The person of this session. Throws as `may` does. */
    person(session: ModuleSession): Promise<DirectoryPerson>;
    /**
     * The pupils of a class or group, when the socle lets this person see them.
     *
     * @throws ClientError `socle_refused` with status 403 when it does not, 404 when there is no such division.
     */
    members(session: ModuleSession, divisionId: string): Promise<DivisionMembers>;
    /** Classes and groups of a school whose pupils the socle lets this person see; none elsewhere. */
    divisions(session: ModuleSession, schoolId: string): Promise<readonly Division[]>;
  };
  readonly audit: {
    /**
     * Puts an event in the outbox, in the caller's transaction: it reaches the log if and only if that commits.
     *
     * @returns the event's id.
     * @throws ClientError `audit_event_refused` (unknown action, detail not allowed, too large),
     *   `audit_outbox_full` (503) when too many events wait.
     */
    append(tx: Tx, event: ModuleEvent): Promise<string>;
    /** Delivers one batch now. What `startDelivery` does in a loop. */
    deliverOnce(): Promise<DeliveryRound>;
    status(): Promise<OutboxStatus>;
  };
  /** Starts the delivery loop; calling it again changes nothing. */
  startDelivery(): void;
  /** Answers an error as a page or as an RFC 9457 problem. `plugin` installs it. */
  readonly errorHandler: (
    error: FastifyError,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<unknown>;
  /** Throws `socle_unavailable` unless the socle's discovery document can be read. For readiness. */
  checkSocle(): Promise<void>;
  /** Stops the delivery loop once the round in hand has ended. The database stays the caller's. */
  close(): Promise<void>;
}
