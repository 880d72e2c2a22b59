import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPENSSL, openTestAuthority, type TestAuthority } from '../testing/time-stamp-authority.ts';
import { stampCheckpoint } from './stamp-queue.ts';
import { requestTimeStamp } from './time-stamp.ts';

describe('requestTimeStamp, with an authority of OpenSSL', () => {
  let authority: TestAuthority;
  let folder: string;
  let url: string;
  let relay: Server;
  let spoil: (answer: Buffer) => Buffer = (answer) => answer;
  let replayed: Buffer | undefined;

  beforeAll(async () => {
    authority = await openTestAuthority();
    folder = authority.folder;
    relay = createServer((request, response) => {
      void forward(request).then((answer) => {
        response.setHeader('content-type', 'application/timestamp-reply');
        response.end(spoil(replayed ?? answer));
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    relay.close();
    authority.close();
  });

  async function forward(request: IncomingMessage): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const body = new Uint8Array(Buffer.concat(pieces));
    const answer = await fetch(authority.url, { method: 'POST', body });
    return Buffer.from(await answer.arrayBuffer());
  }

  const verify = (stamp: Buffer, checkpoint: string) => {
    writeFileSync(path.join(folder, 'stamp.tsr'), stamp);
    writeFileSync(path.join(folder, 'checkpoint'), checkpoint);
    const args = ['ts', '-verify', '-in', 'stamp.tsr', '-data', 'checkpoint', '-CAfile', 'tsa.pem'];
    return spawnSync(OPENSSL, args, { cwd: folder, encoding: 'utf8' }).stdout.trim();
  };

  it('gets a stamp that OpenSSL verifies for this checkpoint and for no other', async () => {
    const stamp = await requestTimeStamp('exemple.fr/audit\n5\nAAAA\n', { url });
    expect(verify(stamp, 'exemple.fr/audit\n5\nAAAA\n')).toBe('Verification: OK');
    expect(verify(stamp, 'exemple.fr/audit\n6\nAAAA\n')).not.toContain('OK');
  });

  it('refuses a stamp of something else, an answer to another request, and a broken one', async () => {
    const failure = { code: 'audit_time_stamp_failed', status: 503 };
    const earlier = await requestTimeStamp('a', { url });
    replayed = earlier;
    await expect(requestTimeStamp('b', { url })).rejects.toMatchObject(failure);
    await expect(requestTimeStamp('a', { url })).rejects.toThrow('another request');
    replayed = undefined;
    for (const broken of [
      (answer: Buffer) => answer.subarray(0, answer.length - 1),
      (answer: Buffer) => answer.subarray(0, 5),
      () => Buffer.from('<html>'),
      () => Buffer.alloc(0),
      () => Buffer.from('30053003020102', 'hex'),
      () => Buffer.alloc(70_000, 0x30),
    ]) {
      spoil = broken;
      await expect(requestTimeStamp('a', { url })).rejects.toMatchObject(failure);
    }
    spoil = (answer) => answer;
    await expect(requestTimeStamp('a', { url })).resolves.toBeInstanceOf(Buffer);
  });

  it('says so when nobody answers', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(gone.address() as AddressInfo).port}/`;
    await new Promise((resolve) => gone.close(resolve));
    await expect(requestTimeStamp('a', { url: address })).rejects.toMatchObject({
      code: 'audit_time_stamp_failed',
    });
  });

  it('keeps checkpoints that could not be stamped, and stamps them when the authority is back', async () => {
    const queue = path.join(folder, 'queue');
    const note = (size: number) => `exemple.fr/audit\n${size}\n${'A'.repeat(43)}=\n\n`;
    spoil = () => Buffer.from('away');
    expect(await stampCheckpoint(note(5), { url, folder: queue })).toEqual({ stamped: 0, waiting: 1 });
    expect(await stampCheckpoint(note(7), { url, folder: queue })).toEqual({ stamped: 0, waiting: 2 });
    spoil = (answer) => answer;
    expect(await stampCheckpoint(note(7), { url, folder: queue })).toEqual({ stamped: 2, waiting: 0 });
    expect(await stampCheckpoint(note(7), { url, folder: queue })).toEqual({ stamped: 0, waiting: 0 });
    expect(readdirSync(queue).sort()).toEqual(['5.checkpoint', '5.tsr', '7.checkpoint', '7.tsr']);
    expect(verify(readFileSync(path.join(queue, '5.tsr')), note(5))).toBe('Verification: OK');
    await expect(stampCheckpoint('', { url, folder: queue })).rejects.toMatchObject({
      code: 'audit_log_empty',
    });
  });
});
