import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildBundle, printBundle, signBundle, verifyBundle } from './bundle.ts';
import { PolicyError } from '../errors.ts';
import { loadPolicies } from '../load-policies.ts';
import { POLICIES_FOLDER } from '../testing/small-policies.ts';

function buildKeys(): { readonly secret: string; readonly known: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    known: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const owner = buildKeys();
const stranger = buildKeys();
const unsigned = printBundle(await buildBundle(POLICIES_FOLDER, 7));
const signed = signBundle(unsigned, owner.secret);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof PolicyError) return `${error.code}: ${error.problems[0]!.problem}`;
    throw error;
  }
  return 'accepted';
}

describe('a bundle of policies', () => {
  it.each([
    ['not signed', unsigned, /does not hold bundle, key, signature/],
    ['signed by a stranger', signBundle(unsigned, stranger.secret), /not signed by a key that is known/],
    [
      'changed in a rule',
      signed.replace('suspended, deny', 'suspended, allow'),
      /signature is not over what it holds/,
    ],
    [
      'changed in its number',
      signed.replace('"number":7', '"number":8'),
      /signature is not over what it holds/,
    ],
    ['cut short', signed.slice(0, -20), /not JSON/],
    ['with something more', signed.replace('{"bundle"', '{"a":1,"bundle"'), /nothing else/],
    [
      'with the name of another key',
      signed.replace(/"key":"[0-9a-f]{64}"/, `"key":"${'0'.repeat(64)}"`),
      /known/,
    ],
    [
      'of another format',
      signed.replace('socle-policies/1', 'socle-policies/2'),
      /not a bundle of this format/,
    ],
  ])('%s is refused', (_what, text, why) => {
    expect(text).not.toBe(signed);
    expect(refusal(() => verifyBundle(text, [owner.known]))).toMatch(why);
  });

  it('that is older than the one in force, or the same, is refused; a newer one is not', () => {
    expect(refusal(() => verifyBundle(signed, [owner.known], { newerThan: 8 }))).toMatch(/not newer/);
    expect(refusal(() => verifyBundle(signed, [owner.known], { newerThan: 7 }))).toMatch(/not newer/);
    expect(verifyBundle(signed, [owner.known], { newerThan: 6 }).bundle.number).toBe(7);
  });

  it('that is well signed over policies that the front end refuses, or a wrong digest, is refused', async () => {
    const bundle = await buildBundle(POLICIES_FOLDER, 7);
    const typo = {
      ...bundle,
      policies: {
        ...bundle.policies,
        'cross/deny.csv': 'p, DNY-001, anyone, school, *, *, any, suspended, dney',
      },
    };
    const digest = { ...bundle, digest: '0'.repeat(64) };
    const verifySigned = (wrong: typeof bundle) => (): unknown =>
      verifyBundle(signBundle(printBundle(wrong), owner.secret), [owner.known]);
    expect(refusal(verifySigned(typo))).toMatch(/^policy_refused: effect "dney"/);
    expect(refusal(verifySigned(digest))).toMatch(/digest is not that of its files/);
    expect(refusal(verifySigned(bundle))).toBe('accepted');
  });

  it('gives the policies of the folder, and the same text each time', async () => {
    const { policies } = verifyBundle(signed, [stranger.known, owner.known]);
    expect(policies.digest).toBe((await loadPolicies(POLICIES_FOLDER)).digest);
    expect(printBundle(await buildBundle(POLICIES_FOLDER, 7))).toBe(unsigned);
  });

  it.each([0, -1, 1.5, Number.NaN])('is not built with the number %s', async (number) => {
    await expect(buildBundle(POLICIES_FOLDER, number)).rejects.toMatchObject({ code: 'bundle_refused' });
  });

  it('is not signed by a key of another kind', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusal(() => signBundle(unsigned, pem))).toMatch(/not an Ed25519 key/);
  });
});
