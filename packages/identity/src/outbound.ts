import { isLoopbackUrl } from './loopback.ts';

/** `fetch`, as the provider calls it for jwks_uri and back-channel logout. */
export type Outbound = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * The one door for requests that a client's metadata causes: https only, no redirect, no special-use address (the
 * provider's dispatcher, which comes in `init`, closes such sockets), 2.5 s at most. When the issuer itself is on
 * the loopback range, loopback addresses over http are reached too, so that a workstation can run everything.
 */
export function buildOutbound(options: { readonly allowLoopback: boolean }): Outbound {
  return async (url, init = {}) => {
    const target = new URL(url);
    const loopback = isLoopbackUrl(target);
    if (loopback && !options.allowLoopback) throw new TypeError('outbound request to a loopback address');
    if (!loopback && target.protocol !== 'https:') throw new TypeError('outbound request without https');
    const guarded: RequestInit & { dispatcher?: unknown } = { ...init, redirect: 'error' };
    if (loopback) delete guarded.dispatcher;
    return fetch(target, guarded);
  };
}
