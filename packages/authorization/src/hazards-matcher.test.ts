import { StringAdapter, newEnforcer, newModelFromString } from 'casbin';
import { describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import {
  LEA,
  MODEL,
  PUPIL_READS,
  buildRequest,
  buildSmallPolicies,
  readProblems,
} from './testing/small-policies.ts';

// Hazards of node-casbin 5.51.1 in the model: each in plain Casbin, then refused by our strict front end, then the twin.

async function openPlain(matcher: string, csv = 'p, a, o, x, allow') {
  const model = newModelFromString(
    `[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[policy_effect]\ne = some(where (p.eft == allow))\n[matchers]\nm = ${matcher}\n`,
  );
  return newEnforcer(model, new StringAdapter(csv));
}

/** The reference model with its matcher changed. */
function withMatcher(change: (matcher: string) => string): string {
  const changed = MODEL.replace(/^m = (.*)$/m, (_line, matcher: string) => `m = ${change(matcher)}`);
  expect(changed).not.toBe(MODEL);
  return changed;
}

function problemsOf(model: string): readonly string[] {
  const problems = readProblems(() => buildSmallPolicies([PUPIL_READS], { model }));
  for (const problem of problems) expect(problem.file).toBe('model.conf');
  return problems.map((found) => found.problem);
}

it('accepts the reference model, and the same with comments on lines of their own', () => {
  expect(problemsOf(MODEL)).toEqual([]);
  const commented = MODEL.replace(
    '[matchers]',
    '# What must hold for a rule to apply; all of it.\n[matchers]',
  );
  const engine = openEngine(buildSmallPolicies([PUPIL_READS], { model: commented }));
  expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: true, basis: 'allow', rule: 'GRA-014' });
});

describe('hazard 4: an undeclared identifier equals another', () => {
  it('plain Casbin finds r.owner and p.owner equal, both being undefined', async () => {
    const plain = await openPlain('r.sub == p.sub && r.owner == p.owner && r.obj == p.obj');
    expect(plain.enforceSync('a', 'o', 'x')).toBe(true);
  });

  it('our front end refuses them and lists what is declared', () => {
    const model = withMatcher((matcher) => `${matcher} && r.owner == p.owner`);
    expect(problemsOf(model)).toEqual(['"r_owner" is not declared', '"p_owner" is not declared']);
  });

  it('an undeclared bare name is refused too', () => {
    expect(problemsOf(withMatcher((matcher) => `${matcher} && today == "monday"`))).toEqual([
      '"today" is not declared',
    ]);
  });
});

describe('hazard 7: regexMatch is unanchored', () => {
  it('plain Casbin matches a path inside another', async () => {
    const plain = await openPlain(
      'r.sub == p.sub && regexMatch(r.obj, p.obj)',
      'p, a, /classes/6a, x, allow',
    );
    expect(plain.enforceSync('a', '/private/classes/6a/notes', 'x')).toBe(true);
  });

  it.each(['regexMatch', 'keyMatch', 'globMatch', 'ipMatch', 'g'])(
    'our front end knows no function %s',
    (name) => {
      const model = withMatcher((matcher) => `${matcher} && ${name}(r.obj, p.obj)`);
      expect(problemsOf(model)).toEqual([`"${name}" is not a function of the resolver`]);
    },
  );
});

describe('hazard 10: eval() in the matcher', () => {
  it('our front end refuses it, whatever it is given', () => {
    expect(problemsOf(withMatcher((matcher) => `${matcher} && eval(p.cond)`))).toEqual([
      '"eval" is not a function of the resolver',
    ]);
  });
});

describe('hazard 14: null < "15" holds', () => {
  it('plain Casbin lets an unknown age pass as younger than 15', async () => {
    const plain = await openPlain('r.sub == p.sub && r.obj < "15"');
    expect(plain.enforceSync('a', null, 'x')).toBe(true);
  });

  it.each(['<', '>', '<=', '>=', '===', '!==', '+', '-', '*', '|', '&', '^', 'in'])(
    'our front end refuses the operator %s',
    (operator) => {
      expect(
        problemsOf(withMatcher((matcher) => `${matcher} && r.obj ${operator} "15"`)).length,
      ).toBeGreaterThan(0);
    },
  );

  it('an unknown birth date satisfies no condition of age', () => {
    const adults = PUPIL_READS.replace('published', 'adult');
    const engine = openEngine(buildSmallPolicies([adults]));
    expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: false, basis: 'none' });
    expect(engine.decide(buildRequest(), { ...LEA, birthDate: '2008-11-23' }).allowed).toBe(true);
    expect(engine.decide(buildRequest(), { ...LEA, birthDate: '2008-11-24' }).allowed).toBe(false);
    expect(engine.decide(buildRequest(), { ...LEA, birthDate: 'unknown' }).basis).toBe('error');
  });
});

