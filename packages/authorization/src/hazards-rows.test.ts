import { StringAdapter, newEnforcer, newModelFromString } from 'casbin';
import { describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import {
  DENY_SUSPENDED,
  LEA,
  PUPIL_READS,
  buildRequest,
  buildSmallPolicies,
  readProblems,
} from './testing/small-policies.ts';

// Hazards of node-casbin 5.51.1 in policy rows. Each first shown in plain Casbin, then refused by our loader, then
// its positive twin. When Casbin is upgraded and a hazard is gone, the first half fails and tells.

const MATCHER = 'r.sub == p.sub && r.obj == p.obj && r.act == p.act';

async function openPlain(
  csv: string,
  matcher = MATCHER,
  effect = 'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
) {
  const model = newModelFromString(
    `[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[policy_effect]\ne = ${effect}\n[matchers]\nm = ${matcher}\n`,
  );
  return newEnforcer(model, new StringAdapter(csv));
}

describe('hazard 1: a typo in eft drops a denial', () => {
  it('plain Casbin allows what the row meant to deny', async () => {
    const plain = await openPlain('p, a, o, x, allow\np, a, o, x, dney');
    expect(plain.enforceSync('a', 'o', 'x')).toBe(true);
  });

  it('our loader refuses the row, says where and what was probably meant', () => {
    const typo = 'p, DNY-009, pupil, school, grades.mark, grades.mark.read, self, always, dney';
    expect(readProblems(() => buildSmallPolicies([PUPIL_READS, typo]))).toEqual([
      {
        file: 'modules/grades/policy.csv',
        line: 2,
        problem: 'effect "dney": Casbin would ignore the row',
        instead: '"deny"',
      },
    ]);
  });

  it('the row written right denies', () => {
    const denial = 'p, DNY-009, pupil, school, grades.mark, grades.mark.read, self, always, deny';
    const engine = openEngine(buildSmallPolicies([PUPIL_READS, denial]));
    expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: false, basis: 'deny', rule: 'DNY-009' });
  });
});

describe('hazard 2: a row without eft allows', () => {
  it('plain Casbin takes the missing effect for allow', async () => {
    expect((await openPlain('p, a, o, x')).enforceSync('a', 'o', 'x')).toBe(true);
  });

  it('our loader refuses the row and names the missing column', () => {
    const short = PUPIL_READS.replace(', allow', '');
    const [problem] = readProblems(() => buildSmallPolicies([short]));
    expect(problem?.problem).toBe('7 columns after p, not 8 (eft missing)');
    expect(problem?.line).toBe(1);
  });

  it('an empty effect is refused as well', () => {
    const [problem] = readProblems(() => buildSmallPolicies([PUPIL_READS.replace(', allow', ',')]));
    expect(problem?.problem).toBe('column eft is empty or holds other than a plain name');
  });

  it('the full row allows', () => {
    expect(openEngine(buildSmallPolicies([PUPIL_READS])).decide(buildRequest(), LEA).rule).toBe('GRA-014');
  });
});

describe('hazard 3: a short row with undefined matches undefined', () => {
  it('plain Casbin allows a request without an action on a row without one', async () => {
    expect((await openPlain('p, a, o')).enforceSync('a', 'o', undefined)).toBe(true);
  });

  it('our loader refuses short rows and long rows', () => {
    const rows = ['p, GRA-001, pupil', `${PUPIL_READS}, more`];
    expect(readProblems(() => buildSmallPolicies(rows)).map((found) => [found.line, found.problem])).toEqual([
      [1, '2 columns after p, not 8 (scope, obj, act, rel, cond, eft missing)'],
      [2, '9 columns after p, not 8'],
    ]);
  });

  it('and our engine treats a request without an action as an error, which denies', () => {
    const engine = openEngine(buildSmallPolicies([PUPIL_READS]));
    const request = buildRequest({ action: undefined as unknown as string });
    expect(engine.decide(request, LEA)).toEqual({ allowed: false, basis: 'error' });
    expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
  });
});

describe('hazard 10: eval() in a row', () => {
  it('plain Casbin runs the expression that the row holds', async () => {
    const plain = await openPlain(
      'p, "r.sub == r.sub", o, x, allow',
      'eval(p.sub) && r.obj == p.obj && r.act == p.act',
    );
    expect(plain.enforceSync('anybody', 'o', 'x')).toBe(true);
  });

  it('our loader refuses expressions, quotes and brackets in a row', () => {
    const rows = [PUPIL_READS.replace('self', '"r.sub == r.sub"'), PUPIL_READS.replace('self', 'eval(x)')];
    const problems = readProblems(() => buildSmallPolicies(rows));
    expect(problems.map((found) => found.problem)).toEqual([
      'column rel is empty or holds other than a plain name',
      'column rel is empty or holds other than a plain name',
    ]);
  });
});

