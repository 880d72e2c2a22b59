import type { FastifyReply } from 'fastify';
import { DEVICE_COOKIE_SECONDS } from '../device-cookie.ts';
import { STAGE_SECONDS } from './stage-store.ts';

/** Name of the cookie that remembers browsers. */
export function deviceCookieName(issuer: URL): string {
  return issuer.protocol === 'https:' ? '__Host-socle_device' : 'socle_device';
}

/** Name of the cookie that proves the stage of a sign-in; its path is the sign-in's, so that two tabs do not mix. */
export function stageCookieName(issuer: URL): string {
  return issuer.protocol === 'https:' ? '__Secure-socle_stage' : 'socle_stage';
}

export function rememberDevice(reply: FastifyReply, issuer: URL, value: string): void {
  appendCookie(reply, issuer, {
    name: deviceCookieName(issuer),
    value,
    maxAgeSeconds: DEVICE_COOKIE_SECONDS,
  });
}

export function setStageCookie(reply: FastifyReply, issuer: URL, path: string, token: string): void {
  const name = stageCookieName(issuer);
  appendCookie(reply, issuer, { name, value: token, path, maxAgeSeconds: STAGE_SECONDS });
}

export function clearStageCookie(reply: FastifyReply, issuer: URL, path: string): void {
  appendCookie(reply, issuer, { name: stageCookieName(issuer), value: '', path, maxAgeSeconds: 0 });
}

/** On the raw response, where the provider sets its own: Fastify would replace one by the other. */
export function appendCookie(
  reply: FastifyReply,
  issuer: URL,
  cookie: {
    readonly name: string;
    readonly value: string;
    readonly path?: string;
    readonly maxAgeSeconds: number;
  },
): void {
  const { name, value, path = '/', maxAgeSeconds } = cookie;
  const secure = issuer.protocol === 'https:' ? '; Secure' : '';
  reply.raw.appendHeader(
    'set-cookie',
    `${name}=${value}; Path=${path}; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`,
  );
}
