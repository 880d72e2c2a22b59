import { buildManualClock } from '@socle/base';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from './http.ts';
import { openSocleCalls } from './module-token.ts';

function open(accepts: (token: string) => boolean = () => true) {
  const clock = buildManualClock(new Date('2026-09-01T08:00:00Z'));
  const issued: string[] = [];
  const seen: string[] = [];
  let fails = false;
  const calls = openSocleCalls({
    issuer: 'http://localhost:1',
    clock,
    tokens: {
      redeemCode: () => Promise.reject(new Error('not asked for here')),
      async requestModuleToken(resource, scope) {
        await Promise.resolve();
        if (fails) throw new Error('down');
        expect({ resource, scope }).toEqual({
          resource: 'http://localhost:1/modules',
          scope: 'socle:module',
        });
        issued.push(`t${issued.length + 1}`);
        return { token: issued.at(-1)!, lifetimeSeconds: 300 };
      },
    },
    http: {
      async request(request: HttpRequest) {
        const token = request.headers!.authorization!.replace('Bearer ', '');
        seen.push(token);
        return { status: accepts(token) ? 200 : 401, body: {} };
      },
    },
  });
  const ask = () => calls.request({ method: 'GET', url: new URL('http://localhost:1/x') });
  return { clock, issued, seen, ask, fail: (yes: boolean) => (fails = yes) };
}

describe('openSocleCalls', () => {
  it('asks for one token for all who need one at the same time, and keeps it', async () => {
    const { ask, issued, seen } = open();
    await Promise.all(Array.from({ length: 20 }, ask));
    await ask();
    expect(issued).toEqual(['t1']);
    expect(seen).toHaveLength(21);
  });

  it('replaces a token shortly before it ends', async () => {
    const { ask, clock, issued } = open();
    await ask();
    clock.advanceSeconds(269);
    await ask();
    expect(issued).toHaveLength(1);
    clock.advanceSeconds(1);
    await ask();
    expect(issued).toHaveLength(2);
  });

  it('replaces a token that the socle no longer accepts, once', async () => {
    const { ask, seen } = open((token) => token !== 't1');
    expect((await ask()).status).toBe(200);
    expect(seen).toEqual(['t1', 't2']);
    const refused = open(() => false);
    await expect(refused.ask()).rejects.toMatchObject({ code: 'socle_refused', status: 503 });
    expect(refused.seen).toEqual(['t1', 't2']);
  });

  it('does not remember a failure to get one', async () => {
    const { ask, fail } = open();
    fail(true);
    await expect(ask()).rejects.toThrow('down');
    fail(false);
    expect((await ask()).status).toBe(200);
  });
});
