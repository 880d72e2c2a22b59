import type { Clock, Log } from '@socle/base';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { invalidAnswer, refusedModule, type Http } from '../socle/http.ts';

/** What this client uses of the provider's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2). */
interface ProviderMetadata {
  readonly authorizationEndpoint: URL;
  readonly tokenEndpoint: URL;
  /** Undefined when the provider has no RP-initiated logout. */
  readonly endSessionEndpoint?: URL;
  /** The provider's public keys, fetched when needed and kept for ten minutes. */
  readonly keys: JWTVerifyGetKey;
}

/** Gives the provider's metadata, read at most once in ten minutes. */
export interface Discovery {
  load(): Promise<ProviderMetadata>;
}

export interface DiscoveryOptions {
  readonly issuer: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly log: Log;
}

const FRESH_MS = 600_000;

const document = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  end_session_endpoint: z.url().optional(),
});

/**
 * Opens the reader of the provider's metadata. Nothing is fetched before the first `load`; when a later reading
 * fails, the last good one stays in use.
 */
export function openDiscovery(options: DiscoveryOptions): Discovery {
  let current: { metadata: ProviderMetadata; readAt: number } | undefined;
  let pending: Promise<ProviderMetadata> | undefined;

  async function refresh(): Promise<ProviderMetadata> {
    try {
      const metadata = await fetchMetadata(options);
      current = { metadata, readAt: options.clock.now().getTime() };
      return metadata;
    } catch (error) {
      if (!current) throw error;
      options.log.warn({}, 'the discovery document could not be read again; the last one stays in use');
      return current.metadata;
    } finally {
      pending = undefined;
    }
  }

  return {
    async load() {
      if (current && options.clock.now().getTime() - current.readAt < FRESH_MS) return current.metadata;
      pending ??= refresh();
      return pending;
    },
  };
}

async function fetchMetadata({ issuer, http }: DiscoveryOptions): Promise<ProviderMetadata> {
  const url = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const answer = await http.request({ method: 'GET', url });
  if (answer.status !== 200) throw refusedModule(answer);
  const parsed = document.safeParse(answer.body);
  if (!parsed.success) throw invalidAnswer('discovery');
  // Discovery §4.3: the issuer must be the one that was asked, character by character (mix-up, ASVS 10.5.3).
  if (parsed.data.issuer !== issuer) throw invalidAnswer('issuer');
  const endpoint = (text: string) => {
    const found = new URL(text);
    if (found.origin !== url.origin) throw invalidAnswer('endpoint_elsewhere');
    return found;
  };
  const jwks = endpoint(parsed.data.jwks_uri);
  return {
    authorizationEndpoint: endpoint(parsed.data.authorization_endpoint),
    tokenEndpoint: endpoint(parsed.data.token_endpoint),
    ...(parsed.data.end_session_endpoint
      ? { endSessionEndpoint: endpoint(parsed.data.end_session_endpoint) }
      : {}),
    keys: createRemoteJWKSet(jwks, {
      [customFetch]: async () => {
        const { status, body } = await http.request({ method: 'GET', url: jwks });
        return Response.json(body, { status });
      },
    }),
  };
}
