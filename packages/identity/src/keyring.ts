import type { JWK } from 'jose';
import type { Log } from '@socle/base';
import type { Database } from '@socle/db';
import { loadModuleScopes } from './client-store.ts';
import { loadKeys } from './key-store.ts';
import { openStoredKeys, type OpenedKey } from './keys.ts';
import type { Signer } from './signer.ts';
import type { ProviderGate } from './provider-gate.ts';

/** The provider that signs with the present keys. */
export interface Keyring {
  gate(): ProviderGate;
  /** Public halves of all keys, those about to sign and those about to leave included. */
  publicKeys(): readonly JWK[];
  /** Reads keys and module scopes again; builds a new provider when they changed. Requests in flight end on the old one. */
  reload(): Promise<void>;
  close(): void;
}

const POLL_MS = 15_000;

/** Opens the keyring and looks for keys that another instance rotated every 15 s (JWKS_CACHE_SECONDS is far longer). */
export async function openKeyring(options: {
  readonly database: Database;
  readonly signer: Signer;
  readonly log: Log;
  readonly build: (keys: readonly OpenedKey[], moduleScopes: readonly string[]) => ProviderGate;
}): Promise<Keyring> {
  let version = '';
  let current: ProviderGate | undefined;
  let publicKeys: readonly JWK[] = [];

  async function reload(): Promise<ProviderGate> {
    const rows = await loadKeys(options.database);
    const scopes = await loadModuleScopes(options.database);
    const next = [...rows.map((row) => `${row.kid} ${row.status}`), ...scopes].join(';');
    if (current && next === version) return current;
    const keys = await openStoredKeys(options.database, options.signer);
    current = options.build(keys, scopes);
    publicKeys = rows.map((row) => row.public_jwk);
    version = next;
    return current;
  }

  let latest = await reload();
  const refresh = async () => {
    latest = await reload();
  };
  const timer = setInterval(() => {
    refresh().catch(() => options.log.warn({}, 'the signing keys could not be read; the present ones stay'));
  }, POLL_MS).unref();

  return {
    gate: () => latest,
    publicKeys: () => publicKeys,
    reload: refresh,
    close: () => clearInterval(timer),
  };
}