describe('hazard 11: an empty policy under a deny-only effect allows', () => {
  const DENY_ONLY = '!some(where (p.eft == deny))';

  it('plain Casbin allows everybody everything', async () => {
    expect((await openPlain('# nothing', MATCHER, DENY_ONLY)).enforceSync('a', 'o', 'x')).toBe(true);
    expect((await openPlain('p, b, o, x, deny', MATCHER, DENY_ONLY)).enforceSync('a', 'o', 'x')).toBe(true);
  });

  it('our loader refuses an empty policy file', () => {
    const [problem] = readProblems(() => buildSmallPolicies(['# nothing']));
    expect(problem?.problem).toBe('no rule in the file');
  });

  it('an action without a rule is denied, and says that no rule allows', () => {
    const engine = openEngine(buildSmallPolicies([PUPIL_READS]));
    const request = buildRequest({ action: 'grades.mark.write' });
    expect(engine.decide(request, LEA)).toEqual({ allowed: false, basis: 'none' });
  });
});

describe('hazard 13: rows of an undeclared type vanish', () => {
  it('plain Casbin drops a denial written as p2', async () => {
    const plain = await openPlain('p, a, o, x, allow\np2, a, o, x, deny');
    expect(plain.enforceSync('a', 'o', 'x')).toBe(true);
  });

  it.each(['p2', 'P', 'q', 'g', ''])('our loader refuses a row of type "%s"', (type) => {
    const [problem] = readProblems(() => buildSmallPolicies([PUPIL_READS, PUPIL_READS.replace(/^p/, type)]));
    expect(problem?.problem).toMatch(/^a row of type ".*", which Casbin would drop/);
    expect(problem?.line).toBe(2);
  });

  it('comments and blank lines are no rows', () => {
    expect(buildSmallPolicies(['# a comment', '', PUPIL_READS]).rules).toHaveLength(2);
  });
});

describe('what a row may name', () => {
  const wrong: readonly (readonly [string, string, string, string])[] = [
    ['pupil', 'pupils', 'role "pupils" is not in the vocabulary', '"pupil"'],
    ['school', 'schol', 'scope "schol" is not in the vocabulary', '"school"'],
    ['self', 'slef', 'relation "slef" is not in the vocabulary', '"self"'],
    ['published', 'publshed', 'condition "publshed" is not in the vocabulary', '"published"'],
    [
      'grades.mark.read',
      'grades.mark.raed',
      'action "grades.mark.raed" is not in the vocabulary',
      '"grades.mark.read"',
    ],
    ['GRA-014', 'gra14', '"gra14" is not a rule id', 'three capitals, a dash, three digits (GRA-012)'],
  ];

  it.each(wrong)('refuses %s written %s, and says what was meant', (right, typo, problem, instead) => {
    const row = PUPIL_READS.replace(new RegExp(`(?<=, )${right.replaceAll('.', '\\.')}(?=,)`), typo);
    const problems = readProblems(() => buildSmallPolicies([row]));
    expect(problems[0]).toMatchObject({ problem, instead, line: 1 });
  });

  it('refuses an object that is not there, and an action of another object', () => {
    const rows = [
      PUPIL_READS.replace('grades.mark,', 'grades.marks,'),
      PUPIL_READS.replace('grades.mark.read', 'audit.log.read').replace('014', '015'),
    ];
    expect(readProblems(() => buildSmallPolicies(rows)).map((found) => found.problem)).toEqual([
      'object "grades.marks" is not in the vocabulary',
      'action "audit.log.read" does not act on "grades.mark": the rule could never hold',
    ]);
  });

  it('refuses an id that is there twice, and says where the first stands', () => {
    const [problem] = readProblems(() => buildSmallPolicies([PUPIL_READS, PUPIL_READS]));
    expect(problem).toMatchObject({
      line: 2,
      problem: 'id GRA-014 is already at modules/grades/policy.csv:1',
    });
  });

  it('refuses policies under which a suspended person would not be denied', () => {
    const narrower = DENY_SUSPENDED.replace('anyone', 'pupil');
    const [problem] = readProblems(() => buildSmallPolicies([PUPIL_READS], { deny: [narrower] }));
    expect(problem?.problem).toBe('nothing denies a suspended person');
  });

  it('refuses a carriage return', () => {
    const problems = readProblems(() => buildSmallPolicies([`${PUPIL_READS}\r`]));
    expect(problems.map((found) => found.problem)).toContain('a carriage return');
  });

  it('gives every problem at once', () => {
    const rows = [PUPIL_READS.replace('pupil', 'x'), PUPIL_READS.replace('self', 'y')];
    expect(readProblems(() => buildSmallPolicies(rows)).map((found) => found.line)).toContain(2);
  });
});
