import { z } from 'zod';
import { invalidAnswer, refusedModule, type Http } from '../socle/http.ts';
import type { ClientAssertions } from './client-assertion.ts';
import type { Discovery } from './discovery.ts';
import { failed } from './id-token.ts';

/** Asks the provider's token endpoint, as this client. */
export interface TokenEndpoint {
  /**
   * Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5) and gives the ID token; the access token that
   * comes with it is dropped, since nothing here needs it (ASVS 10.1.1).
   *
   * @throws ClientError `sign_in_failed` when the provider refuses the code.
   */
  redeemCode(code: string, verifier: string, redirectUri: string): Promise<string>;
  /** A token of this module itself (RFC 6749 §4.4) for `resource` (RFC 8707). */
  requestModuleToken(resource: string, scope: string): Promise<{ token: string; lifetimeSeconds: number }>;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const codeAnswer = z.object({ id_token: z.string().min(1), token_type: z.string() });
const moduleAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().int().positive(),
});

export function openTokenEndpoint(options: {
  readonly http: Http;
  readonly discovery: Discovery;
  readonly assertions: ClientAssertions;
  readonly clientId: string;
}): TokenEndpoint {
  async function post(parameters: Readonly<Record<string, string>>) {
    const { tokenEndpoint } = await options.discovery.load();
    const body = new URLSearchParams({
      ...parameters,
      client_id: options.clientId,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await options.assertions.make(),
    });
    return options.http.request({ method: 'POST', url: tokenEndpoint, body });
  }

  return {
    async redeemCode(code, verifier, redirectUri) {
      const answer = await post({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      });
      const refusal = z.object({ error: z.literal('invalid_grant') }).safeParse(answer.body);
      if (answer.status === 400 && refusal.success) throw failed('code');
      if (answer.status !== 200) throw refusedModule(answer);
      const parsed = codeAnswer.safeParse(answer.body);
      if (!parsed.success) throw invalidAnswer('token_response');
      return parsed.data.id_token;
    },
    async requestModuleToken(resource, scope) {
      const answer = await post({ grant_type: 'client_credentials', resource, scope });
      if (answer.status !== 200) throw refusedModule(answer);
      const parsed = moduleAnswer.safeParse(answer.body);
      if (!parsed.success) throw invalidAnswer('token_response');
      return { token: parsed.data.access_token, lifetimeSeconds: parsed.data.expires_in };
    },
  };
}
