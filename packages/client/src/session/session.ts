import type { Secret } from '@socle/base';

/**
 * A person signed in to this module, as the module's own database knows them for the length of one request.
 * It is loaded again at each request, so that a session ended by the socle is ended here at once.
 */
export interface ModuleSession {
  /** The person, by the pairwise subject that the socle made for this module: no other module knows it. */
  readonly sub: string;
  /** The socle's public id of the sign-in (OpenID Connect `sid`), or undefined when the socle gave none. */
  readonly sid?: string;
  /** How strongly the person signed in (`badge`, `password`, `factor`, `passkey`), when the socle said so. */
  readonly acr?: string;
  /** When the person proved who they are. */
  readonly authenticatedAt: Date;
  /** When this session of the module began. */
  readonly startedAt: Date;
  /** The instant after which nothing keeps this session alive. */
  readonly expiresAt: Date;
  /** The key of this session's form tokens; never printed. */
  readonly csrfKey: Secret;
}
