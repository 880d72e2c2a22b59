import cookie from '@fastify/cookie';
import { randomToken } from '@socle/base';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { buildCookies } from './cookies.ts';

async function open(baseUrl: string) {
  const cookies = buildCookies({ clientId: 'notes', baseUrl });
  const app = Fastify();
  await app.register(cookie);
  app.get('/set', async (request, reply) => {
    cookies.writeSession(reply, randomToken(), 100);
    cookies.writeSignIn(request, reply, 'a'.repeat(43), randomToken(), 600);
    return null;
  });
  app.get('/read', async (request) => ({ session: cookies.readSession(request) ?? null }));
  return app;
}
const lines = (answer: { headers: Record<string, unknown> }) =>
  [answer.headers['set-cookie']].flat() as string[];

describe('cookies of a module', () => {
  it('are __Host- cookies over https: Secure, HttpOnly, Lax, whole host, no domain', async () => {
    const app = await open('https://notes.ent.example');
    for (const line of lines(await app.inject('/set'))) {
      expect(line).toMatch(/^__Host-notes-(session|sign-in-aaaaaaaa)=/);
      for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
        expect(line).toContain(`; ${attribute}`);
      expect(line).not.toMatch(/Domain/i);
    }
  });

  it('have plain names over http on the loopback range', async () => {
    const app = await open('http://localhost:3001');
    const found = lines(await app.inject('/set'));
    expect(found).toHaveLength(2);
    for (const line of found) {
      expect(line).toMatch(/^notes-/);
      expect(line).not.toContain('Secure');
    }
  });

  it('over https, take no session from a cookie without the prefix, which another host could have set', async () => {
    const app = await open('https://notes.ent.example');
    const token = randomToken();
    const read = async (name: string) =>
      (await app.inject({ url: '/read', cookies: { [name]: token } })).json();
    expect(await read('notes-session')).toEqual({ session: null });
    expect(await read('__Host-notes-session')).toEqual({ session: token });
  });

  it('forget the others when a browser has eight sign-ins open', async () => {
    const app = await open('http://localhost:3001');
    const held = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`notes-sign-in-${index}`, randomToken()]),
      );
    expect(lines(await app.inject({ url: '/set', cookies: held(7) }))).toHaveLength(2);
    expect(lines(await app.inject({ url: '/set', cookies: held(8) }))).toHaveLength(10);
  });
});
