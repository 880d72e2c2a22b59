import { hash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '@socle/base';
import { appendWitness, loadLastWitness, type KeptCheckpoint } from '../sequencer/witness-file.ts';
import { checkConsistency, EMPTY_ROOT } from '../verifier/merkle.ts';
import { openSharedNote, parseCheckpoint, parseKey, type VerifierKey } from '../verifier/signed-note.ts';
import { loadCosigner, unusable } from './witness-key.ts';
import { parseWitnessRequest } from './witness-request.ts';

/** What a witness answers, as HTTP has it. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly contentType: 'text/plain; charset=utf-8' | 'text/x.tlog.size';
  readonly body: string;
}

/** Remembers the largest tree that it saw of each log, and cosigns what continues it: never two histories. */
export interface Witness {
  readonly verifierKey: string;
  /** Answers one add-checkpoint request (C2SP tlog-witness). What it cosigns is on the disk before it answers. */
  addCheckpoint(body: Buffer): Promise<WitnessAnswer>;
  /** The file of the checkpoints that it cosigned of a log, for verifiers (`--witness`); undefined for an unknown log. */
  historyFile(originDigest: string): string | undefined;
  close(): Promise<void>;
}

export interface WitnessOptions {
  /** Made by `makeWitness`. */
  readonly folder: string;
  /** Verifier keys of the logs that it watches; a key's name is the log's origin. Two of one name: the log changes its key. */
  readonly logs: readonly string[];
  readonly clock: Clock;
}

const PLAIN = 'text/plain; charset=utf-8';

/**
 * Opens a witness. One process at a time may hold its folder.
 *
 * @throws AuditError `audit_witness_unusable` when it is in use, its key or a log's key is none, or its history is damaged.
 */
export async function openWitness(options: WitnessOptions): Promise<Witness> {
  const { folder, clock } = options;
  const cosigner = await loadCosigner(folder);
  const logs = groupByOrigin(options.logs);
  const lock = await lockFolder(folder);
  const states = new Map<string, KeptCheckpoint>();
  try {
    for (const origin of logs.keys()) {
      const last = await loadLastWitness(fileOf(folder, origin));
      if (last) states.set(origin, last);
    }
  } catch (error) {
    lock.close();
    throw unusable('its history is damaged', error);
  }

  async function decide(body: Buffer): Promise<WitnessAnswer> {
    const request = parseWitnessRequest(body);
    const origin = request?.note.slice(0, request.note.indexOf('\n'));
    if (!request || !origin) return refuse(400, 'this is not an add-checkpoint request');
    const keys = logs.get(origin);
    if (!keys) return refuse(404, 'this witness does not know this log');
    const text = openSharedNote(request.note, keys);
    if (text === undefined) return refuse(403, 'no signature of this log verifies');
    const checkpoint = parseCheckpoint(text);
    if (!checkpoint) return refuse(400, 'this is not a checkpoint of three lines');
    const { oldSize, proof } = request;
    if (oldSize > checkpoint.size) return refuse(400, 'the old size exceeds the new one');
    const known = states.get(origin) ?? { size: 0, root: EMPTY_ROOT, at: new Date(0) };
    const conflict: WitnessAnswer = {
      status: 409,
      contentType: 'text/x.tlog.size',
      body: `${known.size}\n`,
    };
    if (oldSize !== known.size) return conflict;
    const differs = oldSize === checkpoint.size && !known.root.equals(checkpoint.root);
    if (differs || !checkConsistency(known, checkpoint, proof)) {
      // signed by the log itself: evidence against it
      await appendWitness(path.join(folder, 'refused.ndjson'), request.note, clock.now());
      return differs ? conflict : refuse(422, 'the consistency proof does not verify');
    }
    // a clock that went back must not make it say that it saw less than before
    const at = new Date(Math.max(clock.now().getTime(), known.at.getTime()));
    await appendWitness(fileOf(folder, origin), request.note, at);
    states.set(origin, { size: checkpoint.size, root: checkpoint.root, at });
    const line = cosigner.cosign(text, Math.floor(at.getTime() / 1000));
    return { status: 200, contentType: PLAIN, body: line };
  }

  // one at a time: reading what is known and keeping what is new must not interleave
  let last: Promise<unknown> = Promise.resolve();

  return {
    verifierKey: cosigner.verifierKey,
    addCheckpoint(body) {
      const answer = last.then(() => decide(body));
      last = answer.catch(() => undefined);
      return answer;
    },
    historyFile(originDigest) {
      const origin = [...logs.keys()].find((known) => digestOf(known) === originDigest);
      return origin === undefined ? undefined : fileOf(folder, origin);
    },
    async close() {
      await last;
      await new Promise((resolve) => lock.close(resolve));
    },
  };
}

function groupByOrigin(texts: readonly string[]): ReadonlyMap<string, readonly VerifierKey[]> {
  const byOrigin = new Map<string, VerifierKey[]>();
  for (const text of texts) {
    const key = parseKey(text);
    if (!key) throw unusable('the verifier key of a log is not one');
    byOrigin.set(key.name, [...(byOrigin.get(key.name) ?? []), key]);
  }
  return byOrigin;
}

function digestOf(origin: string): string {
  return hash('sha256', origin, 'hex');
}

function fileOf(folder: string, origin: string): string {
  return path.join(folder, `${digestOf(origin)}.ndjson`);
}

function refuse(status: 400 | 403 | 404 | 422, why: string): WitnessAnswer {
  return { status, contentType: PLAIN, body: `${why}\n` };
}

/** A name in the kernel that ends with the process, however it ends: no stale lock after a kill. */
async function lockFolder(folder: string): Promise<Server> {
  const name = `\0socle-witness-${digestOf(await realpath(folder))}`;
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(unusable('another process holds its folder', error)));
    server.listen({ path: name }, resolve);
  });
  server.unref();
  return server;
}
