import { decodeBase64 } from '../verifier/signed-note.ts';

/** What a log asks of a witness (C2SP tlog-witness, add-checkpoint). */
export interface WitnessRequest {
  readonly oldSize: number;
  readonly proof: readonly Buffer[];
  /** The signed checkpoint, byte for byte. */
  readonly note: string;
}

const MAX_PROOF_LINES = 63;
const OLD_SIZE = /^old (0|[1-9]\d{0,14})$/;

/** The body of a request: old size, proof in base64, an empty line, the checkpoint. */
export function writeWitnessRequest(request: WitnessRequest): string {
  const proof = request.proof.map((hash) => `${hash.toString('base64')}\n`).join('');
  return `old ${request.oldSize}\n${proof}\n${request.note}`;
}

/** Takes a body apart, or gives undefined when it is not of that form (400 Bad Request). */
export function parseWitnessRequest(body: Buffer): WitnessRequest | undefined {
  const text = body.toString('utf8');
  // bytes that are not UTF-8 would be verified as other bytes than were sent
  if (!Buffer.from(text, 'utf8').equals(body)) return undefined;
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = end < 0 ? [] : text.slice(0, end).split('\n');
  const oldSize = OLD_SIZE.exec(first)?.[1];
  if (oldSize === undefined || lines.length > MAX_PROOF_LINES) return undefined;
  const proof = lines.map(decodeBase64);
  if (proof.some((hash) => hash?.length !== 32)) return undefined;
  return { oldSize: Number(oldSize), proof: proof as Buffer[], note: text.slice(end + 2) };
}
