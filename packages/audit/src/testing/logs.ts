import { generateKeyPairSync, sign } from 'node:crypto';
import { buildVerifierKey, type NoteSigner } from '../checkpoint.ts';

/** The origin of logs in tests. */
export const TEST_ORIGIN = 'audit.exemple.fr/essai';

/** A signer with a fresh key that lives in memory. */
export function buildTestSigner(name = TEST_ORIGIN): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    keyName: name,
    verifierKey: buildVerifierKey(name, publicKey),
    sign: (message) => sign(null, message, privateKey),
  };
}
