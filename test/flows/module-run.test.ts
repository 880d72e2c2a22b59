import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startModule, type ModuleConfig, type RunningModule } from '@socle/client';
import { openTestDatabase, type TestDatabase } from '@socle/db/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeKeys, startReferenceProvider, type ReferenceProvider } from '../support/reference-provider.ts';

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a module that runs', () => {
  let provider: ReferenceProvider;
  let test: TestDatabase;
  let folder: string;
  let config: ModuleConfig;
  let running: RunningModule;
  const logged: string[] = [];
  const start = (changes: Partial<ModuleConfig> = {}) =>
    startModule({
      config: { ...config, ...changes },
      name: 'absences',
      title: { fr: 'Absences', en: 'Absences' },
      migrations: new URL('../support/module-migrations/', import.meta.url),
      actions: {},
      log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
      routes(app, { client }) {
        app.get('/', async (request, reply) => (await client.requireSession(request, reply)).sub);
        app.get('/broken', async () => {
          throw new Error('a bug about Zoé');
        });
      },
    });

  beforeAll(async () => {
    const port = await freePort();
    const baseUrl = `http://localhost:${port}`;
    const { privateJwk, publicJwk } = await makeKeys('k');
    folder = await mkdtemp(path.join(tmpdir(), 'socle-module-'));
    await writeFile(path.join(folder, 'key.json'), JSON.stringify(privateJwk));
    provider = await startReferenceProvider(() => [
      {
        client_id: 'absences',
        redirect_uris: [`${baseUrl}/oidc/callback`],
        token_endpoint_auth_method: 'private_key_jwt',
        id_token_signed_response_alg: 'ES256',
        jwks: { keys: [publicJwk as never] },
      },
    ]);
    test = await openTestDatabase([], { prefix: 'absences', extraLogins: [] });
    config = {
      host: '127.0.0.1',
      port,
      baseUrl,
      databaseUrl: test.url('app'),
      migratorUrl: test.url('migrator'),
      issuer: provider.issuer,
      clientId: 'absences',
      clientKeyFile: path.join(folder, 'key.json'),
      logLevel: 'debug',
    };
    running = await start();
  });
  afterAll(async () => {
    await running.stop();
    await provider.close();
    await test.close();
    await rm(folder, { recursive: true });
  });

  const get = (address: string, accept = 'text/html') =>
    fetch(`${config.baseUrl}${address}`, { headers: { accept, connection: 'close' }, redirect: 'manual' });

  it('says that it lives, that it is ready, and its counts', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ ready: true, database: true, socle: true });
    const metrics = await (await get('/metrics')).text();
    for (const name of ['waiting', 'refused', 'oldest_seconds']) {
      expect(metrics).toMatch(new RegExp(`^socle_client_outbox_${name} 0$`, 'm'));
    }
  });

  it('puts the headers of a strict page on every answer, errors included', async () => {
    for (const address of ['/', '/signed-out', '/nothing', '/broken', '/healthz']) {
      const { headers } = await get(address);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('content-security-policy')).toContain(`form-action 'self' ${provider.issuer}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
  });

  it('says nothing of a bug but to the log', async () => {
    const page = await get('/broken');
    expect(page.status).toBe(500);
    const text = await page.text();
    expect(text).toContain('Quelque chose n’a pas fonctionné');
    expect(text).not.toContain('Zoé');
    const problem = (await (await get('/broken', 'application/json')).json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code: 'internal', status: 500, type: 'about:blank' });
    expect(JSON.stringify(problem)).not.toContain('Zoé');
    const lines = logged.filter((line) => line.includes('a request failed'));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines[0]).toContain('module-run.test.ts');
    expect(lines.join()).not.toContain('Zoé');
  });

  it('serves the page kit’s files under names that change with their content', async () => {
    const page = await (await get('/signed-out')).text();
    const [href] = /\/assets\/page-[\w-]+\.css/.exec(page)!;
    const style = await get(href);
    expect(style.status).toBe(200);
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(style.headers.get('cache-control')).toContain('immutable');
    expect((await style.text()).length).toBeGreaterThan(1_000);
    expect((await get('/assets/page.css')).status).toBe(404);
    expect((await get('/assets/../package.json')).status).toBe(404);
    expect((await get('/assets/%2e%2e%2fpackage.json')).status).toBe(404);
  });

  it('keeps the language that a person chose, at the request of its own pages only', async () => {
    const choose = (origin: string, returnTo: string) =>
      fetch(`${config.baseUrl}/language`, {
        method: 'POST',
        headers: { origin, connection: 'close' },
        body: new URLSearchParams({ language: 'en', returnTo }),
        redirect: 'manual',
      });
    const chosen = await choose(config.baseUrl, '/signed-out?a=1');
    expect(chosen.status).toBe(303);
    expect(chosen.headers.get('location')).toBe('/');
    expect((await choose(config.baseUrl, '/lists')).headers.get('location')).toBe('/lists');
    expect((await choose(config.baseUrl, '//evil.example')).headers.get('location')).toBe('/');
    expect((await choose('https://evil.example', '/')).status).toBe(403);
    const [cookie] = chosen.headers.getSetCookie();
    const page = await fetch(`${config.baseUrl}/signed-out`, { headers: { cookie: cookie!.split(';')[0]! } });
    expect(await page.text()).toContain('You are signed out');
  });

  it.each([
    ['a cut escape', '/%'],
    ['no UTF-8', '/%ff'],
    ['a zero', '/lists/%00'],
    ['5 000 letters', `/${'a'.repeat(5_000)}`],
    ['a list in its query', '/?return_to[]=x'],
    ['a callback of nothing', '/oidc/callback'],
    ['a list for a state', '/oidc/callback?state[]=a'],
  ])('answers an address with %s by a page that says what to do', async (_title, address) => {
    const { hostname, port } = new URL(config.baseUrl);
    const page = await new Promise<{ status: number; text: string; policy: unknown }>((resolve, reject) => {
      http
        .get(
          { hostname, port, path: address, headers: { accept: 'text/html' }, agent: false },
          (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () =>
              resolve({
                status: response.statusCode!,
                text,
                policy: response.headers['content-security-policy'],
              }),
            );
          },
        )
        .on('error', reject);
    });
    expect([303, 400, 403, 404, 414]).toContain(page.status);
    if (page.status !== 303) expect(page.text).toMatch(/^<!doctype html>\n<html lang="fr">/);
  });

  it('answers in English to who prefers it, and 404 to what does not exist', async () => {
    const page = await fetch(`${config.baseUrl}/nothing`, {
      headers: { accept: 'text/html', 'accept-language': 'en-GB,en;q=0.9', connection: 'close' },
    });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('This page does not exist');
  });

  it('starts while the socle is down, says that it is not ready, and shows a page that says so', async () => {
    const port = await freePort();
    const away = await freePort();
    const baseUrl = `http://localhost:${port}`;
    const lonely = await start({ port, baseUrl, issuer: `http://localhost:${away}` });
    const ready = await fetch(`${baseUrl}/readyz`, { headers: { connection: 'close' } });
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ ready: false, database: true, socle: false });
    const page = await fetch(`${baseUrl}/sign-in`, { headers: { accept: 'text/html', connection: 'close' } });
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('30');
    expect(await page.text()).toContain('momentanément indisponible');
    await lonely.stop();
  });

  it('does not start without its key, its database or a free port, and leaves nothing open', async () => {
    const port = await freePort();
    await expect(start({ port, clientKeyFile: path.join(folder, 'none.json') })).rejects.toMatchObject({
      code: 'module_config_invalid',
    });
    await expect(
      start({
        port,
        databaseUrl: 'postgres://x:x@/none?host=/tmp/nowhere',
        migratorUrl: 'postgres://x:x@/none?host=/tmp/nowhere',
      }),
    ).rejects.toMatchObject({ code: 'database_unavailable' });
    await expect(start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const twin = await start({ port, baseUrl: `http://localhost:${port}` });
    await twin.stop();
  });
});
