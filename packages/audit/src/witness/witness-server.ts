import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { silentLog, type Log } from '@socle/base';
import type { Witness } from './witness.ts';

/** A witness on the network. */
export interface WitnessServer {
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface WitnessServerOptions {
  readonly witness: Witness;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log?: Log;
}

const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves `POST /add-checkpoint` (C2SP tlog-witness) and `GET /history/<SHA-256 of the origin, in hexadecimal>`: what it has
 * cosigned of a log, as a witness file for verifiers. Checkpoints hold no personal data; put TLS before it.
 */
export async function serveWitness(options: WitnessServerOptions): Promise<WitnessServer> {
  const { witness, log = silentLog } = options;
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    void answer(witness, request, response).catch((error: unknown) => {
      log.error({ code: (error as { code?: string }).code }, 'the witness could not answer');
      if (!response.headersSent) say(response, 503, 'text/plain; charset=utf-8', 'try again later\n');
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await witness.close();
    },
  };
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request;
  if (method === 'POST' && url === '/add-checkpoint') {
    const body = await readBody(request);
    if (!body) return say(response, 413, 'text/plain; charset=utf-8', 'the request is too long\n');
    const { status, contentType, body: text } = await witness.addCheckpoint(body);
    return say(response, status, contentType, text);
  }
  const digest = /^\/history\/([0-9a-f]{64})$/.exec(url)?.[1];
  const file = method === 'GET' && digest !== undefined ? witness.historyFile(digest) : undefined;
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !found)
    return say(response, 404, 'text/plain; charset=utf-8', 'nothing is here\n');
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-length': found.size });
  // what is appended meanwhile is left for the next reader
  await pipeline(createReadStream(file, { end: Math.max(0, found.size - 1) }), response);
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_BODY_BYTES) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function say(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(body);
}
