import { isIP } from 'node:net';
import { ClientError } from './errors.ts';

/** True for `localhost`, 127.0.0.0/8 and ::1, where http is allowed. */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}

/**
 * Checks an address of a socle or a module: https (http on the loopback range only), no path, query or credentials.
 *
 * @returns its origin, without a final slash.
 * @throws ClientError `module_config_invalid` that names `what`.
 */
export function parseOrigin(value: string, what: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isOrigin = url !== undefined && (value === url.origin || value === `${url.origin}/`);
  if (!isOrigin) throw invalid(`${what} must be an origin such as https://ent.example.fr, without a path`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)))
    return url.origin;
  throw invalid(`${what} must use https (http is accepted on localhost only)`);
}

/**
 * Checks an issuer identifier (RFC 8414 §2): as `parseOrigin`, but a path is allowed, and the text is kept as it is
 * because the socle's answers must repeat it character by character.
 */
export function parseIssuer(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || url.search || url.hash || url.username || url.password)
    throw invalid('the issuer must be an address without a query, a fragment or credentials');
  parseOrigin(url.origin, 'the issuer');
  return value;
}

function invalid(why: string): ClientError {
  return new ClientError('module_config_invalid', { status: 503, publicMessage: `${why}.` });
}
