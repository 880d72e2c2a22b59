import { Helper, newEnforcer, newModelFromString, type Adapter, type Model } from 'casbin';
import { describe, expect, it } from 'vitest';
import { conditions } from './conditions.ts';
import { openEngine, type Engine } from './engine.ts';
import { PolicyError } from './errors.ts';
import { relations, type Relation } from './relations.ts';
import { LEA, PUPIL_READS, buildRequest, buildSmallPolicies } from './testing/small-policies.ts';

// Hazards of node-casbin 5.51.1 while it runs and reloads: each in plain Casbin, then gone in ours, then the twin.

const MATCHER = 'r.sub == p.sub && r.obj == p.obj && r.act == p.act';

function plainModel(matcher = MATCHER): Model {
  return newModelFromString(
    `[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n[matchers]\nm = ${matcher}\n`,
  );
}

/** A source of rows that takes its time, and may fail at a row when it is read again. */
function buildSource(rows: readonly string[], failAgainAt = Number.POSITIVE_INFINITY): Adapter {
  let reads = 0;
  const source = {
    async loadPolicy(model: Model): Promise<void> {
      reads += 1;
      for (const [index, row] of rows.entries()) {
        if (reads > 1 && index === failAgainAt) throw new Error('the source failed');
        Helper.loadPolicyLine(row, model);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    },
  };
  return source as unknown as Adapter;
}

const ALLOW_THEN_DENY = ['p, a, o, x, allow', 'p, a, o, x, deny'];

describe('hazard 17: an async function under enforceSync allows', () => {
  it('plain Casbin takes the promise for true', async () => {
    const plain = await newEnforcer(
      plainModel('known(r.obj) && r.sub == p.sub'),
      buildSource(['p, a, o, x, allow']),
    );
    await plain.addFunction('known', async () => false);
    expect(plain.enforceSync('a', 'other', 'y')).toBe(true);
  });

  it('in ours an async relation is an error, which denies, and the service is told', () => {
    const broken = async (): Promise<boolean> => false;
    const errors: unknown[] = [];
    const engine = openEngine(buildSmallPolicies([PUPIL_READS]), {
      resolver: { relations: new Map([...relations, ['self', broken as unknown as Relation]]) },
      onError: (error) => errors.push(error),
    });
    expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: false, basis: 'error' });
    expect(String(errors[0])).toMatch(/did not answer true or false/);
  });

  it.each([1, 'yes', {}, undefined])('a relation that answers %s is an error too', (answer) => {
    const relation = (() => answer) as unknown as Relation;
    const resolver = { relations: new Map([...relations, ['self', relation]]) };
    const engine = openEngine(buildSmallPolicies([PUPIL_READS]), { resolver });
    expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: false, basis: 'error' });
  });

  it('the same engine with the relations of the package allows', () => {
    const resolver = { relations, conditions };
    const engine = openEngine(buildSmallPolicies([PUPIL_READS]), { resolver });
    expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
  });

  it('a relation that throws denies everything that asks it', () => {
    const relation: Relation = () => {
      throw new Error('broken');
    };
    const resolver = { relations: new Map([...relations, ['self', relation]]) };
    const engine = openEngine(buildSmallPolicies([PUPIL_READS]), { resolver });
    expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: false, basis: 'error' });
  });
});

describe('hazard 18: a suspended person passes while a policy reloads', () => {
  it('plain Casbin allows between the row that allows and the row that denies', async () => {
    const plain = await newEnforcer(plainModel(), buildSource(ALLOW_THEN_DENY));
    expect(plain.enforceSync('a', 'o', 'x')).toBe(false);
    const reload = plain.loadPolicy();
    const seen: boolean[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      seen.push(plain.enforceSync('a', 'o', 'x'));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    await reload;
    expect(seen).toContain(true);
  });

  it('ours opens another engine beside, and a suspended person is denied by both, with every rule that allows', () => {
    const suspended = { ...LEA, suspended: true };
    let current: Engine = openEngine(buildSmallPolicies([PUPIL_READS]));
    const before = current;
    for (let reload = 0; reload < 20; reload += 1) {
      expect(current.decide(buildRequest(), suspended)).toEqual({
        allowed: false,
        basis: 'deny',
        rule: 'DNY-001',
      });
      current = openEngine(buildSmallPolicies([PUPIL_READS]));
      expect(current.decide(buildRequest(), LEA).allowed).toBe(true);
    }
    expect(before.decide(buildRequest(), suspended).allowed).toBe(false);
    expect(Object.isFrozen(before)).toBe(true);
  });
});

describe('hazard 19: a half-failed reload stays active', () => {
  it('plain Casbin goes on with the half that it read, without the denial', async () => {
    const plain = await newEnforcer(plainModel(), buildSource(ALLOW_THEN_DENY, 1));
    expect(plain.enforceSync('a', 'o', 'x')).toBe(false);
    await expect(plain.loadPolicy()).rejects.toThrow('the source failed');
    expect(plain.enforceSync('a', 'o', 'x')).toBe(true);
  });

  it('ours refuses the whole, and the engine that stands decides as before', () => {
    const denial = PUPIL_READS.replace('allow', 'deny').replace('GRA-014', 'DNY-014');
    const engine = openEngine(buildSmallPolicies([PUPIL_READS, denial]));
    const reload = (): Engine =>
      openEngine(buildSmallPolicies([PUPIL_READS, denial.replace('deny', 'dney')]));
    expect(reload).toThrow(PolicyError);
    expect(engine.decide(buildRequest(), LEA)).toEqual({ allowed: false, basis: 'deny', rule: 'DNY-014' });
  });
});
