import { expect, it } from 'vitest';
import { compileClosures } from './compile-closures.ts';
import type { CompiledPolicies } from './compile-plan.ts';
import { conditions } from './conditions.ts';
import { openEngine } from './engine.ts';
import { relations } from './relations.ts';
import type { ShadowMismatch } from './shadow.ts';
import { LEA, PUPIL_READS, buildRequest, buildSmallPolicies } from './testing/small-policies.ts';

const policies = buildSmallPolicies([PUPIL_READS]);
const right = compileClosures(policies, { relations, conditions });
/** A compiled form that lets a suspended person through: what a fault of the compiler would look like. */
const wrong: CompiledPolicies = {
  ...right,
  buckets: new Map([...right.buckets.keys()].map((action) => [action, () => 1])),
};
const suspended = { ...LEA, suspended: true };

it('gives the verdict of Casbin and wakes somebody when the compiled form is wrong, and names no person', () => {
  const told: ShadowMismatch[] = [];
  const shadow = { oneIn: 1, onMismatch: (mismatch: ShadowMismatch) => told.push(mismatch) };
  const engine = openEngine(policies, { module: wrong, shadow });
  expect(engine.decide(buildRequest(), suspended)).toEqual({
    allowed: false,
    basis: 'deny',
    rule: 'DNY-001',
  });
  expect(told).toEqual([
    { action: 'grades.mark.read', compiled: 'GRA-014', casbin: 'DNY-001', policies: policies.digest },
  ]);
  expect(JSON.stringify(told)).not.toMatch(/lea|college/);
  expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
  expect(told).toHaveLength(1);
});

it('says nothing when the two agree', () => {
  const told: unknown[] = [];
  const engine = openEngine(policies, {
    shadow: { oneIn: 1, onMismatch: (mismatch) => told.push(mismatch) },
  });
  expect(engine.form).toBe('closures');
  expect(engine.decide(buildRequest(), suspended).basis).toBe('deny');
  expect(engine.decide(buildRequest(), LEA).allowed).toBe(true);
  expect(told).toEqual([]);
});

it('asks Casbin one time in so many', () => {
  const told: unknown[] = [];
  const shadow = { oneIn: 10, onMismatch: (mismatch: unknown) => told.push(mismatch) };
  const engine = openEngine(policies, { module: wrong, shadow });
  const verdicts = Array.from({ length: 100 }, () => engine.decide(buildRequest(), suspended).allowed);
  expect(told).toHaveLength(10);
  expect(verdicts.filter((allowed) => !allowed)).toHaveLength(10);
});

it.each([0, -1, 1.5, Number.NaN])('is refused with a sample of one in %s', (oneIn) => {
  expect(() => openEngine(policies, { shadow: { oneIn, onMismatch: () => undefined } })).toThrow(
    /whole number/,
  );
});
