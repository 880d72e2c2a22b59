import { calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import type { NamedRows } from './adapter-options.ts';

/** The context of a request to the provider, as far as it is looked at before anything is believed. */
interface NamingContext {
  readonly query: Readonly<Record<string, unknown>>;
  get(header: string): string;
  readonly oidc: {
    readonly route: string;
    readonly params?: Readonly<Record<string, unknown>> | undefined;
    readonly client?:
      | { readonly clientId: string; readonly tokenEndpointAuthMethod?: string | undefined }
      | undefined;
  };
}

const LOOKED_AT = ['AccessToken', 'ClientCredentials', 'RefreshToken'];

/** What a request names, read from its parameters: nothing of it is believed yet. */
export function readNamedRows(ctx: NamingContext | undefined): NamedRows {
  const isRedeemed = ctx?.oidc.route === 'token';
  if (!ctx) return { isRedeemed };
  const { route, params } = ctx.oidc;
  const text = (name: string) => (typeof params?.[name] === 'string' ? params[name] : undefined);
  const token = (models: readonly string[], id: string | undefined): NamedRows =>
    id === undefined ? { isRedeemed } : { isRedeemed, token: { models, id } };
  if (route === 'introspection' || route === 'revocation') return token(LOOKED_AT, text('token'));
  if (route === 'authorization') {
    const { client_id: clientId } = ctx.query;
    return { isRedeemed, clientId: typeof clientId === 'string' ? clientId : undefined };
  }
  if (!isRedeemed) return { isRedeemed };
  if (text('grant_type') === 'refresh_token') return token(['RefreshToken'], text('refresh_token'));
  if (text('grant_type') === 'authorization_code') return token(['AuthorizationCode'], text('code'));
  return { isRedeemed };
}

/**
 * Whether a request to the token endpoint comes from whom a token was given to: the holder of the key that it is bound to,
 * or else its client, authenticated. The provider has verified the DPoP proof (RFC 9449 §4.3) before it looks for the token.
 */
export async function isSameSender(
  ctx: NamingContext | undefined,
  token: { readonly clientId?: string | undefined; readonly jkt?: string | undefined },
): Promise<boolean> {
  const client = ctx?.oidc.client;
  if (!ctx || !client || client.clientId !== token.clientId) return false;
  if (token.jkt === undefined) return client.tokenEndpointAuthMethod !== 'none';
  const proof = ctx.get('DPoP');
  const jwk = proof === '' ? undefined : decodeProtectedHeader(proof).jwk;
  return jwk !== undefined && (await calculateJwkThumbprint(jwk, 'sha256')) === token.jkt;
}
