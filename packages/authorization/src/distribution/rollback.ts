import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@socle/base';
import { nameKey, parseJson, refuseBundle, requireEd25519, requireMembers } from './signatures.ts';

/** The order to go back to an older bundle: the only thing with which one is taken. */
export interface RollbackStatement {
  readonly format: 'socle-rollback/1';
  /** The number of the bundle that is left. */
  readonly from: number;
  /** The number of the older bundle that is to be in force again. */
  readonly to: number;
}

/** Signs a rollback with an Ed25519 private key in PEM. @throws PolicyError `bundle_refused` */
export function signRollback(
  numbers: { readonly from: number; readonly to: number },
  privateKeyPem: string,
): string {
  const key = requireEd25519(createPrivateKey(privateKeyPem));
  const statement = checkStatement({ format: 'socle-rollback/1', from: numbers.from, to: numbers.to });
  const signature = sign(null, readBytes(statement), key).toString('base64url');
  return canonicalJson({ statement, signature, key: nameKey(createPublicKey(key)) } as unknown as JsonValue);
}

/**
 * Verifies a rollback that one of the keys signed.
 *
 * @throws PolicyError `bundle_refused` when none did, when it was changed, or when it does not go back.
 */
export function verifyRollback(text: string, publicKeysPem: readonly string[]): RollbackStatement {
  const {
    statement,
    signature,
    key: name,
  } = requireMembers(parseJson(text), ['key', 'signature', 'statement']);
  if (typeof signature !== 'string' || typeof name !== 'string')
    throw refuseBundle('its rollback is not signed');
  const checked = checkStatement(requireMembers(statement, ['format', 'from', 'to']));
  const key = publicKeysPem
    .map((pem) => requireEd25519(createPublicKey(pem)))
    .find((candidate) => nameKey(candidate) === name);
  if (key === undefined) throw refuseBundle('its rollback is not signed by a key that is known');
  if (!verify(null, readBytes(checked), key, Buffer.from(signature, 'base64url')))
    throw refuseBundle('the signature of its rollback is not over what it says');
  return checked;
}

function readBytes(statement: RollbackStatement): Buffer {
  return Buffer.from(canonicalJson(statement as unknown as JsonValue));
}

function checkStatement(value: Readonly<Record<string, unknown>> | RollbackStatement): RollbackStatement {
  const { format, from, to } = value as RollbackStatement;
  const goesBack = Number.isSafeInteger(from) && Number.isSafeInteger(to) && to >= 1 && to < from;
  if (format !== 'socle-rollback/1' || !goesBack) throw refuseBundle('its rollback does not go back');
  return { format, from, to };
}
