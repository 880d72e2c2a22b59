import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret } from '@socle/base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildCheckpointText,
  buildVerifierKey,
  checkNote,
  parseCheckpointText,
  signNote,
} from './checkpoint.ts';
import { openAuditKeys } from './keys.ts';
import { openNote, parseCheckpoint, parseKey } from './verifier/signed-note.ts';

// The published example of a signed note: golang.org/x/mod/sumdb/note, on which C2SP signed-note is built.
const NEUMANN_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NEUMANN_NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ROOT = Buffer.alloc(32, 7);

describe('openAuditKeys', () => {
  let folder: string;
  const masterKey = Secret.random(32);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'socle-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (change: { masterKey?: Secret; name?: string } = {}) =>
    openAuditKeys({ folder: path.join(folder, 'keys'), masterKey, name: 'ecole.fr/audit', ...change });
  const file = () => path.join(folder, 'keys', 'audit-signing-key.json');

  it('refuses another master key, another name, a damaged file, a short master key, a name with a plus', async () => {
    await open();
    const refused = { code: 'audit_key_unusable', status: 503 };
    await expect(open({ masterKey: Secret.random(32) })).rejects.toMatchObject(refused);
    await expect(open({ name: 'autre.fr/audit' })).rejects.toMatchObject(refused);
    await expect(open({ masterKey: new Secret('court') })).rejects.toMatchObject(refused);
    await expect(open({ name: 'a+b' })).rejects.toMatchObject(refused);
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.replace('"ciphertext":"', '"ciphertext":"AAAA'));
    await expect(open()).rejects.toMatchObject(refused);
    await writeFile(file(), text);
    await expect(open()).resolves.toBeDefined();
  });

  it('gives the same key again, and one key to all who start at once', async () => {
    const together = await Promise.all([open(), open(), open(), open()]);
    const later = await open();
    const all = [...together, later];
    expect(new Set(all.map((keys) => keys.verifierKey)).size).toBe(1);
    const note = signNote('a text\n', together[0]);
    expect(checkNote(note, later.verifierKey)).toEqual({ valid: true, text: 'a text\n' });
    expect(await readdir(path.join(folder, 'keys'))).toEqual(['audit-signing-key.json']);
  });

  it('keeps the private key encrypted, readable by its owner alone', async () => {
    const keys = await open();
    const text = await readFile(file(), 'utf8');
    expect(Object.keys(JSON.parse(text))).toEqual(['format', 'name', 'iv', 'ciphertext', 'tag']);
    // the DER header of an Ed25519 private key would show here
    const ciphertext = Buffer.from(JSON.parse(text).ciphertext, 'base64').toString('hex');
    expect(ciphertext).not.toContain('302e020100300506032b6570');
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(keys)).not.toContain('PRIVATE');
  });
});

describe('C2SP signed-note, in the writer and in the verifier', () => {
  it('accepts the published example and finds each changed character', () => {
    const key = parseKey(NEUMANN_KEY)!;
    expect(openNote(NEUMANN_NOTE, key)).toContain('If you think');
    expect(checkNote(NEUMANN_NOTE, NEUMANN_KEY).valid).toBe(true);
    for (let index = 0; index < NEUMANN_NOTE.length; index += 1) {
      const other = NEUMANN_NOTE[index] === 'x' ? 'y' : 'x';
      const changed = NEUMANN_NOTE.slice(0, index) + other + NEUMANN_NOTE.slice(index + 1);
      expect(openNote(changed, key)).toBeUndefined();
    }
  });

  it('refuses verifier keys that are not whole', () => {
    for (const bad of [
      '',
      'PeterNeumann',
      NEUMANN_KEY.replace('c74f20a3', 'c74f20a4'),
      NEUMANN_KEY.replace('Peter', 'Karl'),
      NEUMANN_KEY.slice(0, -1),
      NEUMANN_KEY.replace('+ARpc', '+AhpC'),
    ]) {
      expect(parseKey(bad)).toBeUndefined();
    }
  });

  it('reads in each half what the other half writes', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(parseKey(buildVerifierKey('ecole.fr/audit', publicKey))?.name).toBe('ecole.fr/audit');
    const text = buildCheckpointText({ origin: 'ecole.fr/audit', size: 42, root: ROOT });
    expect(text).toBe(`ecole.fr/audit\n42\n${ROOT.toString('base64')}\n`);
    expect(parseCheckpoint(text)).toEqual({ origin: 'ecole.fr/audit', size: 42, root: ROOT });
    expect(parseCheckpointText(text)).toEqual({ origin: 'ecole.fr/audit', size: 42, root: ROOT });
  });

  it('refuses a checkpoint that is not exactly three lines', () => {
    const root = ROOT.toString('base64');
    for (const bad of [
      '',
      `o\n042\n${root}\n`,
      `o\n-1\n${root}\n`,
      `o\n1e3\n${root}\n`,
      `o\n42\n${root}`,
      `o\n42\n${root}\nmore\n`,
      `o\n42\n${root.slice(4)}\n`,
      `\n42\n${root}\n`,
    ]) {
      expect(parseCheckpoint(bad)).toBeUndefined();
    }
  });
});
