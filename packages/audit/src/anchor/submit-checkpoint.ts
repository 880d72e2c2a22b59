import type { Queryable } from '@socle/db';
import { AuditError } from '../errors.ts';
import { buildConsistencyProof } from '../merkle/proofs.ts';
import { openCosignature, parseKey, SIGNATURE_TYPES } from '../verifier/signed-note.ts';
import { writeWitnessRequest } from '../witness/witness-request.ts';
import { keepCosignature, loadCosignedSize, loadNewestCheckpoint, tileReader } from './anchor-store.ts';

/** A witness of the network (C2SP tlog-witness). */
export interface WitnessAddress {
  /** Its verifier key, of signature type 4. */
  readonly verifierKey: string;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
}

export interface SubmitOptions {
  /** Logged in as `socle_sequencer`. */
  readonly database: Queryable;
  readonly witness: WitnessAddress;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Has a witness cosign the newest checkpoint, which covers all before it, and keeps the cosignature. Asked again when it was
 * interrupted, or the witness knows more or less than the log remembers.
 *
 * @returns the size that is cosigned now; 0 for a log without checkpoint.
 * @throws AuditError `audit_witness_unreachable` (503: it waits for the next time), `audit_witness_refused` (503: the witness
 *   does not know this log, or its key), `audit_log_behind_witness` (503: the witness has seen another history, or more of it).
 */
export async function submitCheckpoint(options: SubmitOptions): Promise<number> {
  const { database, witness } = options;
  const key = parseKey(witness.verifierKey, SIGNATURE_TYPES.witness);
  if (!key) throw refused('its verifier key is not one of a witness');
  const newest = await loadNewestCheckpoint(database);
  if (!newest) return 0;
  let oldSize = await loadCosignedSize(database, witness.verifierKey);
  if (oldSize === newest.size) return oldSize;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const proof = await buildConsistencyProof(oldSize, newest.size, tileReader(database));
    const answer = await post(options, writeWitnessRequest({ oldSize, proof, note: newest.note }));
    if (answer.status === 409) {
      const known = /^(0|[1-9]\d{0,14})\n$/.exec(answer.body)?.[1];
      if (known === undefined) throw refused('its answer is malformed');
      // it saw this very size with another root, or more leaves than this log has
      if (Number(known) === oldSize || Number(known) > newest.size) throw behind();
      oldSize = Number(known);
      continue;
    }
    if (answer.status === 422) throw behind();
    if (answer.status === 403 || answer.status === 404)
      throw refused('it does not know this log, or its key');
    if (answer.status !== 200) throw unreachable('it answers with an error');
    const cosigned = answer.body
      .split('\n')
      .map((line) => ({ line, at: openCosignature(`${newest.note}${line}\n`, key) }))
      .find(({ at }) => at !== undefined);
    if (!cosigned) throw refused('no cosignature of its key is in its answer');
    const at = new Date(cosigned.at! * 1000);
    await keepCosignature(database, {
      ...newest,
      witness: witness.verifierKey,
      line: `${cosigned.line}\n`,
      at,
    });
    return newest.size;
  }
  throw unreachable('it changes its mind');
}

async function post(options: SubmitOptions, body: string): Promise<{ status: number; body: string }> {
  try {
    const response = await fetch(`${options.witness.url}/add-checkpoint`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    });
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of response.body ?? []) {
      length += piece.length;
      if (length > MAX_ANSWER_BYTES) throw refused('its answer is too long');
      pieces.push(piece);
    }
    return { status: response.status, body: Buffer.concat(pieces).toString('utf8') };
  } catch (error) {
    throw error instanceof AuditError ? error : unreachable('it cannot be reached', error);
  }
}

function unreachable(why: string, cause?: unknown): AuditError {
  return new AuditError('audit_witness_unreachable', {
    status: 503,
    publicMessage: `The witness gave no cosignature: ${why}. It is asked again.`,
    cause,
  });
}

function refused(why: string): AuditError {
  return new AuditError('audit_witness_refused', {
    status: 503,
    publicMessage: `The witness gave no cosignature: ${why}.`,
  });
}

function behind(): AuditError {
  return new AuditError('audit_log_behind_witness', {
    status: 503,
    publicMessage:
      'A witness has seen an audit log that this database does not contain: it was truncated, rewritten or restored from an old backup. A person must look.',
  });
}
