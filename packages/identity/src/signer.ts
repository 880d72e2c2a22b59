import { createPrivateKey, generateKeyPair, randomUUID, sign as signWith, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { invariant } from '@socle/base';
import { openPrivateKey, sealPrivateKey } from './sealed-key.ts';
import type { SigningAlgorithm } from './tables.ts';

/** A new signing key as a signer made it. */
export interface MadeKey {
  readonly kid: string;
  /** The public half: `kid`, `alg` and `use` included. */
  readonly publicJwk: Readonly<Record<string, string>>;
  /** What the signer wants to be given back to sign; stored beside the public key. It may be a mere name. */
  readonly handle: Buffer;
}

/**
 * Where signing keys live. The default keeps them sealed in the database; an HSM or a key service takes its place
 * with these two methods. A template to fill in:
 * ```ts
 * const hsm: Signer = {
 *   async createKey(alg) {
 *     const label = await module.generate(alg);
 *     return { kid: label, publicJwk: await module.publicJwk(label), handle: Buffer.from(label) };
 *   },
 *   openKey: (key) => ({ sign: (data) => module.sign(key.handle.toString(), key.alg, data) }),
 * };
 * ```
 */
export interface Signer {
  createKey(alg: SigningAlgorithm): Promise<MadeKey>;
  /**
   * Makes a stored key ready to sign.
   * @throws when the key cannot be opened; the service then does not start.
   */
  openKey(key: StoredSigningKey): SigningHandle;
}

/** A key as it is stored. */
export interface StoredSigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly handle: Buffer;
}

/** An opened key. */
export interface SigningHandle {
  /** The signature in the form of JWS (RFC 7518 §3.3 to §3.5): for ES256 the two numbers, one after the other. */
  sign(data: Uint8Array): Promise<Buffer>;
}

const makeKeyPair = promisify(generateKeyPair);

/** Signs with node:crypto under one algorithm. */
function signBytes(alg: SigningAlgorithm, key: KeyObject, data: Uint8Array): Buffer {
  if (alg === 'ES256') return signWith('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg === 'RS256') return signWith('sha256', data, key);
  return signWith('sha256', data, { key, padding: 6, saltLength: 32 });
}

/** Makes a key pair for one algorithm. */
async function makeSigningPair(
  alg: SigningAlgorithm,
): Promise<{ kid: string; privateJwk: Record<string, string>; publicJwk: Record<string, string> }> {
  const { privateKey } =
    alg === 'ES256'
      ? await makeKeyPair('ec', { namedCurve: 'P-256' })
      : await makeKeyPair('rsa', { modulusLength: 2048 });
  const kid = randomUUID();
  const privateJwk = {
    ...(privateKey.export({ format: 'jwk' }) as Record<string, string>),
    kid,
    alg,
    use: 'sig',
  };
  const {
    d: _d,
    p: _p,
    q: _q,
    dp: _dp,
    dq: _dq,
    qi: _qi,
    ...publicJwk
  } = privateJwk as Record<string, string>;
  return { kid, privateJwk, publicJwk };
}

/** The default: private keys sealed with AES-256-GCM under the master key (sealed-key.ts). */
export function buildSealedSigner(wrappingKey: Buffer): Signer {
  return {
    async createKey(alg) {
      const { kid, privateJwk, publicJwk } = await makeSigningPair(alg);
      return { kid, publicJwk, handle: sealPrivateKey(wrappingKey, kid, privateJwk) };
    },
    openKey({ kid, alg, handle }) {
      const jwk = openPrivateKey(wrappingKey, kid, handle);
      invariant(jwk['kid'] === kid, 'a sealed key opens under its own name');
      const key = createPrivateKey({ key: jwk, format: 'jwk' });
      return { sign: async (data) => signBytes(alg, key, data) };
    },
  };
}
