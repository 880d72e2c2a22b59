import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadPolicies, loadPolicyTexts } from '@socle/authorization';
import { EXIT, type CommandIo } from './command.ts';
import { findPoliciesFolder } from './policy-folder.ts';
import { print } from './session.ts';

/**
 * `socle policy baseline`: keeps the policies as those of this release, in `baseline/`, from which `diff` and the security
 * pages tell who gained and who lost. Only policies that load become a baseline.
 */
export async function runPolicyBaseline(args: readonly string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, policies: { type: 'string' } },
  });
  const folder = findPoliciesFolder(values.policies, io);
  const policies = await loadPolicies(folder);
  const { model, vocabulary, policies: files } = await loadPolicyTexts(folder);
  const baseline = path.join(folder, 'baseline');
  await rm(baseline, { recursive: true, force: true });
  for (const [file, text] of [['model.conf', model], ['vocabulary.yaml', vocabulary], ...files] as const) {
    await mkdir(path.dirname(path.join(baseline, file)), { recursive: true });
    await writeFile(path.join(baseline, file), text);
  }
  print(io, values.json, { policies: policies.digest, files: files.size + 2 }, [
    `${files.size + 2} files kept in ${baseline}: policies ${policies.digest}`,
  ]);
  return EXIT.done;
}
