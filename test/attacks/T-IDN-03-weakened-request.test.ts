import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../support/http-browser.ts';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

const PASSWORD = 'châtaigne bleue 7';

describe('T-IDN-03 an authorization request that gives up a defence (RFC 9700 §2.1)', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
    await server.addPerson('noe.perrin', PASSWORD);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  const errorOf = async (change: Record<string, string | undefined>) => {
    const page = await openBrowser().get(party.request(change).url);
    if (page.location === undefined) return page.status;
    const { searchParams, hash } = new URL(page.location);
    return searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error');
  };

  it('refuses no code_challenge, the method plain, and any response type but code', async () => {
    expect(await errorOf({ code_challenge: undefined, code_challenge_method: undefined })).toBe(
      'invalid_request',
    );
    expect(await errorOf({ code_challenge_method: 'plain' })).toBe('invalid_request');
    expect(await errorOf({ response_type: 'code id_token' })).toBe('unsupported_response_type');
    expect(await errorOf({ response_type: 'token' })).toBe('unsupported_response_type');
  });

  it('shows a page, and redirects nowhere, for a redirect URI that is not exactly the registered one', async () => {
    for (const redirect_uri of [
      `${party.redirectUri}/`,
      `${party.redirectUri}?a=b`,
      'https://evil.example/',
      undefined,
    ]) {
      expect(await errorOf({ redirect_uri })).toBe(400);
    }
  });

  it('refuses a redemption without verifier, with another one, and by another client', async () => {
    const other = await openRelyingParty(server.identity, server.issuer);
    try {
      const redeem = async (verifier: string | undefined, by: RelyingParty = party) => {
        const { code } = await party.signIn(openBrowser(), 'noe.perrin', PASSWORD);
        const answer = await by.token({
          grant_type: 'authorization_code',
          code,
          redirect_uri: party.redirectUri,
          ...(verifier !== undefined && { code_verifier: verifier }),
        });
        return answer.body['error'];
      };
      expect(await redeem(undefined)).toBe('invalid_grant');
      expect(await redeem('x'.repeat(43))).toBe('invalid_grant');
      expect(await redeem('x'.repeat(43), other)).toBe('invalid_grant');
    } finally {
      await other.close();
    }
  });

  it('accepts the same request complete, by GET and by POST', async () => {
    const browser = openBrowser();
    const { code, verifier } = await party.signIn(browser, 'noe.perrin', PASSWORD);
    expect((await party.redeem(code, verifier)).status).toBe(200);
    const again = party.request();
    const turned = await browser.post(`${server.issuer}/auth`, Object.fromEntries(again.parameters));
    expect(turned.status).toBe(303);
    const done = await browser.follow(turned, party.redirectUri);
    const code2 = new URL(done.location ?? '').searchParams.get('code') ?? '';
    expect((await party.redeem(code2, again.verifier)).status).toBe(200);
  });
});
