import { request, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIdentityServer, type IdentityServer } from '../support/identity-server.ts';

const PASSWORD = 'châtaigne bleue 7';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: readonly string[];
  readonly text: string;
}

describe('behind a proxy that speaks https', () => {
  let server: IdentityServer;
  beforeAll(async () => {
    server = await startIdentityServer({ issuer: 'https://ent.example' });
    await server.addPerson('nina.caron', PASSWORD);
  });
  afterAll(() => server.close());

  const send = (
    method: string,
    path: string,
    cookies: readonly string[] = [],
    body?: Record<string, string>,
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const headers = {
        host: 'ent.example',
        cookie: cookies.map((line) => line.split(';')[0]).join('; '),
        'content-type': 'application/x-www-form-urlencoded',
      };
      const sent = request(new URL(path, server.address), { method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            cookies: response.headers['set-cookie'] ?? [],
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      });
      sent.on('error', reject);
      sent.end(body && new URLSearchParams(body).toString());
    });

  it('sets every cookie Secure, HttpOnly and SameSite=Lax, with the strictest prefix its path allows', async () => {
    const start = await send('GET', '/sign-in');
    const path = String(start.headers.location);
    const done = await send('POST', path, start.cookies, { username: 'nina.caron', password: PASSWORD });
    expect(done.status).toBe(303);
    const all = [...start.cookies, ...done.cookies];
    expect(all.length).toBeGreaterThanOrEqual(5);
    for (const line of all) {
      expect(line).toMatch(/^__(Host|Secure)-socle_/);
      expect(line).toMatch(/; secure/i);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
      if (line.startsWith('__Host-')) expect(line).toMatch(/; path=\/(;|$)/i);
    }
    const names = done.cookies.map((line) => line.split('=')[0]);
    expect(names).toEqual(
      expect.arrayContaining(['__Host-socle_session', '__Host-socle_session.sig', '__Host-socle_device']),
    );
    const home = await send('GET', '/', done.cookies);
    expect(home.text).toContain('"acr":"password"');
    const nobody = await send('GET', '/');
    expect(nobody.text).not.toContain('acr');
  });

  it('publishes https addresses and asks browsers to stay on https', async () => {
    const { text, headers } = await send('GET', '/.well-known/openid-configuration');
    expect((JSON.parse(text) as Record<string, unknown>)['token_endpoint']).toBe('https://ent.example/token');
    expect(headers['strict-transport-security']).toContain('max-age=');
  });

  it('registers no loopback and no http address', async () => {
    const register = (redirect: string) =>
      server.identity.clients.register(
        { client_id: 'x', redirect_uris: [redirect], token_endpoint_auth_method: 'client_secret_basic' },
        { actor: { kind: 'system', id: 'test' } },
      );
    for (const redirect of ['http://localhost:3001/cb', 'https://127.0.0.1/cb', 'http://notes.example/cb']) {
      await expect(register(redirect)).rejects.toMatchObject({ code: 'client_metadata_refused' });
    }
    expect((await register('https://notes.example/cb')).client.sector).toBe('notes.example');
  });
});
