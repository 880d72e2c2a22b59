import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { requireBoolean, type Resolver } from './compile-closures.ts';
import type { CompiledBucket, CompiledPolicies } from './compile-plan.ts';
import { conditions } from './conditions.ts';
import { PolicyError } from './errors.ts';
import { generateModule } from './generate-module.ts';
import type { Policies } from './load-policies.ts';
import { relations } from './relations.ts';
import { hasRole } from './roles.ts';
import { buildPlace, isCurrent } from './subject.ts';

/** What a generated module exports. */
interface GeneratedModule {
  readonly digest: string;
  readonly build: (runtime: object) => ReadonlyMap<string, CompiledBucket>;
}

/**
 * Loads the module that {@link generateModule} wrote for these policies. Its text is compared, byte for byte, with
 * what the policies give before it runs: an edited module, or one of other policies, is never executed.
 *
 * @throws PolicyError `module_refused` when the text is another; `policy_unreadable` when there is no such file.
 */
export async function loadModule(
  policies: Policies,
  file: string,
  resolver: Resolver = { relations, conditions },
): Promise<CompiledPolicies> {
  const at = { file, line: 0 };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const problem = { ...at, problem: 'it cannot be read', instead: 'the file that was generated' };
    throw new PolicyError('policy_unreadable', [problem], error);
  }
  if (text !== generateModule(policies)) {
    const problem = { ...at, problem: 'it is not what these policies give', instead: 'generate it again' };
    throw new PolicyError('module_refused', [problem]);
  }
  const url = pathToFileURL(file);
  // Node keeps modules by address: the digest in it keeps two generations of one file apart.
  url.searchParams.set('policies', policies.digest);
  const module = (await import(url.href)) as GeneratedModule;
  if (module.digest !== policies.digest) {
    const problem = {
      ...at,
      problem: 'it changed while it was loaded',
      instead: 'a file that nobody writes',
    };
    throw new PolicyError('module_refused', [problem]);
  }
  const runtime = { ...resolver, isCurrent, hasRole, buildPlace, requireBoolean };
  return Object.freeze({ form: 'module', digest: module.digest, buckets: module.build(runtime) });
}
