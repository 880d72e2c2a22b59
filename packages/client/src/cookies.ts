import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Cookies of this module. Over https their names start with `__Host-` (RFC 6265bis §4.1.3.2): only this host can set
 * them, for itself alone, over TLS. Over http, which is accepted on the loopback range only, browsers refuse that
 * prefix, so the names are plain; they carry the client's id because browsers share cookies between the ports of a host.
 */
export interface Cookies {
  /** The value of the session's cookie, when it has the form of one. */
  readSession(request: FastifyRequest): string | undefined;
  writeSession(reply: FastifyReply, value: string, maxAgeSeconds: number): void;
  clearSession(reply: FastifyReply): void;
  /** The value of the cookie of one sign-in in progress. */
  readSignIn(request: FastifyRequest, state: string): string | undefined;
  writeSignIn(
    request: FastifyRequest,
    reply: FastifyReply,
    state: string,
    value: string,
    maxAgeSeconds: number,
  ): void;
  clearSignIn(reply: FastifyReply, state: string): void;
}

/** 256 random bits, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
/** Sign-ins that one browser may have open at once (tabs); beyond, the others are forgotten. */
const MAX_SIGN_INS = 8;

export function buildCookies(options: { readonly clientId: string; readonly baseUrl: string }): Cookies {
  const secure = options.baseUrl.startsWith('https:');
  const prefix = `${secure ? '__Host-' : ''}${options.clientId.replace(/[^A-Za-z0-9_-]/g, '-')}`;
  const sessionName = `${prefix}-session`;
  const signInPrefix = `${prefix}-sign-in-`;
  const signInName = (state: string) => `${signInPrefix}${state.slice(0, 8)}`;
  const attributes = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const;
  const read = (request: FastifyRequest, name: string) => {
    const value = request.cookies[name];
    return value !== undefined && TOKEN.test(value) ? value : undefined;
  };

  return {
    readSession: (request) => read(request, sessionName),
    writeSession: (reply, value, maxAgeSeconds) => {
      reply.setCookie(sessionName, value, { ...attributes, maxAge: maxAgeSeconds });
    },
    clearSession: (reply) => {
      reply.clearCookie(sessionName, attributes);
    },
    readSignIn: (request, state) => read(request, signInName(state)),
    writeSignIn: (request, reply, state, value, maxAgeSeconds) => {
      const open = Object.keys(request.cookies).filter((name) => name.startsWith(signInPrefix));
      if (open.length >= MAX_SIGN_INS) for (const name of open) reply.clearCookie(name, attributes);
      reply.setCookie(signInName(state), value, { ...attributes, maxAge: maxAgeSeconds });
    },
    clearSignIn: (reply, state) => {
      reply.clearCookie(signInName(state), attributes);
    },
  };
}
