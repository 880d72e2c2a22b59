import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openHttp, refusedBySocle, refusedModule, type Http } from './http.ts';

describe('openHttp', () => {
  const servers: http.Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(listener: RequestListener): Promise<{ door: Http; url: URL }> {
    const server = http.createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
    return { door: openHttp({ fetch, origin: url.origin, timeoutMs: 300, maxBodyBytes: 1_000 }), url };
  }

  it('gives status and JSON of an answer, and sends a body as JSON or as a form', async () => {
    const { door, url } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () =>
        response.writeHead(201).end(JSON.stringify({ type: request.headers['content-type'], body })),
      );
    });
    expect(await door.request({ method: 'POST', url, body: { a: 1 } })).toEqual({
      status: 201,
      body: { type: 'application/json', body: '{"a":1}' },
    });
    expect(await door.request({ method: 'POST', url, body: new URLSearchParams({ a: 'é' }) })).toEqual({
      status: 201,
      body: { type: 'application/x-www-form-urlencoded', body: 'a=%C3%A9' },
    });
  });

  it('calls nobody but the socle', async () => {
    const { door } = await serve((_request, response) => response.end('{}'));
    await expect(door.request({ method: 'GET', url: new URL('http://127.0.0.1:1/x') })).rejects.toThrow(
      'only the socle is called',
    );
  });

  it.each([500, 502, 503, 429])('takes %i for "unavailable"', async (status) => {
    const { door, url } = await serve((_request, response) => response.writeHead(status).end('<html>'));
    await expect(door.request({ method: 'GET', url })).rejects.toMatchObject({
      code: 'socle_unavailable',
      status: 503,
    });
  });

  it('takes silence, a refused and a cut connection for "unavailable"', async () => {
    const silent = await serve(() => {});
    await expect(silent.door.request({ method: 'GET', url: silent.url })).rejects.toMatchObject({
      code: 'socle_unavailable',
    });
    const cut = await serve((request) => request.socket.destroy());
    await expect(cut.door.request({ method: 'GET', url: cut.url })).rejects.toMatchObject({
      code: 'socle_unavailable',
    });
    const halfway = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"a"');
    });
    await expect(halfway.door.request({ method: 'GET', url: halfway.url })).rejects.toMatchObject({
      code: 'socle_unavailable',
    });
  });

  it('follows no redirect, and reads no more than its bound', async () => {
    const redirect = await serve((_request, response) => response.writeHead(302, { location: '/y' }).end());
    await expect(redirect.door.request({ method: 'GET', url: redirect.url })).rejects.toMatchObject({
      code: 'socle_answer_invalid',
      details: { why: 'redirect' },
    });
    const large = await serve((_request, response) => response.end(JSON.stringify('x'.repeat(1_000))));
    await expect(large.door.request({ method: 'GET', url: large.url })).rejects.toMatchObject({
      details: { why: 'too_large' },
    });
    const fits = await serve((_request, response) => response.end(JSON.stringify('x'.repeat(998))));
    expect((await fits.door.request({ method: 'GET', url: fits.url })).status).toBe(200);
  });

  it('refuses a success that is not JSON, and gives a refusal that is not', async () => {
    const page = await serve((_request, response) => response.end('<html>'));
    await expect(page.door.request({ method: 'GET', url: page.url })).rejects.toMatchObject({
      details: { why: 'not_json' },
    });
    const refusal = await serve((_request, response) => response.writeHead(403).end('<html>'));
    expect(await refusal.door.request({ method: 'GET', url: refusal.url })).toEqual({
      status: 403,
      body: undefined,
    });
  });
});

describe('refusals of the socle', () => {
  it('are the person’s for 403 and 404, and the module’s fault for any other', () => {
    expect(refusedBySocle({ status: 403, body: { code: 'not_yours' } })).toMatchObject({
      status: 403,
      kind: 'refusal',
      details: { status: 403, problem: 'not_yours' },
    });
    expect(refusedBySocle({ status: 404, body: undefined })).toMatchObject({ status: 404 });
    expect(refusedBySocle({ status: 401, body: { error: 'invalid_client' } })).toMatchObject({
      status: 503,
      kind: 'fault',
      details: { status: 401, problem: 'invalid_client' },
    });
    expect(refusedModule({ status: 403, body: { code: 'Bad "value" <b>' } }).details).toEqual({
      status: 403,
    });
  });
});
