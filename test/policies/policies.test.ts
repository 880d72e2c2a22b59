import { fileURLToPath } from 'node:url';
import { lintPolicies, loadPolicies, mutatePolicies, testPolicies } from '@socle/authorization';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../policies', import.meta.url));

describe('the policies of the repository', () => {
  it('pass their tests, hold their invariants, and every rule is seen deciding and seen not holding', async () => {
    const { passed, counts, failures } = await testPolicies(FOLDER);
    expect(failures).toEqual([]);
    expect(passed).toBe(true);
    expect(counts.rules).toBeGreaterThanOrEqual(130);
    expect(counts.rulesSeenDeciding).toBe(counts.rules);
    expect(counts.rulesSeenFailing).toBe(counts.rules);
    expect(counts.people).toBeGreaterThanOrEqual(36);
    expect(counts.tests).toBeGreaterThanOrEqual(100);
    expect(counts.decisions).toBe(counts.tests * counts.people);
    expect(counts.allowed).toBeGreaterThanOrEqual(300);
    expect(counts.deniedByRule).toBeGreaterThanOrEqual(counts.tests);
    expect(counts.invariants).toBeGreaterThanOrEqual(17);
    expect(counts.invariantDecisions).toBeGreaterThan(60_000);
  });

  it('are tested so closely that no change of one rule goes unseen', async () => {
    const { modules, mutants, score, survivors } = await mutatePolicies(FOLDER);
    expect(survivors).toEqual([]);
    expect(score).toBe(1);
    expect(modules.length).toBeGreaterThanOrEqual(11);
    expect(mutants).toBeGreaterThan(700);
  });

  it('have no lint error', async () => {
    const { findings, pairs } = lintPolicies(await loadPolicies(FOLDER));
    expect(pairs).toBeGreaterThan(15_000);
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  });

  it('cover every module that has a folder, and every action of the vocabulary with a rule', async () => {
    const { rules, vocabulary } = await loadPolicies(FOLDER);
    const modules = new Set(rules.map((rule) => rule.file.split('/')[1]));
    expect(modules).toEqual(
      new Set([
        'absences',
        'accounts',
        'audit',
        'breakglass.csv',
        'deny.csv',
        'directory',
        'grades',
        'mail',
        'privacy',
        'resources',
        'security',
      ]),
    );
    const named = new Set(rules.map((rule) => rule.action));
    expect([...vocabulary.actions.keys()].filter((action) => !named.has(action))).toEqual([]);
    expect(vocabulary.actions.size).toBeGreaterThanOrEqual(40);
  });

  it('name no role that gives marks to those who see no content', async () => {
    const { rules } = await loadPolicies(FOLDER);
    const grades = rules.filter((rule) => rule.object.startsWith('grades.') && rule.effect === 'allow');
    expect(grades.length).toBeGreaterThanOrEqual(14);
    expect(new Set(grades.map((rule) => rule.role))).toEqual(
      new Set(['teacher', 'head_teacher', 'pupil', 'guardian', 'head']),
    );
  });
});
