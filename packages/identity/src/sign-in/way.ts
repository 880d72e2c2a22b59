import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '@socle/pages';
import type { EntranceSchool } from '../ports.ts';
import type { PendingSignIn, RenderedPage } from '../provider-gate.ts';
import type { ProvenAttempt, SignInOrigin, SignInTools } from './step.ts';

/** The request of a page of a sign-in. */
export type SignInRequest = FastifyRequest<{ Params: { uid: string } }>;

/** What a way in works with: the sign-in of a request, pages, and the way on once the person is proven. */
export interface SignInDesk {
  readonly tools: SignInTools;
  /**
   * Reads the request: the sign-in that its address and cookie name. On a refusal (expired, another browser, a form
   * that another site sent) the page has been sent already and undefined comes back.
   */
  open(
    request: FastifyRequest<{ Params: { uid: string } }>,
    reply: FastifyReply,
  ): Promise<OpenSignIn | undefined>;
  /** The person is proven: asks for what is due, or opens the session. */
  proceed(reply: FastifyReply, attempt: ProvenAttempt): Promise<FastifyReply>;
  show(reply: FastifyReply, status: number, page: RenderedPage): FastifyReply;
}

/** A sign-in that waits for its person, and the browser that came. */
export interface OpenSignIn {
  readonly pending: PendingSignIn;
  readonly origin: SignInOrigin;
  readonly language: Language;
  /** The sign-in's address, `/sign-in/<id>`; pages of a way in stand under it. */
  readonly address: string;
  readonly formTargets: readonly string[];
  /** The school whose sign-in page this browser is shown. */
  readonly school: EntranceSchool | undefined;
  /** The relying party's name, in that language. */
  findService(): Promise<string | undefined>;
}

/** A way to give the first proof: registers its routes under `/sign-in/:uid/<name>`. */
export type SignInWay = (app: FastifyInstance, desk: SignInDesk) => void;
