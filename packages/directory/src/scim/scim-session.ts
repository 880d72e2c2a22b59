import type { AuditAppender } from '@socle/audit';
import { canonicalJson, sha256, type ControllerId, type JsonValue } from '@socle/base';
import type { Tx } from '@socle/db';
import { DirectoryError } from '../errors.ts';
import type { WriteContext } from '../people/grant-role.ts';
import type { JsonObject } from './json.ts';

/** A registered client and the one controller that it acts for. */
export interface ScimCaller {
  readonly clientId: string;
  readonly controller: ControllerId;
}

/** What every SCIM operation works with; the transaction's scope is the caller's controller. */
export interface ScimSession {
  readonly tx: Tx;
  readonly caller: ScimCaller;
  readonly audit: AuditAppender;
  readonly at: Date;
  /** Address of the service provider, without a final slash. */
  readonly baseUrl: string;
}

/** A resource as it is sent, with its version (a weak ETag, RFC 7644 §3.14). */
export interface ScimResource {
  readonly id: string;
  readonly version: string;
  readonly body: JsonObject;
}

/** The reason that marks a role as SCIM's own. */
export const SCIM_REASON = 'scim';

export function writeContext(session: ScimSession): WriteContext {
  return {
    audit: session.audit,
    author: { kind: 'client', id: session.caller.clientId },
    at: session.at,
  };
}

/** Appends an event of the caller's controller, done by the caller. */
export async function logScim(
  session: Pick<ScimSession, 'tx' | 'caller' | 'audit' | 'at'>,
  event: {
    readonly action: string;
    readonly target: { readonly kind: string; readonly id: string };
    readonly detail?: Readonly<Record<string, string | number>>;
  },
): Promise<void> {
  await session.audit.append(session.tx, {
    at: session.at,
    controller: session.caller.controller,
    actor: { kind: 'client', id: session.caller.clientId },
    outcome: 'success',
    detail: {},
    ...event,
  });
}

/** Adds `meta`; the version is a digest of all the rest, so it changes when, and only when, something that is sent does. */
export function finishResource(
  resource: JsonObject,
  meta: {
    readonly resourceType: 'User' | 'Group';
    readonly createdAt: Date;
    readonly changedAt: Date;
    readonly location: string;
  },
): ScimResource {
  const digest = sha256(Buffer.from(canonicalJson(resource as JsonValue))).toString('hex');
  const version = `W/"${digest.slice(0, 32)}"`;
  return {
    id: String(resource.id),
    version,
    body: {
      ...resource,
      meta: {
        resourceType: meta.resourceType,
        created: meta.createdAt.toISOString(),
        lastModified: meta.changedAt.toISOString(),
        location: meta.location,
        version,
      },
    },
  };
}

/** True when one of the tags of an If-Match or If-None-Match header is this version, or the header is `*`. */
export function matchesVersion(header: string, version: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.split(',').some((tag) => tag.trim() === '*' || bare(tag) === bare(version));
}

/** @throws DirectoryError `scim_version_changed` (412). */
export function requireVersion(ifMatch: string | undefined, version: string): void {
  if (ifMatch === undefined || matchesVersion(ifMatch, version)) return;
  throw new DirectoryError('scim_version_changed', {
    status: 412,
    publicMessage: 'The resource changed since it was read. Read it again.',
  });
}
