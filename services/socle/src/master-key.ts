import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Secret } from '@socle/base';
import type { Config } from './config.ts';
import { ServiceError } from './errors.ts';

const KEY_BYTES = 32;

/**
 * Loads the key that protects keys and peppers at rest. On localhost, where none is configured, one is made in the
 * data folder the first time (mode 0600); two processes that start together end with the same one.
 *
 * @throws ServiceError `configuration_refused` when the file is missing, readable by others, or not 32 bytes in base64.
 */
export async function loadMasterKey(config: Config): Promise<Secret> {
  const file = config.masterKeyFile ?? path.join(config.dataDir, 'master.key');
  if (!config.masterKeyFile && config.isLocal) await makeOnce(file);
  const info = await stat(file).catch(() => undefined);
  if (!info) throw refuse(`the file ${file} of SOCLE_MASTER_KEY_FILE does not exist`);
  if ((info.mode & 0o077) !== 0) throw refuse(`${file} may be read by others: chmod 600 it`);
  const text = (await readFile(file, 'utf8')).trim();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text) {
    throw refuse(
      `${file} does not hold ${KEY_BYTES} bytes in base64 (make one with: openssl rand -base64 32)`,
    );
  }
  return new Secret(bytes);
}

async function makeOnce(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600 });
  try {
    await link(draft, file); // fails where a key exists: the first one stays
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}

function refuse(why: string): ServiceError {
  return new ServiceError('configuration_refused', {
    status: 400,
    publicMessage: `Master key refused: ${why}.`,
  });
}
