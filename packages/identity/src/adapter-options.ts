import type { Clock } from '@socle/base';
import type { Database } from '@socle/db';
import type { LookupStatements } from './lookup-store.ts';
import type { RequestRows } from './request-rows.ts';

/** What a request names, as far as it is known when it is looked at. */
export interface NamedRows {
  readonly clientId?: string | undefined;
  readonly token?: { readonly models: readonly string[]; readonly id: string } | undefined;
  /** The endpoint redeems what is named; elsewhere it is only looked at. */
  readonly isRedeemed: boolean;
}

/** What the storage of the provider needs from the rest of the package. */
export interface AdapterOptions {
  readonly database: Database;
  readonly lookups: LookupStatements;
  readonly clock: Clock;
  /** The address at which an interaction resumes; it holds the id, so it is made anew instead of stored. */
  readonly resumeAddress: (interactionId: string) => string;
  /** What the request being answered has read and will write; undefined outside the provider's own endpoints. */
  readonly requestRows: () => RequestRows | undefined;
  /** The client that the request being answered names, and the token or code that it brings. */
  readonly named: () => NamedRows;
  /** The request being answered redeems a refresh token, and proved that it comes from whom this one was given to. */
  readonly isSameSender: (token: {
    clientId?: string | undefined;
    jkt?: string | undefined;
  }) => Promise<boolean>;
  /** Seals what was answered to a refresh. */
  readonly answersKey: Buffer;
  /** A label for the browser of the request being answered. */
  readonly describeDevice: () => string;
  /** The request comes from the pages where a person enters a device's code. */
  readonly isVerifyingDevice: () => boolean;
  /** The protocol's own error for a second use. */
  readonly refuseSecondUse: (of: 'grant' | 'request_uri') => Error;
  /** Called once for each family that a second use burnt. */
  readonly onReplay: (model: string, clientId: string) => Promise<void>;
  /** Called with the public id of a session that ended, so that its services are told. */
  readonly onSessionEnded: (sessionId: string) => Promise<unknown>;
}
