import type { IncomingHttpHeaders } from 'node:http';
import { X509Certificate } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

/** RFC 9440 §2.2: the certificate that a client showed to the proxy, as a structured-field byte sequence. */
const HEADER = 'client-cert';
const MAX_HEADER_CHARACTERS = 12_000;

/**
 * Forgets a certificate that did not come from a trusted proxy. Such a proxy shows in the chain of addresses:
 * only from a trusted one does Fastify read the next.
 */
export function dropUntrustedCertificate(request: FastifyRequest): void {
  if ((request.ips?.length ?? 0) < 2) delete request.raw.headers[HEADER];
}

/** The client's certificate, or undefined when there is none or the header is not what RFC 9440 describes. */
export function readClientCertificate(headers: IncomingHttpHeaders): X509Certificate | undefined {
  const value = headers[HEADER];
  if (typeof value !== 'string' || value.length > MAX_HEADER_CHARACTERS) return undefined;
  const base64 = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value)?.[1];
  if (base64 === undefined) return undefined;
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
