import { randomToken, type Clock } from '@socle/base';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cookies } from '../cookies.ts';
import { ClientError } from '../errors.ts';
import type { ModuleDatabase } from '../module/module-database.ts';
import type { IdentityClaims } from '../oidc/id-token.ts';
import { refusedLogout, type LogoutOrder } from '../oidc/logout-token.ts';
import { SIGN_IN_LIFETIME_SECONDS } from '../sign-in/sign-in.ts';
import { deriveCsrfKey } from './csrf.ts';
import { openUnderSession, sealUnderSession } from './seal.ts';
import type { ModuleSession } from './session.ts';
import {
  deleteDeadSessions,
  deleteSession,
  endSessions,
  insertSession,
  loadSessionRow,
  touchSession,
  type SessionRow,
} from './store.ts';

/** What a sign-in brought. */
interface CompletedSignIn {
  readonly claims: IdentityClaims;
  readonly idToken: string;
  /** When the browser was sent to the socle. */
  readonly begunAt: Date;
}

/** The sessions of this module, in its own database. */
export interface Sessions {
  /**
   * Begins a session under a new random id, and ends the one that the browser had (session fixation, ASVS 7.2.4).
   *
   * @throws ClientError `sign_in_expired` when the socle has ended it already.
   */
  start(request: FastifyRequest, reply: FastifyReply, signIn: CompletedSignIn): Promise<void>;
  /** The live session of this request; looked up once for one request. */
  load(request: FastifyRequest): Promise<ModuleSession | undefined>;
  /** Ends the session of this request and forgets its cookie; gives its ID token, for the socle's sign-out. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined>;
  /** Obeys a verified logout token. Throws `logout_token_refused` for one that was obeyed before. */
  obey(order: LogoutOrder): Promise<number>;
  /** Removes the rows of sessions that are over. */
  sweep(): Promise<number>;
}

export interface SessionsOptions {
  readonly database: ModuleDatabase;
  readonly cookies: Cookies;
  readonly clock: Clock;
  readonly idleSeconds: number;
  readonly absoluteSeconds: number;
}

/** A session's last use is written at most once in this time, so that reading a page costs no write. */
const TOUCH_SECONDS = 60;
/** Longer than a sign-in can be on its way. */
const REMEMBER_LOGOUT_SECONDS = SIGN_IN_LIFETIME_SECONDS * 2;

interface Loaded {
  readonly id: string;
  readonly row: SessionRow;
  readonly session: ModuleSession;
}

export function openSessions(options: SessionsOptions): Sessions {
  const { clock, cookies, database } = options;
  const byRequest = new WeakMap<FastifyRequest, Promise<Loaded | undefined>>();
  const later = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000);

  async function look(request: FastifyRequest): Promise<Loaded | undefined> {
    const id = cookies.readSession(request);
    if (id === undefined) return undefined;
    const now = clock.now();
    const row = await loadSessionRow(database, id, now, later(now, -options.idleSeconds));
    if (!row) return undefined;
    if (now.getTime() - row.last_seen_at.getTime() >= TOUCH_SECONDS * 1000)
      await touchSession(database, id, now);
    return { id, row, session: buildSession(id, row) };
  }

  function loadOnce(request: FastifyRequest): Promise<Loaded | undefined> {
    let pending = byRequest.get(request);
    if (!pending) byRequest.set(request, (pending = look(request)));
    return pending;
  }

  return {
    async start(request, reply, { claims, idToken, begunAt }) {
      const id = randomToken();
      const now = clock.now();
      const previous = cookies.readSession(request);
      const stored = await database.transaction(async (tx) => {
        if (previous !== undefined) await deleteSession(tx, previous);
        return insertSession(tx, {
          id,
          claims,
          begunAt,
          now,
          sealedIdToken: sealUnderSession(id, idToken),
          expiresAt: later(now, options.absoluteSeconds),
        });
      });
      byRequest.delete(request);
      if (!stored) {
        throw new ClientError('sign_in_expired', {
          status: 400,
          publicMessage: 'This session was ended while the sign-in was on its way. Start again.',
        });
      }
      cookies.writeSession(reply, id, options.absoluteSeconds);
    },
    load: async (request) => (await loadOnce(request))?.session,
    async end(request, reply) {
      const loaded = await loadOnce(request);
      byRequest.delete(request);
      cookies.clearSession(reply);
      if (!loaded) return undefined;
      await deleteSession(database, loaded.id);
      return openUnderSession(loaded.id, loaded.row.sealed_id_token);
    },
    async obey(order) {
      const now = clock.now();
      const ended = await database.transaction((tx) =>
        endSessions(tx, order, now, later(now, REMEMBER_LOGOUT_SECONDS)),
      );
      if (ended === undefined) throw refusedLogout('replayed');
      return ended;
    },
    sweep: () => deleteDeadSessions(database, clock.now(), later(clock.now(), -options.idleSeconds)),
  };
}

function buildSession(id: string, row: SessionRow): ModuleSession {
  return Object.freeze({
    sub: row.sub,
    ...(row.sid === null ? {} : { sid: row.sid }),
    ...(row.acr === null ? {} : { acr: row.acr }),
    authenticatedAt: row.authenticated_at,
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    csrfKey: deriveCsrfKey(id),
  });
}
