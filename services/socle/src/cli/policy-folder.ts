import path from 'node:path';
import type { CommandIo } from './command.ts';
import { REPOSITORY_ROOT } from './session.ts';

/** The policies folder that a verb works on: the option, then the environment, then the repository's own. */
export function findPoliciesFolder(option: string | undefined, io: CommandIo): string {
  const given = option ?? io.env['SOCLE_POLICIES_DIR'];
  return given === undefined ? path.join(REPOSITORY_ROOT, 'policies') : path.resolve(given);
}
