import { openEngine } from './engine.ts';
import type { CompiledPolicies } from './compile-plan.ts';
import type { Policies } from './load-policies.ts';
import { buildWorlds } from './worlds.ts';

/** How a compiled form and Casbin compare over many worlds. */
export interface DifferentialResult {
  readonly form: 'closures' | 'module' | 'casbin';
  readonly decisions: number;
  readonly allowed: number;
  readonly errors: number;
  /** How often each rule decided. */
  readonly byRule: ReadonlyMap<string, number>;
  /** Worlds in which verdict, rule or basis differ: none, or the compiled form must not be used. The first few. */
  readonly mismatches: readonly string[];
}

/** No more than so many are told: one is enough to refuse. */
const TOLD = 10;

/**
 * Decides the same worlds by the compiled form and by Casbin itself, and compares verdict, basis and deciding rule.
 * `byRule` is for the caller to look at: worlds in which a rule never decides prove nothing about it.
 */
export function compareWithCasbin(
  policies: Policies,
  options: { readonly decisions: number; readonly seed: number; readonly module?: CompiledPolicies },
): DifferentialResult {
  const compiled = openEngine(policies, options.module ? { module: options.module } : {});
  const casbin = openEngine(policies, { form: 'casbin' });
  const next = buildWorlds(policies, options.seed);
  const byRule = new Map<string, number>();
  const mismatches: string[] = [];
  let allowed = 0;
  let errors = 0;
  for (let turn = 0; turn < options.decisions; turn += 1) {
    const world = next();
    const found = compiled.decide(world.request, world.facts);
    const expected = casbin.decide(world.request, world.facts);
    if (expected.allowed) allowed += 1;
    if (expected.basis === 'error') errors += 1;
    if (expected.rule !== undefined) byRule.set(expected.rule, (byRule.get(expected.rule) ?? 0) + 1);
    const same =
      found.allowed === expected.allowed && found.rule === expected.rule && found.basis === expected.basis;
    if (!same && mismatches.length < TOLD)
      mismatches.push(
        `world ${turn} of seed ${options.seed}, ${world.request.action}: ${found.basis} ${found.rule ?? ''}, Casbin ${expected.basis} ${expected.rule ?? ''}`,
      );
  }
  return { form: compiled.form, decisions: options.decisions, allowed, errors, byRule, mismatches };
}
