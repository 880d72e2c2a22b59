import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModuleWorld, openSignedInBrowser, type ModuleWorld } from '../support/module-world.ts';

/** What the network gives for a question to the socle, in the place of a verdict. */
type Answer = () => Response | Promise<Response>;

describe('T-CLI-07 no verdict, no access', () => {
  let world: ModuleWorld;
  let browser: Awaited<ReturnType<typeof openSignedInBrowser>>['browser'];
  let answer: Answer;
  let asked = 0;
  beforeAll(async () => {
    world = await openModuleWorld({
      client: {
        requestTimeoutMs: 200,
        fetch: async (input, init) => {
          const { pathname } = new URL(String(input));
          if (!/^\/(access|modules)\//.test(pathname)) return fetch(input, init);
          asked += 1;
          expect(new Headers(init?.headers).get('authorization')).toMatch(/^Bearer eyJ/);
          const { signal } = init!;
          return Promise.race([
            answer(),
            new Promise<never>((_resolve, reject) => {
              signal?.addEventListener('abort', () => reject(signal.reason as Error));
            }),
          ]);
        },
      },
      routes: (app, client) => {
        app.get('/secret', async (request, reply) => {
          const session = await client.requireSession(request, reply);
          const { allowed } = await client.may(session, 'absences.list.read', {
            type: 'absences.list',
            id: '6B',
          });
          return allowed ? 'the secret' : reply.code(403).send('no');
        });
        app.get('/secrets', async (request, reply) => {
          const session = await client.requireSession(request, reply);
          const lists = ['6A', '6B'];
          const verdicts = await client.mayEach(
            session,
            lists.map((id) => ({ action: 'absences.list.read', resource: { type: 'absences.list', id } })),
          );
          return lists.filter((_id, index) => verdicts[index]!.allowed).map((id) => `the secret of ${id}`);
        });
        app.get('/members', async (request, reply) => {
          const session = await client.requireSession(request, reply);
          return (await client.directory.members(session, '6B')).pupils.map(({ displayName }) => displayName);
        });
      },
    });
    ({ browser } = await openSignedInBrowser(world));
  });
  afterAll(() => world.close());

  const see = (path: string) => browser.get(`${world.baseUrl}${path}`);
  const json =
    (body: unknown, status = 200): Answer =>
    () =>
      Response.json(body, { status });
  const division = { id: 'd', name: '6B', kind: 'class', school: 'e' };

  it('shows what the socle allows (positive twin)', async () => {
    asked = 0;
    answer = json({ decision: true, context: { rule: 'ABS-001', basis: 'allow', rev: 1 } });
    expect((await see('/secret')).text).toBe('the secret');
    answer = json({ evaluations: [{ decision: false }, { decision: true }] });
    expect(JSON.parse((await see('/secrets')).text)).toEqual(['the secret of 6B']);
    answer = json({ division, pupils: [{ sub: 'p', displayName: 'Zoé Le Goff', sortName: 'LE GOFF Zoé' }] });
    expect(JSON.parse((await see('/members')).text)).toEqual(['Zoé Le Goff']);
    expect(asked).toBe(3);
  });

  it('hides what the socle denies', async () => {
    answer = json({ decision: false, context: { basis: 'deny', rule: 'X-001' } });
    expect((await see('/secret')).status).toBe(403);
    answer = json({ code: 'forbidden' }, 403);
    const page = await see('/members');
    expect(page.status).toBe(403);
    expect(page.text).toContain('Vous n’avez pas accès');
  });

  const broken: [string, Answer][] = [
    ['an error of the server', json({ decision: true }, 500)],
    ['too many requests', json({ decision: true }, 429)],
    ['a status that is not success', json({ decision: true }, 400)],
    ['a refusal of the module', json({ decision: true }, 403)],
    ['its token refused for good', json({ decision: true }, 401)],
    ['a redirect', () => new Response('{"decision":true}', { status: 302, headers: { location: '/x' } })],
    ['nothing', () => new Response('')],
    ['a page', () => new Response('<p>true</p>')],
    ['cut JSON', () => new Response('{"decision":tru')],
    ['a text for a boolean', json({ decision: 'true' })],
    ['a number for a boolean', json({ decision: 1 })],
    ['an array', json([{ decision: true }])],
    ['one verdict for two questions', json({ evaluations: [{ decision: true }] })],
    [
      'three verdicts for two questions',
      json({ evaluations: Array.from({ length: 3 }, () => ({ decision: true })) }),
    ],
    ['silence', () => new Promise<Response>(() => {})],
    [
      'a broken connection',
      () => {
        throw new TypeError('fetch failed');
      },
    ],
  ];
  it.each(broken)('shows nothing but a page that says "later" for %s', async (_title, given) => {
    answer = given;
    for (const path of ['/secret', '/secrets', '/members']) {
      const page = await see(path);
      expect(page.text).not.toContain('the secret');
      expect([503, 403]).toContain(page.status);
      if (path !== '/members') expect(page.status).toBe(503);
    }
  });
});
