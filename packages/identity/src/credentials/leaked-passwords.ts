import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { IdentityError } from '../errors.ts';

/**
 * A list of leaked passwords on disk, asked without the network and without reading it into memory.
 *
 * The file: `SOCLELP1`; 65 537 offsets of 8 bytes, big-endian, of the first record of each bucket; then records of 4
 * bytes. A record is bytes 2 to 5 of the SHA-1 of a password, in the bucket of its bytes 0 and 1, sorted. With a
 * thousand million entries, one password in 280 000 is taken for a leaked one by chance.
 */
export interface LeakedPasswords {
  has(password: string): Promise<boolean>;
  /** Entries of the list. */
  readonly size: number;
  close(): Promise<void>;
}

export const LEAKED_MAGIC = Buffer.from('SOCLELP1', 'ascii');
export const LEAKED_BUCKETS = 65_536;
export const LEAKED_RECORD_BYTES = 4;
export const LEAKED_HEADER_BYTES = LEAKED_MAGIC.length + (LEAKED_BUCKETS + 1) * 8;

/**
 * Opens a list that `buildLeakedPasswords` wrote.
 * @throws IdentityError `leaked_list_refused` when the file is not one or was cut.
 */
export async function openLeakedPasswords(path: string): Promise<LeakedPasswords> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw refused(cause);
  });
  try {
    const magic = await readExactly(file, 0, LEAKED_MAGIC.length);
    if (!magic.equals(LEAKED_MAGIC)) throw refused();
    const end = Number((await readExactly(file, LEAKED_HEADER_BYTES - 8, 8)).readBigUInt64BE());
    const { size } = await file.stat();
    if (size !== LEAKED_HEADER_BYTES + end * LEAKED_RECORD_BYTES) throw refused();
    return {
      size: end,
      has: (password) => findRecord(file, password),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function findRecord(file: FileHandle, password: string): Promise<boolean> {
  const digest = createHash('sha1').update(password.normalize('NFC')).digest();
  const bounds = await readExactly(file, LEAKED_MAGIC.length + digest.readUInt16BE(0) * 8, 16);
  const from = Number(bounds.readBigUInt64BE(0));
  const count = Number(bounds.readBigUInt64BE(8)) - from;
  if (count === 0) return false;
  const records = await readExactly(
    file,
    LEAKED_HEADER_BYTES + from * LEAKED_RECORD_BYTES,
    count * LEAKED_RECORD_BYTES,
  );
  const wanted = digest.readUInt32BE(2);
  let [low, high] = [0, count - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = records.readUInt32BE(middle * LEAKED_RECORD_BYTES);
    if (found === wanted) return true;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw refused();
  return buffer;
}

function refused(cause?: unknown): IdentityError {
  return new IdentityError('leaked_list_refused', {
    status: 503,
    publicMessage:
      'The list of leaked passwords cannot be read. Build it with `socle passwords leaked build`, and give its path.',
    ...(cause !== undefined && { cause }),
  });
}
