import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ServiceError } from '../errors.ts';

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/**
 * The public keys of those who may sign policies, from a file of PEM blocks; none without a file.
 *
 * @throws ServiceError `configuration_refused` when it cannot be read, or holds no Ed25519 public key or another key.
 */
export async function loadTrustedPems(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return [];
  const text = await readFile(file, 'utf8').catch(() => '');
  const pems = text.match(PEM) ?? [];
  if (pems.length === 0 || !pems.every(isEd25519)) {
    throw new ServiceError('configuration_refused', {
      status: 400,
      publicMessage:
        'SOCLE_POLICY_KEYS_FILE must hold Ed25519 public keys in PEM (openssl pkey -pubout), and no other.',
    });
  }
  return pems;
}

function isEd25519(pem: string): boolean {
  try {
    return createPublicKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
