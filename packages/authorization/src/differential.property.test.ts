import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileClosures } from './compile-closures.ts';
import type { CompiledPolicies } from './compile-plan.ts';
import { conditions } from './conditions.ts';
import { compareWithCasbin } from './differential.ts';
import { openEngine } from './engine.ts';
import { generateModule } from './generate-module.ts';
import { loadModule } from './load-module.ts';
import { loadPolicies, type Policies } from './load-policies.ts';
import { relations } from './relations.ts';
import {
  LEA,
  MODEL,
  POLICIES_FOLDER,
  PUPIL_READS,
  buildRequest,
  buildSmallPolicies,
} from './testing/small-policies.ts';

// Casbin itself is the oracle: verdict, basis and deciding rule must be the same, in worlds that reach every rule.

const DECISIONS = 100_000;
const policies = await loadPolicies(POLICIES_FOLDER);

async function withModule<Result>(
  of: Policies,
  work: (file: string) => Promise<Result>,
  text = generateModule(of),
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'socle-module-'));
  try {
    const file = path.join(folder, 'policies.mjs');
    await writeFile(file, text);
    return await work(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the policies of the repository, compiled', () => {
  it(`to closures decide ${DECISIONS} times as Casbin does, and every rule is seen deciding`, () => {
    const result = compareWithCasbin(policies, { decisions: DECISIONS, seed: 20261123 });
    expect(result.mismatches).toEqual([]);
    expect(result.form).toBe('closures');
    const share = result.allowed / result.decisions;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
    expect(result.errors).toBeGreaterThan(100);
    expect(result.errors).toBeLessThan(DECISIONS / 10);
    for (const rule of policies.rules) expect(result.byRule.get(rule.id) ?? 0, rule.id).toBeGreaterThan(20);
  });

  it('to a module decide as Casbin does', async () => {
    const result = await withModule(policies, async (file) =>
      compareWithCasbin(policies, { decisions: 30_000, seed: 7, module: await loadModule(policies, file) }),
    );
    expect(result.mismatches).toEqual([]);
    expect(result.form).toBe('module');
    expect(result.byRule.size).toBe(policies.rules.length);
  });
});

describe('random policies over random matchers', () => {
  const { vocabulary } = policies;
  const pick = (names: Iterable<string>) => fc.constantFrom(...names);
  const row = fc.record({
    role: pick(vocabulary.roles),
    scope: pick(vocabulary.scopes),
    action: fc.option(pick(vocabulary.actions.keys()), { nil: '*', freq: 8 }),
    relation: fc.oneof(fc.constant('any'), pick(vocabulary.relations)),
    condition: fc.oneof(fc.constant('always'), pick(vocabulary.conditions)),
    effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
  });
  const OBJECT = '(p.obj == "*" || r.obj == p.obj)';
  const ACTION = '(p.act == "*" || r.act == p.act)';
  const ROLE = 'hasRole(r.sub, p.role, r.dom, p.scope)';
  const RELATION = 'related(p.rel, r.sub, r.res)';
  const CONDITION = 'holds(p.cond, r.sub, r.res, r.env)';
  const matcher = fc.constantFrom(
    [OBJECT, ACTION, ROLE, RELATION, CONDITION].join(' && '),
    [CONDITION, RELATION, ROLE, ACTION, OBJECT].join(' && '),
    `${OBJECT} && ${ACTION} && (${ROLE} || (p.role == "teacher" && ${RELATION})) && ${CONDITION} && p.rel != "owner"`,
    `${OBJECT} && ${ACTION} && ${ROLE} && !(${RELATION} && !${CONDITION})`,
    `(r.obj == p.obj || !(p.obj != "*")) && ${ACTION} && ${ROLE} && ${RELATION} && ${CONDITION}`,
    `${OBJECT} && ${ACTION} && ${ROLE} && ${RELATION} && (${CONDITION} || holds("adult", r.sub, r.res, r.env))`,
  );
  const ONLY_ALLOW = MODEL.replace(' && !some(where (p.eft == deny))', '');

  it('decide as Casbin does, in closures', () => {
    let decisions = 0;
    let allowed = 0;
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        matcher,
        fc.integer({ min: 1, max: 2 ** 31 }),
        (rows, match, seed) => {
          const small = buildSmallPolicies(
            rows.map(({ role, scope, action, relation, condition, effect }, index) => {
              const object = action === '*' ? '*' : vocabulary.actions.get(action)!.name;
              return `p, RND-${String(index).padStart(3, '0')}, ${role}, ${scope}, ${object}, ${action}, ${relation}, ${condition}, ${effect}`;
            }),
            { model: MODEL.replace(/^m = .*$/m, `m = ${match}`) },
          );
          const result = compareWithCasbin(small, { decisions: 100, seed });
          expect(result.mismatches).toEqual([]);
          expect(result.form).toBe('closures');
          decisions += result.decisions;
          allowed += result.allowed;
        },
      ),
      { numRuns: 300, seed: 20261123 },
    );
    expect(decisions).toBe(30_000);
    expect(allowed / decisions).toBeGreaterThan(0.1);
    expect(allowed / decisions).toBeLessThan(0.9);
  });

  it('that ask for more roles than an integer has bits decide as Casbin does, in both forms', async () => {
    const rows = [...vocabulary.roles].flatMap((role) =>
      [...vocabulary.scopes].map((scope) => ({ role, scope })),
    );
    expect(rows.length).toBeGreaterThan(40);
    const small = buildSmallPolicies(
      rows.map(
        ({ role, scope }, index) =>
          `p, MNY-${String(index).padStart(3, '0')}, ${role}, ${scope}, audit.log, audit.log.read, any, always, allow`,
      ),
    );
    const seen = compareWithCasbin(small, { decisions: 10_000, seed: 5 });
    expect(seen.mismatches).toEqual([]);
    expect(seen.byRule.size).toBeGreaterThan(40);
    await withModule(small, async (file) => {
      const module = await loadModule(small, file);
      expect(compareWithCasbin(small, { decisions: 3000, seed: 6, module }).mismatches).toEqual([]);
    });
  });

  it('where no rule may deny are refused with a denial, as the loader demands one', () => {
    expect(() => buildSmallPolicies([PUPIL_READS], { model: ONLY_ALLOW })).toThrow(
      /the effect of the model ignores/,
    );
  });
});

