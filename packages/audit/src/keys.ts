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
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Secret } from '@socle/base';
import { buildVerifierKey, signNote, type NoteSigner } from './checkpoint.ts';
import { AuditError } from './errors.ts';

/** The log's signing key. The private part never leaves this object. */
export interface AuditKeys extends NoteSigner {
  /** How each key named its successor (both signed), oldest first: what leads a verifier from an earlier key to this one. */
  readonly successions: readonly string[];
}

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
const NEXT_FILE = 'audit-signing-key.next.json';
const SUCCESSIONS_FILE = 'audit-key-successions.json';
const FORMAT = 'socle-audit-key/1';
const SUCCESSION = 'socle-audit-succession/1';
const NAME = /^[^\s+\p{Cc}]{1,200}$/u;

/**
 * Loads the Ed25519 signing key of the folder, or makes one (once, whoever starts first): it rests encrypted
 * with AES-256-GCM under a key derived from the master key.
 *
 * @throws AuditError `audit_key_unusable` when the file is damaged, belongs to another name, or the master key differs.
 */
export async function openAuditKeys(options: AuditKeysOptions): Promise<AuditKeys> {
  const wrappingKey = wrap(options);
  const file = path.join(options.folder, FILE);
  const successions = await loadSuccessions(options.folder);
  await finishRotation(options, wrappingKey, successions);
  const privateKey =
    (await load(file, wrappingKey, options.name)) ?? (await make(file, wrappingKey, options.name));
  return Object.freeze({ ...buildSigner(options.name, privateKey), successions: Object.freeze(successions) });
}

/**
 * Replaces the signing key: the old one signs, with the new one, who follows it, and is deleted. Whoever trusts the old verifier
 * key still verifies; witnesses must be given the new one. Processes that run sign with the old key until they are restarted.
 *
 * @throws AuditError `audit_key_unusable` as `openAuditKeys`.
 */
export async function rotateAuditKeys(
  options: AuditKeysOptions & { readonly clock: Clock },
): Promise<AuditKeys> {
  const { folder, name, clock } = options;
  const wrappingKey = wrap(options);
  const current = await openAuditKeys(options);
  const draft = path.join(folder, NEXT_FILE);
  await rm(draft, { force: true });
  const next = buildSigner(name, await make(draft, wrappingKey, name));
  const text = [SUCCESSION, name, current.verifierKey, next.verifierKey, clock.now().toISOString(), ''].join(
    '\n',
  );
  const second = signNote(text, next).slice(text.length + 1);
  const successions = [...current.successions, signNote(text, current) + second];
  await replaceFile(path.join(folder, SUCCESSIONS_FILE), `${JSON.stringify(successions)}\n`);
  // a crash from here on is made good by whoever opens the keys next
  return openAuditKeys(options);
}

/** A key that the last statement names as the successor takes its place. */
async function finishRotation(
  options: AuditKeysOptions,
  wrappingKey: Buffer,
  successions: readonly string[],
): Promise<void> {
  const draft = path.join(options.folder, NEXT_FILE);
  const named = successions.at(-1)?.split('\n')[3];
  const next = named === undefined ? undefined : await load(draft, wrappingKey, options.name);
  if (next && buildSigner(options.name, next).verifierKey === named)
    await rename(draft, path.join(options.folder, FILE));
}

async function loadSuccessions(folder: string): Promise<readonly string[]> {
  try {
    return JSON.parse(await readFile(path.join(folder, SUCCESSIONS_FILE), 'utf8')) as string[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unusable('the statements of its succession cannot be read', error);
  }
}

function wrap({ masterKey, name }: AuditKeysOptions): Buffer {
  if (!NAME.test(name)) throw unusable('its name has a space, a plus sign or a control character');
  const master = masterKey.revealBytes();
  if (master.length < 32) throw unusable('the master key has fewer than 32 bytes');
  return Buffer.from(hkdfSync('sha256', master, '', 'socle-audit signing key', 32));
}

function buildSigner(keyName: string, privateKey: KeyObject): NoteSigner {
  return {
    keyName,
    verifierKey: buildVerifierKey(keyName, createPublicKey(privateKey)),
    sign: (message: Uint8Array) => sign(null, message, privateKey),
  };
}

async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
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
