import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@socle/base';
import type { FastifyRequest } from 'fastify';
import { ClientError } from '../errors.ts';
import type { ModuleSession } from './session.ts';

const KEY_BYTES = 32;

/** The key of a session's form tokens, made from its id: it is nowhere stored. */
export function deriveCsrfKey(sessionId: string): Secret {
  return new Secret(createHmac('sha256', sessionId).update('socle-client/session/csrf').digest());
}

/** A form token: the key under a fresh mask, so that no two pages hold the same bytes (BREACH). */
export function buildCsrfToken(session: ModuleSession): string {
  const mask = randomBytes(KEY_BYTES);
  return Buffer.concat([mask, xor(mask, session.csrfKey.revealBytes())]).toString('base64url');
}

/** True when `token` was made by `buildCsrfToken` for this session. */
function checkCsrfToken(session: ModuleSession, token: unknown): boolean {
  if (typeof token !== 'string' || token.length > 128) return false;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 2 * KEY_BYTES) return false;
  const key = xor(bytes.subarray(0, KEY_BYTES), bytes.subarray(KEY_BYTES));
  return timingSafeEqual(key, session.csrfKey.revealBytes());
}

/**
 * Ensures that a request that changes something comes from a page of this module: the browser says so
 * (`Sec-Fetch-Site`, `Origin`) when it says anything.
 *
 * @throws ClientError `csrf_refused`.
 */
export function requireSameOrigin(request: FastifyRequest, baseUrl: string): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw refused('site');
  const { origin } = request.headers;
  if (origin !== undefined && origin !== baseUrl) throw refused('origin');
}

/**
 * Ensures that a request carries a token of this session, in the form field `_csrf` or the header `x-csrf-token`.
 *
 * @throws ClientError `csrf_refused`.
 */
export function requireCsrfToken(request: FastifyRequest, session: ModuleSession): void {
  const body = request.body as { _csrf?: unknown } | null | undefined;
  const token = request.headers['x-csrf-token'] ?? (typeof body === 'object' ? body?._csrf : undefined);
  if (!checkCsrfToken(session, token)) throw refused('token');
}

function refused(why: string): ClientError {
  return new ClientError('csrf_refused', {
    status: 403,
    publicMessage:
      'This request did not come from a page of this site. Go back, reload the page, and try again.',
    details: { why },
  });
}

function xor(left: Buffer, right: Buffer): Buffer {
  return Buffer.from(left.map((byte, index) => byte ^ right[index]!));
}
