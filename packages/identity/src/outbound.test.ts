import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildOutbound } from './outbound.ts';

describe('buildOutbound', () => {
  let server: Server;
  let origin: string;
  let reached = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      reached += 1;
      if (request.url === '/away') response.writeHead(302, { location: '/' });
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('reaches loopback addresses on a workstation only', async () => {
    const outside = buildOutbound({ allowLoopback: false });
    for (const url of [origin, 'https://localhost/', 'http://[::1]/']) {
      await expect(outside(url)).rejects.toThrow('loopback');
    }
    expect(reached).toBe(0);
    expect(await (await buildOutbound({ allowLoopback: true })(`${origin}/`)).text()).toBe('ok');
    expect(reached).toBe(1);
  });

  it('refuses anything but https elsewhere, even on a workstation', async () => {
    const outbound = buildOutbound({ allowLoopback: true });
    for (const url of [
      'http://intranet.example/',
      'http://10.0.0.1/',
      'file:///etc/passwd',
      'http://127.0.0.1.example/',
    ]) {
      await expect(outbound(url)).rejects.toThrow('without https');
    }
  });

  it('follows no redirect', async () => {
    await expect(buildOutbound({ allowLoopback: true })(`${origin}/away`)).rejects.toThrow();
    expect((await buildOutbound({ allowLoopback: true })(`${origin}/`)).status).toBe(200);
  });
});
