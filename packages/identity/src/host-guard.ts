import type { IncomingHttpHeaders } from 'node:http';

/** What the door decides about a request's host. */
export type HostDecision = 'expected' | 'misdirected';

/**
 * Compares Host and X-Forwarded-Host with the issuer (RFC 9110 §7.4: 421 for another one). Every address that the
 * provider makes, and every audience it accepts, comes from these headers: nobody but the issuer may set them.
 */
export function checkHost(issuer: URL, headers: IncomingHttpHeaders): HostDecision {
  const forwarded = headers['x-forwarded-host'];
  const expected = issuer.host.toLowerCase();
  const named = [headers.host, ...(forwarded === undefined ? [] : [forwarded].flat())];
  return named.every((host) => normalise(issuer, host) === expected) ? 'expected' : 'misdirected';
}

/** Leaves one truth about scheme and host in the headers, for the code behind the door. */
export function pinHeaders(issuer: URL, headers: IncomingHttpHeaders): void {
  headers.host = issuer.host;
  headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  delete headers['x-forwarded-host'];
  delete headers['x-forwarded-for'];
  delete headers['forwarded'];
}

function normalise(issuer: URL, host: string | undefined): string | undefined {
  const defaultPort = issuer.protocol === 'https:' ? ':443' : ':80';
  const lower = host?.toLowerCase();
  return lower?.endsWith(defaultPort) ? lower.slice(0, -defaultPort.length) : lower;
}
