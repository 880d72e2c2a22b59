import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@socle/base';
import { buildPolicies, loadPolicyTexts, type Policies } from '../load-policies.ts';
import { nameKey, parseJson, refuseBundle, requireEd25519, requireMembers } from './signatures.ts';

/** A set of policies that travels as one text: canonical, numbered, and signed once its owner agreed. */
export interface PolicyBundle {
  readonly format: 'socle-policies/1';
  /** Grows with each bundle: one that is not newer than the one in force is refused. */
  readonly number: number;
  readonly digest: string;
  readonly model: string;
  readonly vocabulary: string;
  /** Each policy file by its path. */
  readonly policies: Readonly<Record<string, string>>;
}

/** A bundle with the signature over its canonical JSON. */
interface SignedBundle {
  readonly bundle: PolicyBundle;
  /** Ed25519, base64url. */
  readonly signature: string;
  /** SHA-256, hexadecimal, of the public key: which one to look for, never a proof. */
  readonly key: string;
}

/** Builds the bundle of a policies folder, which must load. @throws PolicyError */
export async function buildBundle(folder: string, number: number): Promise<PolicyBundle> {
  if (!Number.isSafeInteger(number) || number < 1)
    throw refuseBundle('its number is not a whole number from 1');
  const texts = await loadPolicyTexts(folder);
  const { digest } = buildPolicies(texts);
  return {
    format: 'socle-policies/1',
    number,
    digest,
    model: texts.model,
    vocabulary: texts.vocabulary,
    policies: Object.fromEntries(texts.policies),
  };
}

/** The one text of a bundle: what is signed, and what is stored. */
export function printBundle(bundle: PolicyBundle): string {
  return canonicalJson(bundle as unknown as JsonValue);
}

/** Signs the text of a bundle with an Ed25519 private key in PEM. @throws PolicyError `bundle_refused` */
export function signBundle(text: string, privateKeyPem: string): string {
  const key = requireEd25519(createPrivateKey(privateKeyPem));
  const bundle = readBundle(parseJson(text));
  const signature = sign(null, Buffer.from(printBundle(bundle)), key).toString('base64url');
  const signed = { bundle, signature, key: nameKey(createPublicKey(key)) };
  return canonicalJson(signed as unknown as JsonValue);
}

/**
 * Verifies a signed bundle and loads its policies through the strict front end.
 *
 * @param newerThan the number of the bundle in force: this one must be greater.
 * @throws PolicyError `bundle_refused` when no key given signed it, when it was changed, when it is not newer or names
 *   another digest than its files have; `policy_refused` when its policies are.
 */
export function verifyBundle(
  text: string,
  publicKeysPem: readonly string[],
  options: { readonly newerThan?: number } = {},
): { readonly bundle: PolicyBundle; readonly policies: Policies } {
  const signed = readSigned(parseJson(text));
  const keys = publicKeysPem.map((pem) => requireEd25519(createPublicKey(pem)));
  const key = keys.find((candidate) => nameKey(candidate) === signed.key);
  if (key === undefined) throw refuseBundle('it is not signed by a key that is known');
  const bytes = Buffer.from(printBundle(signed.bundle));
  if (!verify(null, bytes, key, Buffer.from(signed.signature, 'base64url')))
    throw refuseBundle('its signature is not over what it holds');
  if (signed.bundle.number <= (options.newerThan ?? 0))
    throw refuseBundle('it is not newer than the one in force');
  const { model, vocabulary } = signed.bundle;
  const policies = buildPolicies({
    model,
    vocabulary,
    policies: new Map(Object.entries(signed.bundle.policies)),
  });
  if (policies.digest !== signed.bundle.digest) throw refuseBundle('its digest is not that of its files');
  return { bundle: signed.bundle, policies };
}

function readSigned(value: unknown): SignedBundle {
  const signed = requireMembers(value, ['bundle', 'key', 'signature']);
  const { bundle, signature, key } = signed;
  if (typeof signature !== 'string' || typeof key !== 'string') throw refuseBundle('it is not signed');
  return { bundle: readBundle(bundle), signature, key };
}

function readBundle(value: unknown): PolicyBundle {
  const bundle = requireMembers(value, ['digest', 'format', 'model', 'number', 'policies', 'vocabulary']);
  const { policies } = bundle;
  const whole =
    bundle['format'] === 'socle-policies/1' &&
    Number.isSafeInteger(bundle['number']) &&
    typeof bundle['digest'] === 'string' &&
    typeof bundle['model'] === 'string' &&
    typeof bundle['vocabulary'] === 'string' &&
    typeof policies === 'object' &&
    policies !== null &&
    Object.values(policies).every((text) => typeof text === 'string');
  if (!whole) throw refuseBundle('it is not a bundle of this format');
  return bundle as unknown as PolicyBundle;
}
