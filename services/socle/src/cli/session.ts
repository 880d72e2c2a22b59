import { fileURLToPath } from 'node:url';
import { openLog } from '../log.ts';
import { loadConfig, type Config } from '../config.ts';
import { openRuntimeDatabase, type RuntimeDatabase } from '../runtime-database.ts';
import type { CommandIo } from './command.ts';

/** Root of the repository or of the installed package: where `policies/` is looked for. */
export const REPOSITORY_ROOT = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

/** The configuration and a database, beside a running service or without one. */
export async function openDatabaseSession(
  io: CommandIo,
): Promise<{ config: Config; database: RuntimeDatabase }> {
  const config = loadConfig(io.env, REPOSITORY_ROOT);
  const database = await openRuntimeDatabase({
    config,
    log: openLog('silent'),
    mayJoin: true,
    onNotice: (sentence) => io.stderr(`${sentence}\n`),
  });
  return { config, database };
}

/** Reads all of standard input as text, without its final line break. */
export async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text.replace(/\r?\n$/, '');
}

/** Prints a document: JSON with `--json`, else the given lines. */
export function print(
  io: CommandIo,
  json: boolean | undefined,
  document: unknown,
  lines: readonly string[],
): void {
  io.stdout(json ? `${JSON.stringify(document, null, 2)}\n` : `${lines.join('\n')}\n`);
}
