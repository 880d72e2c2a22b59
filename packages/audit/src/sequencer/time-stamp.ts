import { randomBytes } from 'node:crypto';
import { sha256 } from '@socle/base';
import { AuditError } from '../errors.ts';

/** SHA-256 as an AlgorithmIdentifier (RFC 5754): OID 2.16.840.1.101.3.4.2.1, no parameters but NULL. */
const SHA256 = Buffer.from('300d06096086480165030402010500', 'hex');
/** id-ct-TSTInfo (RFC 3161 §2.4.2), encoded. */
const TST_INFO = Buffer.from('060b2a864886f70d0109100104', 'hex');
const MAX_RESPONSE_BYTES = 64 * 1024;

export interface TimeStampOptions {
  /** Where the time-stamp authority answers, by HTTP (RFC 3161 §3.4). */
  readonly url: string;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

/**
 * Has an authority stamp a checkpoint: proof, by a third party, that this checkpoint existed at that time. The answer's
 * digest and nonce are compared with what was sent; its signature is for whoever has the authority's certificate
 * (`openssl ts -verify -in FILE -data CHECKPOINT -CAfile CA`).
 *
 * @returns the response (RFC 3161 §2.4.2) to keep beside the checkpoint.
 * @throws AuditError `audit_time_stamp_failed` (503) when the authority cannot be reached, refuses, or stamped anything else.
 */
export async function requestTimeStamp(checkpoint: string, options: TimeStampOptions): Promise<Buffer> {
  const digest = sha256(checkpoint);
  // a positive integer of exactly eight bytes, so that its encoding is one
  const nonce = randomBytes(8);
  nonce[0] = (nonce[0]! & 0x3f) | 0x40;
  let answer: Buffer;
  try {
    const response = await fetch(options.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(buildTimeStampRequest(digest, nonce)),
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
    });
    if (!response.ok) throw failed('it answers with an error');
    answer = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw error instanceof AuditError ? error : failed('it cannot be reached', error);
  }
  checkTimeStamp(answer, digest, nonce);
  return answer;
}

/** A TimeStampReq (RFC 3161 §2.4.1): version 1, SHA-256, a nonce, the certificate wanted. */
function buildTimeStampRequest(digest: Buffer, nonce: Buffer): Buffer {
  const imprint = encode(0x30, SHA256, encode(0x04, digest));
  return encode(
    0x30,
    encode(0x02, Buffer.from([1])),
    imprint,
    encode(0x02, nonce),
    encode(0x01, Buffer.from([0xff])),
  );
}

function checkTimeStamp(answer: Buffer, digest: Buffer, nonce: Buffer): void {
  if (answer.length > MAX_RESPONSE_BYTES) throw failed('its answer is too long');
  // TimeStampResp ::= SEQUENCE { status SEQUENCE { INTEGER, … }, token }
  const response = decode(answer, 0, 0x30);
  const status = decode(answer, response.start, 0x30);
  const value = decode(answer, status.start, 0x02);
  const granted = value.end - value.start === 1 && answer[value.start]! <= 1;
  if (!granted) throw failed('it refuses');
  if (response.end !== answer.length || status.end === response.end)
    throw failed('its answer holds no token');
  const mark = answer.indexOf(TST_INFO, status.end);
  if (mark < 0) throw failed('its answer holds no token');
  // [0] EXPLICIT OCTET STRING { TSTInfo SEQUENCE { version, policy, messageImprint, serial, time, …, nonce } }
  const explicit = decode(answer, mark + TST_INFO.length, 0xa0);
  const octets = decode(answer, explicit.start, 0x04);
  const info = decode(answer, octets.start, 0x30);
  const version = decode(answer, info.start, 0x02);
  const policy = decode(answer, version.end, 0x06);
  const imprint = decode(answer, policy.end, 0x30);
  const expected = Buffer.concat([SHA256, encode(0x04, digest)]);
  if (!answer.subarray(imprint.start, imprint.end).equals(expected))
    throw failed('it stamped something else');
  if (answer.subarray(imprint.end, info.end).indexOf(encode(0x02, nonce)) < 0)
    throw failed('it answers another request');
}

function encode(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  if (body.length > 0x7f) throw new RangeError('a longer element than a request has');
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}

/** The content of the element of DER (X.690) at `at`. */
function decode(bytes: Buffer, at: number, tag: number): { readonly start: number; readonly end: number } {
  const first = bytes[at + 1];
  if (bytes[at] !== tag || first === undefined) throw failed('its answer is malformed');
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 3 || at + 2 + lengthBytes > bytes.length)
    throw failed('its answer is malformed');
  const start = at + 2 + lengthBytes;
  const end = start + (lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes));
  if (end > bytes.length) throw failed('its answer is malformed');
  return { start, end };
}

function failed(why: string, cause?: unknown): AuditError {
  return new AuditError('audit_time_stamp_failed', {
    status: 503,
    publicMessage: `The time-stamp authority gave no stamp: ${why}.`,
    cause,
  });
}
