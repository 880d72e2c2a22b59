import path from 'node:path';
import { systemClock } from '@socle/base';
import { buildTotpCode } from '@socle/identity';
import { loadConfig } from '../config.ts';
import { loadSecrets } from '../demo/passwords.ts';
import { EXIT, type CommandIo } from './command.ts';
import { print, REPOSITORY_ROOT } from './session.ts';

/**
 * `socle demo code LOGIN`: what the demo account's code generator shows now, so that a newcomer signs in without a phone.
 * Reads demo-accounts.json of the data folder; no real account has its secret there.
 */
export async function runDemoCode(login: string, json: boolean | undefined, io: CommandIo): Promise<number> {
  const { dataDir } = loadConfig(io.env, REPOSITORY_ROOT);
  const file = path.join(dataDir, 'demo-accounts.json');
  const secrets = await loadSecrets(file);
  const secret = secrets.get(login)?.totpSecret;
  if (secret === undefined) {
    const why = secrets.has(login) ? 'signs in by password alone' : `is not in ${file}; start the demo first`;
    io.stderr(`socle demo code: ${login} ${why}.\n`);
    return EXIT.refused;
  }
  const code = buildTotpCode(secret, systemClock.now());
  print(io, json, { code }, [code]);
  return EXIT.done;
}
