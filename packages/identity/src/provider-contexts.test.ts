import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterEach, describe, expect, it } from 'vitest';
import { keepContextsShortLived, openContextSlot } from './provider-contexts.ts';

const servers: http.Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** How `oidc` is defined on the context of one request, and whose context it says it is. */
async function seeOidc(prepare: (provider: Provider) => void) {
  const provider = new Provider('http://localhost:9');
  prepare(provider);
  let seen: { described: PropertyDescriptor | undefined; isOfThisRequest: boolean } | undefined;
  provider.use(async (ctx, next) => {
    await next();
    seen = {
      described: Object.getOwnPropertyDescriptor(ctx, 'oidc'),
      isOfThisRequest: ctx.oidc.ctx === ctx && Provider.ctx === undefined && ctx.oidc.route === 'jwks',
    };
  });
  const answerRequest = provider.callback();
  const server = http.createServer((request, response) => void answerRequest(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  return { status: answer.status, keys: await answer.json(), ...seen! };
}

describe('contexts of the provider', () => {
  it('hold no getter, which V8 would keep with the whole request until it looks through all memory', async () => {
    const { status, keys, described, isOfThisRequest } = await seeOidc(keepContextsShortLived);
    expect(status).toBe(200);
    expect(keys).toMatchObject({ keys: [{ use: 'sig' }] });
    expect(described?.get).toBeUndefined();
    expect(described?.value).toBeDefined();
    expect(isOfThisRequest).toBe(true);
  });

  it('hold one when the library is left alone: without it, nothing here would be needed', async () => {
    const { described, isOfThisRequest } = await seeOidc(() => {});
    expect(described?.get).toBeTypeOf('function');
    expect(isOfThisRequest).toBe(true);
  });

  it('let other accessors be', () => {
    const created = {};
    const provider = { createContext: (): object => created };
    keepContextsShortLived(provider);
    const context = provider.createContext();
    Object.defineProperty(context, 'other', { get: () => 'asked' });
    expect(Reflect.get(context, 'other')).toBe('asked');
    expect(Object.getOwnPropertyDescriptor(created, 'other')?.get).toBeTypeOf('function');
  });

  it('carry a value of each owner, and none of another context', () => {
    const [rows, marks] = [openContextSlot<number>('rows'), openContextSlot<number>('rows')];
    const [one, two] = [{}, {}];
    rows.set(one, 1);
    expect([rows.get(one), marks.get(one), rows.get(two)]).toEqual([1, undefined, undefined]);
    expect(Object.keys(one)).toEqual([]);
  });
});