describe('the comparison itself', () => {
  it('sees a compiled form in which one rule is wrong', () => {
    const right = compileClosures(policies, { relations, conditions });
    const action = 'grades.mark.read';
    const buckets = new Map(right.buckets).set(action, (subject, resource, environment) => {
      const index = right.buckets.get(action)!(subject, resource, environment);
      return policies.rules[index]?.id === 'DNY-002' ? -1 : index;
    });
    const decide = (module: CompiledPolicies) =>
      compareWithCasbin(policies, { decisions: 20_000, seed: 1, module }).mismatches;
    expect(decide({ ...right, buckets })[0]).toMatch(/grades\.mark\.read: none , Casbin deny DNY-002/);
    expect(decide(right)).toEqual([]);
  });
});

describe('a generated module', () => {
  it('that was edited, or is of other policies, is refused before it runs; its twin decides', async () => {
    const small = buildSmallPolicies([PUPIL_READS]);
    const text = generateModule(small);
    const edited = text.replace('return 0; // DNY-001', 'return 1; // DNY-001');
    expect(edited).not.toBe(text);
    const boobyTrapped = `${text}\nglobalThis.wasRun = true;\n`;
    for (const wrong of [edited, boobyTrapped, generateModule(policies), ''])
      await expect(withModule(small, (file) => loadModule(small, file), wrong)).rejects.toMatchObject({
        code: 'module_refused',
      });
    expect(globalThis).not.toHaveProperty('wasRun');
    const module = await withModule(small, (file) => loadModule(small, file));
    const engine = openEngine(small, { module });
    expect(engine.form).toBe('module');
    expect(engine.decide(buildRequest(), LEA).rule).toBe('GRA-014');
    expect(() => openEngine(policies, { module })).toThrow(/other policies/);
  });

  it('that cannot be read is said so', async () => {
    await expect(loadModule(policies, '/nowhere/policies.mjs')).rejects.toMatchObject({
      code: 'policy_unreadable',
    });
  });

  it('holds no word but those of the vocabulary, and names its digest', async () => {
    const text = generateModule(policies);
    expect(text).toContain(`export const digest = "${policies.digest}";`);
    const words = [...text.matchAll(/"([^"]*)"/g)].map((match) => match[1]!);
    const known = new Set([
      ...[
        vocabulary('roles'),
        vocabulary('scopes'),
        vocabulary('relations'),
        vocabulary('conditions'),
      ].flat(),
      ...policies.vocabulary.actions.keys(),
      policies.digest,
    ]);
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word) => !known.has(word))).toEqual([]);
    await withModule(policies, async (file) => expect(await readFile(file, 'utf8')).toBe(text));
  });

  function vocabulary(kind: 'roles' | 'scopes' | 'relations' | 'conditions'): readonly string[] {
    return [...policies.vocabulary[kind]];
  }
});
