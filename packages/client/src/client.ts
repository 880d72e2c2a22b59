import type { Clock, Log, Secret } from '@socle/base';
import type { Tx } from '@socle/db';
import type { Language, PageAssets } from '@socle/pages';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { JWK } from 'jose';
import type { ModuleDatabase } from './module/module-database.ts';
import type { DeliveryRound, ModuleActions, ModuleEvent, OutboxStatus } from './outbox/event.ts';
import type { ModuleSession } from './session/session.ts';
import type { MayDecision, MayRequest, ResourceProperties, ResourceRef } from './socle/decision.ts';
import type { DirectoryPerson, DivisionMembers } from './socle/person.ts';

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
   * May this person do `action` on `resource`? Asked of the socle once for one question in one request.
   *
   * @throws ClientError `socle_unavailable`, `socle_refused`, `socle_answer_invalid`: nothing was decided, so deny.
   */
  may(
    session: ModuleSession,
    action: string,
    resource: ResourceRef,
    properties?: ResourceProperties,
  ): Promise<MayDecision>;
  /** Many questions in few round trips; verdicts in the order of the questions. Throws as `may` does. */
  mayEach(session: ModuleSession, requests: readonly MayRequest[]): Promise<readonly MayDecision[]>;
  readonly directory: {
    /** The person of this session. Throws as `may` does. */
    person(session: ModuleSession): Promise<DirectoryPerson>;
    /**
     * The pupils of a class or group, when the socle lets this person see them.
     *
     * @throws ClientError `socle_refused` with status 403 when it does not, 404 when there is no such division.
     */
    members(session: ModuleSession, divisionId: string): Promise<DivisionMembers>;
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