describe('hazard 15: # in a matcher truncates it', () => {
  it('plain Casbin forgets what follows', async () => {
    const plain = await openPlain('r.sub == p.sub # && r.obj == p.obj && r.act == p.act');
    expect(plain.enforceSync('a', 'anything', 'whatever')).toBe(true);
  });

  it.each(['#', ';'])('our front end refuses %s inside a definition', (mark) => {
    const model = withMatcher((matcher) => matcher.replace('&& related', `${mark} && related`));
    expect(problemsOf(model)[0]).toBe('a comment mark inside a definition: Casbin cuts the line there');
  });

  it('a matcher that no longer looks at a column is refused, whoever cut it', () => {
    const model = withMatcher((matcher) => matcher.slice(0, matcher.indexOf(' && related')));
    expect(problemsOf(model)).toEqual([
      'the matcher never looks at p_rel: each rule would hold whatever it says there',
      'the matcher never looks at p_cond: each rule would hold whatever it says there',
    ]);
  });
});

describe('other forms that a matcher may not take', () => {
  const forms: readonly (readonly [string, string])[] = [
    ['r.res.published == "true"', 'a member access in a matcher'],
    ['r.sub["suspended"] == "x"', 'a member access in a matcher'],
    ['r.obj.startsWith("g")', 'a method call in a matcher'],
    [
      '(p.obj == "a" ? p.act == "b" : p.act == "c")',
      'the form ConditionalExpression is not allowed in a matcher',
    ],
    ['"always"', 'a bare word where a comparison is needed: it is always true'],
    ['r.obj', 'a bare word where a comparison is needed: it is always true'],
    ['r.obj == 15', 'a literal that is not a text'],
    ['hasRole(r.sub, p.role)', 'hasRole takes 4 arguments, not 2'],
    ['holds(p.cond, r.sub, r.res, hasRole)', '"hasRole" is not declared'],
    ['related(p.rel, r.sub, holds(p.cond))', 'an argument of related that is not a token or a text'],
    ['this', 'the form ThisExpression is not allowed in a matcher'],
  ];

  it.each(forms)('refuses %s', (form, problem) => {
    expect(problemsOf(withMatcher((matcher) => `${matcher} && ${form}`))).toContain(problem);
  });

  it('accepts a formula of declared words', () => {
    expect(problemsOf(withMatcher((matcher) => `${matcher} && !(r.obj == "none") && r.act != p.id`))).toEqual(
      [],
    );
  });
});

describe('the sections of a model', () => {
  const wrong: readonly (readonly [string, (model: string) => string, RegExp])[] = [
    [
      'people in a g section',
      (text) => `${text}[role_definition]\ng = _, _\n`,
      /section \[role_definition\] is not allowed/,
    ],
    [
      'an effect that is not known',
      (text) => text.replace(/^e = .*$/m, 'e = priority(p.eft) || deny'),
      /an effect that is not one of the two/,
    ],
    [
      'a deny-only effect',
      (text) => text.replace(/^e = .*$/m, 'e = !some(where (p.eft == deny))'),
      /an effect that is not one of the two/,
    ],
    [
      'a second matcher',
      (text) => `${text}m2 = r.sub == p.id\n`,
      /not a definition that this section may hold/,
    ],
    ['a matcher defined twice', (text) => `${text}m = r.sub == p.id\n`, /"m" is defined twice/],
    ['no effect at all', (text) => text.replace(/^e = .*$/m, ''), /no section \[policy_effect\]/],
    [
      'another request',
      (text) => text.replace('r = sub, dom, obj', 'r = sub, obj, dom'),
      /"r" is not what the resolver gives/,
    ],
    ['other columns', (text) => text.replace('cond, eft', 'eft, cond'), /"p" is not what the resolver gives/],
    [
      'a matcher over two lines',
      (text) => text.replace(' && related', ' \\\n && related'),
      /a definition over several lines/,
    ],
    [
      'a matcher that does not parse',
      (text) => text.replace('&& related(', '&& && related('),
      /Casbin cannot read it/,
    ],
  ];

  it.each(wrong)('refuses %s', (_what, change, expected) => {
    const model = change(MODEL);
    expect(model).not.toBe(MODEL);
    expect(problemsOf(model).join('\n')).toMatch(expected);
  });

  it('refuses a denial under the effect that ignores denials', () => {
    const model = MODEL.replace(/^e = .*$/m, 'e = some(where (p.eft == allow))');
    const problems = readProblems(() => buildSmallPolicies([PUPIL_READS], { model }));
    expect(problems.map((found) => found.problem)).toEqual(['a denial that the effect of the model ignores']);
  });
});
