import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Secret } from '@socle/base';
import { buildVerifierKey, type NoteSigner } from './checkpoint.ts';
import { AuditError } from './errors.ts';

/** The log's signing key. The private part never leaves this object. */
export type AuditKeys = NoteSigner;

export interface AuditKeysOptions {
  /** Where the encrypted key is kept; made with mode 0700 when missing. Not the database: who can rewrite one must not hold the other. */
  readonly folder: string;
  /** At least 32 bytes; the key's encryption is derived from it. */
  readonly masterKey: Secret;
  /** The key's name in signed notes: printable, without space or plus sign. By custom the log's origin. */
  readonly name: string;
}

interface StoredKey {
  readonly format: 'socle-audit-key/1';
  readonly name: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

const FILE = 'audit-signing-key.json';
const FORMAT = 'socle-audit-key/1';
const NAME = /^[^\s+\p{Cc}]{1,200}$/u;

/**
 * Loads the Ed25519 signing key of the folder, or makes one (once, whoever starts first): it rests encrypted
 * with AES-256-GCM under a key derived from the master key.
 *
 * @throws AuditError `audit_key_unusable` when the file is damaged, belongs to another name, or the master key differs.
 */
export async function openAuditKeys(options: AuditKeysOptions): Promise<AuditKeys> {
  if (!NAME.test(options.name)) throw unusable('its name has a space, a plus sign or a control character');
  const master = options.masterKey.revealBytes();
  if (master.length < 32) throw unusable('the master key has fewer than 32 bytes');
  const wrappingKey = Buffer.from(hkdfSync('sha256', master, '', 'socle-audit signing key', 32));
  const file = path.join(options.folder, FILE);
  const privateKey =
    (await load(file, wrappingKey, options.name)) ?? (await make(file, wrappingKey, options.name));
  const verifierKey = buildVerifierKey(options.name, createPublicKey(privateKey));
  return Object.freeze({
    keyName: options.name,
    verifierKey,
    sign: (message: Uint8Array) => sign(null, message, privateKey),
  });
}

async function load(file: string, wrappingKey: Buffer, name: string): Promise<KeyObject | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable('its file cannot be read', error);
  });
  if (text === undefined) return undefined;
  try {
    const stored = JSON.parse(text) as StoredKey;
    if (stored.format !== FORMAT || stored.name !== name) throw new TypeError('another format or name');
    const decipher = createDecipheriv('aes-256-gcm', wrappingKey, Buffer.from(stored.iv, 'base64'), {
      authTagLength: 16,
    });
    decipher.setAAD(associatedData(name));
    decipher.setAuthTag(Buffer.from(stored.tag, 'base64'));
    const der = Buffer.concat([decipher.update(Buffer.from(stored.ciphertext, 'base64')), decipher.final()]);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw unusable(
      'its file is damaged, belongs to another log, or was made under another master key',
      error,
    );
  }
}

async function make(file: string, wrappingKey: Buffer, name: string): Promise<KeyObject> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, iv, { authTagLength: 16 });
  cipher.setAAD(associatedData(name));
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const ciphertext = Buffer.concat([cipher.update(der), cipher.final()]);
  const stored: StoredKey = {
    format: FORMAT,
    name,
    iv: iv.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
  // Written whole under another name, then linked: a reader never sees half a key, and of two makers one wins.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(stored)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    return privateKey;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw unusable('its file cannot be written', error);
    return (await load(file, wrappingKey, name))!;
  } finally {
    await rm(draft, { force: true });
  }
}

function associatedData(name: string): Buffer {
  return Buffer.from(`${FORMAT}\0${name}`, 'utf8');
}

function unusable(why: string, cause?: unknown): AuditError {
  return new AuditError('audit_key_unusable', {
    status: 503,
    publicMessage: `The audit log's signing key cannot be used: ${why}.`,
    cause,
  });
}
