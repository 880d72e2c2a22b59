import { generateKeyPairSync } from 'node:crypto';
import {
  PolicyError,
  buildBundle,
  openEngine,
  printBundle,
  signBundle,
  verifyBundle,
  type PolicyBundle,
} from '@socle/authorization';
import { describe, expect, it } from 'vitest';
import { NOW, POLICIES_FOLDER, findFacts, findResource } from '../support/policy-world.ts';

function buildKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    known: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const owner = buildKeys();
const attacker = buildKeys();
const right = await buildBundle(POLICIES_FOLDER, 12);

/** The bundle with a rule that lets every parent read every mark. */
function widen(bundle: PolicyBundle): PolicyBundle {
  const file = 'modules/grades/policy.csv';
  const wide = bundle.policies[file]!.replace('own_child_legal, published', 'any, published');
  expect(wide).not.toBe(bundle.policies[file]);
  return { ...bundle, policies: { ...bundle.policies, [file]: wide } };
}

/** What the policies of a bundle let a relative without authority read, when the bundle is taken at all. */
function readMarkOf(text: string, newerThan = 0): string {
  try {
    const { policies } = verifyBundle(text, [owner.known], { newerThan });
    const request = {
      subject: 'odile',
      action: 'grades.mark.read',
      resource: findResource('mark-lea'),
      environment: { now: NOW },
    };
    return openEngine(policies).decide(request, findFacts('odile')).allowed ? 'allowed' : 'denied';
  } catch (error) {
    if (error instanceof PolicyError) return error.code;
    throw error;
  }
}

describe('T-AUZ-13 a forged bundle of policies', () => {
  it('signed by another key is refused; by its owner it is taken, and denies', () => {
    expect(readMarkOf(signBundle(printBundle(widen(right)), attacker.secret))).toBe('bundle_refused');
    expect(readMarkOf(signBundle(printBundle(right), owner.secret))).toBe('denied');
  });

  it('with the signature of another one is refused', () => {
    const signed = JSON.parse(signBundle(printBundle(right), owner.secret)) as { bundle: unknown };
    expect(readMarkOf(JSON.stringify({ ...signed, bundle: widen(right) }))).toBe('bundle_refused');
    expect(readMarkOf(JSON.stringify(signed))).toBe('denied');
  });

  it('that is older and wider, though its owner signed it once, is not put back', () => {
    const older = { ...widen(right), number: 11 };
    expect(readMarkOf(signBundle(printBundle(older), owner.secret), 12)).toBe('bundle_refused');
    expect(readMarkOf(signBundle(printBundle(right), owner.secret), 11)).toBe('denied');
  });

  it('with a digest that is not that of its files is refused, even signed', () => {
    expect(readMarkOf(signBundle(printBundle(widen(right)), owner.secret))).toBe('bundle_refused');
  });
});
