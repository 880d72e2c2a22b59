import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { buildPolicies, loadPolicies, loadPolicyTexts, type Policies } from './load-policies.ts';
import { replayDecision, type PastDecision } from './replay-decisions.ts';
import { buildWorlds } from './worlds.ts';

const FOLDER = path.join(import.meta.dirname, '../../../policies');
const GRADES = 'modules/grades/policy.csv';

describe('a past decision under other policies', () => {
  let before: Policies;
  const change = async (file: string, edit: (text: string) => string): Promise<Policies> => {
    const texts = await loadPolicyTexts(FOLDER);
    const text = await readFile(path.join(FOLDER, file), 'utf8');
    expect(edit(text)).not.toBe(text);
    return buildPolicies({ ...texts, policies: new Map([...texts.policies, [file, edit(text)]]) });
  };
  beforeAll(async () => {
    before = await loadPolicies(FOLDER);
  });

  const read: PastDecision = {
    action: 'grades.mark.read',
    allowed: true,
    basis: 'allow',
    rule: 'GRA-015',
    resource: { published: true },
  };

  it('is not judged when it was an error, or names a rule that is not there or says the contrary', () => {
    for (const past of [
      { ...read, basis: 'error', allowed: false },
      { ...read, rule: 'GRA-999' },
      { ...read, rule: 'DNY-001' },
      { ...read, action: 'grades.mark.eat' },
    ] as const)
      expect(replayDecision(before, before, past)).toBeUndefined();
  });

  it('is the same under the same policies, whatever it was', () => {
    expect(replayDecision(before, before, read)).toEqual({ verdict: 'allowed', rules: ['GRA-015'] });
    const denied = { ...read, allowed: false, basis: 'deny', rule: 'DNY-002' } as const;
    expect(replayDecision(before, before, denied)).toEqual({ verdict: 'denied', rules: ['DNY-002'] });
    const { rule: _rule, ...none } = { ...read, allowed: false, basis: 'none' as const };
    expect(replayDecision(before, before, none)).toEqual({ verdict: 'denied', rules: [] });
  });

  it('depends where its rule is gone and an earlier one might have held, and stays where it was widened', async () => {
    const without = await change(GRADES, (text) => text.replace(/^p, GRA-015.*\n/m, ''));
    expect(replayDecision(before, without, read)).toMatchObject({ verdict: 'depends' });
    const wider = await change(GRADES, (text) =>
      text.replace('own_child_legal, published', 'own_child_legal, always'),
    );
    expect(replayDecision(before, wider, read)).toEqual({ verdict: 'allowed', rules: ['GRA-015'] });
  });

  it('would be denied where no rule is left that could allow what the log tells of the thing', async () => {
    const other = 'p, GRA-099, cpe, school, grades.mark, grades.mark.read, any, published, allow\n';
    const only = await change(GRADES, (text) => text.replace(/^p, GRA-011.*\n/m, other));
    const teacher = { ...read, rule: 'GRA-011' };
    expect(replayDecision(before, only, teacher)).toEqual({ verdict: 'depends', rules: ['GRA-099'] });
    const draft = { ...teacher, resource: { published: false } };
    expect(replayDecision(before, only, draft)).toEqual({ verdict: 'denied', rules: [] });
  });

  it('agrees with the engine in random worlds wherever it does not say that it depends', async () => {
    const after = await change(GRADES, (text) =>
      text
        .replace(/^p, GRA-014.*\n/m, '')
        .replace('own_child_legal, published', 'own_child_legal, always')
        .replace(/^p, GRA-013.*$/m, (row) => row.replace('always', 'not_closed')),
    );
    const [old, now] = [openEngine(before), openEngine(after)];
    const seen = { same: 0, differ: 0, depends: 0 };
    const draw = buildWorlds(before, 5);
    for (let turn = 0; turn < 20_000; turn += 1) {
      const { request, facts } = draw();
      const then = old.decide(request, facts);
      const { type: _type, ...resource } = request.resource;
      const replay = replayDecision(before, after, {
        action: request.action,
        ...then,
        resource,
        ...(request.environment.acr === undefined ? {} : { acr: request.environment.acr }),
      });
      if (replay === undefined) continue;
      if (replay.verdict === 'depends') seen.depends += 1;
      else {
        const { allowed } = now.decide(request, facts);
        expect([request, replay.verdict]).toEqual([request, allowed ? 'allowed' : 'denied']);
        seen[allowed === then.allowed ? 'same' : 'differ'] += 1;
      }
    }
    expect(seen.same).toBeGreaterThan(5_000);
    expect(seen.depends).toBeGreaterThan(10);
  });
});
