import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';
import { openRelyingParty, type RelyingParty } from '../support/relying-party.ts';

describe('T-IDN-02 a Host header that is not ours', () => {
  let server: IdentityServer;
  let party: RelyingParty;
  beforeAll(async () => {
    server = await startIdentityServer();
    party = await openRelyingParty(server.identity, server.issuer);
  });
  afterAll(async () => {
    await party.close();
    await server.close();
  });

  const get = (headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const url = new URL('/.well-known/openid-configuration', server.issuer);
      request(url, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      })
        .on('error', reject)
        .end();
    });

  it('answers 421 to another Host and to another X-Forwarded-Host', async () => {
    expect((await get({ host: 'evil.example' })).status).toBe(421);
    expect((await get({ 'x-forwarded-host': 'evil.example' })).status).toBe(421);
  });

  it('shows a person who came by another name of the machine the way to the service, and nothing of that name', async () => {
    const { status, text } = await get({ host: 'evil.example', accept: 'text/html' });
    expect(status).toBe(421);
    expect(text).toContain(`href="${server.issuer}/"`);
    expect(text).not.toContain('evil.example');
  });

  it('answers the issuer’s own host, with addresses of the issuer whatever scheme a proxy claims', async () => {
    const { status, text } = await get({ 'x-forwarded-proto': 'ftp' });
    expect(status).toBe(200);
    const document = JSON.parse(text) as Record<string, string>;
    expect(document['issuer']).toBe(server.issuer);
    const endpoints = Object.keys(document).filter((name) => name.endsWith('_endpoint'));
    expect(endpoints.length).toBeGreaterThan(5);
    for (const name of endpoints) expect(document[name]?.startsWith(`${server.issuer}/`)).toBe(true);
  });

  it('refuses a client assertion whose audience is not the issuer itself', async () => {
    const fields = {
      grant_type: 'client_credentials',
      resource: `${server.issuer}/modules`,
      scope: 'socle:module',
    };
    for (const aud of [`${server.issuer}/token`, [server.issuer], 'https://evil.example']) {
      const answer = await party.token(fields, { assertion: await party.assertion({ aud }) });
      expect(answer.status).toBe(401);
    }
    const accepted = await party.token(fields, { assertion: await party.assertion({ aud: server.issuer }) });
    expect(accepted.status).toBe(200);
  });
});
