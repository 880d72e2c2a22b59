import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  type KeyObject,
} from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AuditError } from '../errors.ts';

/** Cosigns checkpoints under one name (C2SP tlog-cosignature, Ed25519). */
export interface Cosigner {
  /** `<name>+<hash>+<key>` with signature type 4: what verifiers must be given. */
  readonly verifierKey: string;
  /** The signature line, with its line feed, over the text of a checkpoint at a time in seconds since 1970. */
  cosign(text: string, time: number): string;
}

const KEY_FILE = 'witness-key.pem';
const NAME_FILE = 'witness-name';
const NAME = /^[^\s+\p{Cc}]{1,200}$/u;
const COSIGNATURE_V1 = 4;

/**
 * Makes a witness: a folder with a name and an Ed25519 key (mode 0600, unencrypted: the machine is the witness). Its history
 * will stand there too. A witness whose folder was lost or restored from a backup has forgotten what it cosigned: retire its
 * name and key, and make another.
 *
 * @returns its verifier key.
 * @throws AuditError `audit_witness_unusable` when the folder holds a witness already, or the name is none.
 */
export async function makeWitness(folder: string, name: string): Promise<string> {
  if (!NAME.test(name)) throw unusable('its name has a space, a plus sign or a control character');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeOnce(path.join(folder, KEY_FILE), privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  await writeOnce(path.join(folder, NAME_FILE), `${name}\n`);
  return buildCosigner(name, privateKey).verifierKey;
}

/** Loads the key of a witness's folder. @throws AuditError `audit_witness_unusable` when there is none that is whole. */
export async function loadCosigner(folder: string): Promise<Cosigner> {
  try {
    const name = (await readFile(path.join(folder, NAME_FILE), 'utf8')).trimEnd();
    const privateKey = createPrivateKey(await readFile(path.join(folder, KEY_FILE), 'utf8'));
    if (!NAME.test(name) || privateKey.asymmetricKeyType !== 'ed25519')
      throw new TypeError('another name or key');
    return buildCosigner(name, privateKey);
  } catch (error) {
    throw unusable('its folder holds no whole witness; make one with socle witness init', error);
  }
}

function buildCosigner(name: string, privateKey: KeyObject): Cosigner {
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url');
  const typed = Buffer.concat([Buffer.from([COSIGNATURE_V1]), raw]);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), typed]), 'buffer').subarray(
    0,
    4,
  );
  return {
    verifierKey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    cosign(text, time) {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(time));
      const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, 'utf8'), privateKey);
      return `\u2014 ${name} ${Buffer.concat([id, stamp, signature]).toString('base64')}\n`;
    },
  };
}

async function writeOnce(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw unusable(
      error.code === 'EEXIST' ? 'its folder holds a witness already' : 'its folder cannot be written',
      error,
    );
  });
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The refusal or fault of a witness's folder. */
export function unusable(why: string, cause?: unknown): AuditError {
  return new AuditError('audit_witness_unusable', {
    status: 503,
    publicMessage: `The witness cannot be used: ${why}.`,
    cause,
  });
}
