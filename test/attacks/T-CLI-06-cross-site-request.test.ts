import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModuleWorld, openSignedInBrowser, type ModuleWorld } from '../support/module-world.ts';

describe('T-CLI-06 cross-site request forgery', () => {
  let world: ModuleWorld;
  let camille: Awaited<ReturnType<typeof openSignedInBrowser>>;
  let malo: Awaited<ReturnType<typeof openSignedInBrowser>>;
  beforeAll(async () => {
    world = await openModuleWorld({
      routes: (app, client) => {
        app.put('/notes/:id', async (request, reply) => (await client.requireSession(request, reply)).sub);
        app.delete('/notes/:id', async (request, reply) => (await client.requireSession(request, reply)).sub);
      },
    });
    camille = await openSignedInBrowser(world, 'camille');
    malo = await openSignedInBrowser(world, 'malo');
  });
  afterAll(() => world.close());

  const notes = () => `${world.baseUrl}/notes`;

  it('accepts a form of this session’s own page (positive twin), by field or by header', async () => {
    expect((await camille.browser.post(notes(), { _csrf: camille.csrf })).status).toBe(200);
    expect((await camille.browser.post(notes(), {}, { 'x-csrf-token': camille.csrf })).status).toBe(200);
  });

  it('accepts a browser that says nothing of where it comes from, on the strength of the token', async () => {
    const cookie = [...camille.browser.cookies(world.baseUrl)].map((pair) => pair.join('=')).join('; ');
    const send = (body: URLSearchParams) => fetch(notes(), { method: 'POST', headers: { cookie }, body });
    expect((await send(new URLSearchParams({ _csrf: camille.csrf }))).status).toBe(200);
    expect((await send(new URLSearchParams())).status).toBe(403);
  });

  it.each([
    ['no token', () => ({})],
    ['an empty token', () => ({ _csrf: '' })],
    ['the token of another person', () => ({ _csrf: malo.csrf })],
    ['a cut token', () => ({ _csrf: camille.csrf.slice(0, -4) })],
    [
      'a token with one letter changed',
      () => ({ _csrf: `${camille.csrf.startsWith('A') ? 'B' : 'A'}${camille.csrf.slice(1)}` }),
    ],
    ['zeros', () => ({ _csrf: Buffer.alloc(64).toString('base64url') })],
  ])('refuses a form with %s', async (_title, form) => {
    const answer = await camille.browser.post(notes(), form() as Record<string, string>, {
      accept: 'application/json',
    });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'csrf_refused', why: 'token' });
  });

  it('refuses a form with the token twice', async () => {
    const body = `_csrf=${camille.csrf}&_csrf=${camille.csrf}`;
    const cookie = [...camille.browser.cookies(world.baseUrl)].map((pair) => pair.join('=')).join('; ');
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await fetch(notes(), { method: 'POST', headers, body })).status).toBe(403);
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://localhost:1' }],
  ])('refuses a right token when the browser says %j', async (headers) => {
    const answer = await camille.browser.post(notes(), { _csrf: camille.csrf }, headers);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('Cette demande n’a pas été prise en compte');
  });

  it('guards PUT and DELETE as well', async () => {
    const cookie = [...camille.browser.cookies(world.baseUrl)].map((pair) => pair.join('=')).join('; ');
    for (const method of ['PUT', 'DELETE']) {
      const send = (headers: Record<string, string>) =>
        fetch(`${notes()}/1`, { method, headers: { cookie, ...headers } });
      expect((await send({})).status).toBe(403);
      expect((await send({ 'x-csrf-token': camille.csrf })).status).toBe(200);
    }
  });

  it('cannot be used to sign a person out', async () => {
    const out = `${world.baseUrl}/sign-out`;
    expect((await malo.browser.post(out, {})).status).toBe(403);
    expect(
      (await malo.browser.post(out, { _csrf: malo.csrf }, { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403);
    expect((await malo.browser.get(out)).status).toBe(404);
    expect((await malo.browser.get(`${world.baseUrl}/`)).status).toBe(200);
    expect((await malo.browser.post(out, { _csrf: malo.csrf })).status).toBe(303);
    expect((await malo.browser.get(`${world.baseUrl}/`)).status).toBe(303);
  });

  it('gives a new token to each page, all of them good', async () => {
    const read = async () =>
      (JSON.parse((await camille.browser.get(`${world.baseUrl}/`)).text) as { csrf: string }).csrf;
    const [one, two] = [await read(), await read()];
    expect(one).not.toBe(two);
    for (const token of [one, two]) {
      expect((await camille.browser.post(notes(), { _csrf: token })).status).toBe(200);
    }
  });
});
