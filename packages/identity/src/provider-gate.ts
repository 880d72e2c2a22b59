import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Acr } from './acr.ts';
import type { EntranceSchool } from './ports.ts';

/** A sign-in that waits for its person. */
export interface PendingSignIn {
  readonly uid: string;
  /** What is asked: `login`, or `attributes` for the page "what this service receives". */
  readonly prompt: string;
  /** Who is signed in already, when somebody is. */
  readonly accountId?: string;
  /** The relying party, or undefined for a direct visit to the socle. */
  readonly clientId?: string;
  readonly redirectUri?: string;
  readonly uiLocales?: string;
  readonly loginHint?: string;
  /** An acr that the relying party demands and that cannot be reached. */
  readonly unreachableAcr: boolean;
  /** The weakest acr that is asked for, where one is. */
  readonly wantedAcr?: Acr;
  /** True when the session is worth nothing to who asks without `wantedAcr`. */
  readonly acrIsEssential: boolean;
  /** Ends the wait with a signed-in person; gives the address to continue at. */
  succeed(signIn: ProvenSignIn): Promise<string>;
  /** Ends the wait without a new sign-in; gives the address to continue at. */
  proceed(): Promise<string>;
  /** Ends the wait with an OAuth error; gives the address to continue at. */
  fail(error: string): Promise<string>;
}

/** What a finished sign-in proved. */
export interface ProvenSignIn {
  readonly accountId: string;
  readonly acr: string;
  readonly amr: readonly string[];
  /** A computer that others use: the session is shorter and ends with the browser. */
  readonly shared: boolean;
}

/** The provider's session behind a cookie. */
interface ProviderSession {
  readonly uid: string;
  readonly accountId: string;
}

/** The pages that the provider shows by itself. Each gives a whole document. */
export interface ProviderPages {
  confirmSignOut(view: ProviderView & { readonly form: string }): RenderedPage;
  signedOut(view: ProviderView): RenderedPage;
  failure(view: ProviderView & { readonly code: string; readonly status: number }): RenderedPage;
}

export interface ProviderView {
  readonly request: IncomingMessage;
  /** Origins to which a form of this page may lead. */
  readonly formTargets: readonly string[];
  readonly clientName?: string;
  /** The school whose name and logo stand above. */
  readonly school?: EntranceSchool | undefined;
}

export interface RenderedPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** A visit to the socle itself. */
export interface DirectSignIn {
  readonly returnTo: string;
  /** The least acr that the page behind `returnTo` takes. */
  readonly acr?: Acr;
  /** Who is expected to prove themselves again. */
  readonly loginHint?: string;
}

/** oidc-provider behind the few calls that the rest of the package makes. */
export interface ProviderGate {
  /** Answers one request of an OpenID Connect endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Starts a direct sign-in (no relying party); sets its cookie; gives its address. */
  startDirect(request: IncomingMessage, response: ServerResponse, direct: DirectSignIn): Promise<string>;
  /** The sign-in of this address and its cookie, or undefined when it has expired or belongs to another browser. */
  findPending(request: IncomingMessage, response: ServerResponse): Promise<PendingSignIn | undefined>;
  findSession(request: IncomingMessage, response: ServerResponse): Promise<ProviderSession | undefined>;
  /**
   * Tells one service that a session of this account ended (OpenID Connect Back-Channel Logout §2.5).
   * Throws when it does not answer 200 or 204. A service that is not registered any more counts as told.
   */
  sendLogout(clientId: string, accountId: string, sid: string | undefined): Promise<void>;
  /** Grants named by a stored session. */
  grantsOf(session: Record<string, unknown>): readonly string[];
  /**
   * Whether the provider accepts this client metadata.
   * @returns the reason of a refusal, or undefined.
   */
  checkClientMetadata(metadata: Record<string, unknown>): string | undefined;
}
