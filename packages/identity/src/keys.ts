import { invariant, type Clock } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import type { Database, Tx } from '@socle/db';
import { deleteRetired, insertKey, loadKeys, lockKeys, promoteKey } from './key-store.ts';
import type { MadeKey, Signer, SigningHandle } from './signer.ts';
import type { SigningAlgorithm } from './tables.ts';

/** A signing key as it may be shown. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  /** `published`: in the JWKS, not used yet. `signing`: in use. `retiring`: in the JWKS until `retireAt`. */
  readonly status: 'published' | 'signing' | 'retiring';
  readonly publishedAt: Date;
  readonly signingFrom?: Date;
  readonly retireAt?: Date;
}

/** What a rotation did for one algorithm. */
export interface RotationStep {
  readonly alg: SigningAlgorithm;
  /** `waiting`: the published key is younger than what relying parties may cache; run it again at `readyAt`. */
  readonly step: 'published' | 'signing' | 'waiting';
  readonly kid: string;
  readonly readyAt?: Date;
}

/** Signing keys of the provider. */
export interface SigningKeys {
  list(): Promise<readonly SigningKey[]>;
  /**
   * One step of a rotation, for each algorithm or for one: publishes a new key, or, when one has been published
   * for `JWKS_CACHE_SECONDS`, signs with it and lets the former one retire. Run it twice for a whole rotation.
   */
  rotate(options?: { readonly alg?: SigningAlgorithm }): Promise<readonly RotationStep[]>;
  /** Deletes retiring keys whose last token has expired; gives their ids. */
  retire(): Promise<readonly string[]>;
  /**
   * Does what the calendar asks: retires what is due; publishes a successor for each key that has signed for
   * `ROTATION_DAYS`, and lets it sign once services could learn it. Harmless to call at any time, from several instances.
   */
  keepSchedule(): Promise<{ readonly steps: readonly RotationStep[]; readonly retired: readonly string[] }>;
}

/** Days that a key signs before its successor is published. */
const ROTATION_DAYS = 90;

/** How long relying parties may keep the JWKS: what a new key waits before it signs. */
export const JWKS_CACHE_SECONDS = 600;
/** Longest life of anything signed (ID tokens), plus clock tolerance: what an old key waits before it leaves. */
const LONGEST_SIGNED_LIFE_SECONDS = 3_660;

const ALGORITHMS: readonly SigningAlgorithm[] = ['ES256', 'RS256', 'PS256'];

interface KeysOptions {
  readonly database: Database;
  readonly audit: AuditAppender;
  readonly clock: Clock;
  readonly signer: Signer;
  readonly controller: string;
  /** Called after a change, so that this process signs with the new set at once. */
  readonly onChange: () => Promise<void>;
}

/** Opens the keys of the provider; see SigningKeys. */
export function openSigningKeys(options: KeysOptions): SigningKeys {
  const { database, clock } = options;
  const keys: SigningKeys = {
    async list() {
      const rows = await loadKeys(database);
      return rows.map((row) => ({
        kid: row.kid,
        alg: row.alg,
        status: row.status,
        publishedAt: row.published_at,
        ...(row.signing_from && { signingFrom: row.signing_from }),
        ...(row.retire_at && { retireAt: row.retire_at }),
      }));
    },
    async rotate(only) {
      const algorithms = only?.alg ? [only.alg] : ALGORITHMS;
      // RSA keys take long to make: done before the lock is held.
      const spare = new Map(
        await Promise.all(algorithms.map(async (alg) => [alg, await options.signer.createKey(alg)] as const)),
      );
      const steps = await database.transaction(
        async (tx) => {
          await lockKeys(tx);
          const done: RotationStep[] = [];
          for (const alg of algorithms) {
            const jwk = spare.get(alg);
            invariant(jwk, 'a key was made for each algorithm');
            done.push(await rotateOne(tx, options, alg, jwk));
          }
          return done;
        },
        { scope: 'all' },
      );
      await options.onChange();
      return steps;
    },
    async retire() {
      const retired = await database.transaction(
        async (tx) => {
          await lockKeys(tx);
          const rows = await deleteRetired(tx, clock.now());
          for (const row of rows) await appendKeyEvent(tx, options, 'identity.key.retired', row.kid, row.alg);
          return rows.map((row) => row.kid);
        },
        { scope: 'all' },
      );
      if (retired.length > 0) await options.onChange();
      return retired;
    },
    async keepSchedule() {
      const retired = await keys.retire();
      const rows = await loadKeys(database);
      const now = clock.now();
      const due = ALGORITHMS.filter((alg) => {
        const next = rows.find((row) => row.alg === alg && row.status === 'published');
        if (next) return later(next.published_at, JWKS_CACHE_SECONDS) <= now;
        const signer = rows.find((row) => row.alg === alg && row.status === 'signing');
        return signer?.signing_from ? later(signer.signing_from, ROTATION_DAYS * 86_400) <= now : false;
      });
      const steps: RotationStep[] = [];
      for (const alg of due) steps.push(...(await keys.rotate({ alg })));
      return { steps, retired };
    },
  };
  return keys;
}

/** Makes the first signing key of each algorithm where it is missing. Several instances may start at once. */
export async function ensureSigningKeys(options: Omit<KeysOptions, 'onChange'>): Promise<void> {
  const signers = new Set(
    (await loadKeys(options.database)).filter((key) => key.status === 'signing').map((key) => key.alg),
  );
  const missing = ALGORITHMS.filter((alg) => !signers.has(alg));
  if (missing.length === 0) return;
  const made = await Promise.all(
    missing.map(async (alg) => [alg, await options.signer.createKey(alg)] as const),
  );
  await options.database.transaction(
    async (tx) => {
      await lockKeys(tx);
      const now = options.clock.now();
      const present = new Set(
        (await loadKeys(tx)).filter((key) => key.status === 'signing').map((key) => key.alg),
      );
      for (const [alg, jwk] of made) {
        if (present.has(alg)) continue;
        await storeKey(tx, alg, jwk, 'signing', now);
        await appendKeyEvent(tx, options, 'identity.key.signing', jwk.kid, alg);
      }
    },
    { scope: 'all' },
  );
}

/** A key that the provider may sign with. */
export interface OpenedKey extends SigningHandle {
  readonly publicJwk: Readonly<Record<string, string>>;
}

/** The keys in the order in which the provider must prefer them: signing first. */
export async function openStoredKeys(database: Database, signer: Signer): Promise<readonly OpenedKey[]> {
  const rank = { signing: 0, published: 1, retiring: 2 } as const;
  const rows = [...(await loadKeys(database))].sort((a, b) => rank[a.status] - rank[b.status]);
  return rows.map((row) => ({
    publicJwk: row.public_jwk,
    sign: signer.openKey({
      kid: row.kid,
      alg: row.alg,
      publicJwk: row.public_jwk,
      handle: row.sealed_private,
    }).sign,
  }));
}

async function rotateOne(
  tx: Tx,
  options: KeysOptions,
  alg: SigningAlgorithm,
  spare: MadeKey,
): Promise<RotationStep> {
  const now = options.clock.now();
  const published = (await loadKeys(tx)).find((key) => key.alg === alg && key.status === 'published');
  if (!published) {
    await storeKey(tx, alg, spare, 'published', now);
    await appendKeyEvent(tx, options, 'identity.key.published', spare.kid, alg);
    return { alg, step: 'published', kid: spare.kid, readyAt: later(now, JWKS_CACHE_SECONDS) };
  }
  const readyAt = later(published.published_at, JWKS_CACHE_SECONDS);
  if (readyAt > now) return { alg, step: 'waiting', kid: published.kid, readyAt };
  await promoteKey(tx, { kid: published.kid, alg, now, retireAt: later(now, LONGEST_SIGNED_LIFE_SECONDS) });
  await appendKeyEvent(tx, options, 'identity.key.signing', published.kid, alg);
  return { alg, step: 'signing', kid: published.kid };
}

async function storeKey(
  tx: Tx,
  alg: SigningAlgorithm,
  key: MadeKey,
  status: 'published' | 'signing',
  now: Date,
): Promise<void> {
  await insertKey(tx, {
    kid: key.kid,
    alg,
    status,
    public_jwk: JSON.stringify(key.publicJwk),
    sealed_private: key.handle,
    published_at: now,
    signing_from: status === 'signing' ? now : null,
    retire_at: null,
  });
}

async function appendKeyEvent(
  tx: Tx,
  options: Pick<KeysOptions, 'audit' | 'controller'>,
  action: string,
  kid: string,
  alg: SigningAlgorithm,
): Promise<void> {
  await options.audit.append(tx, {
    controller: options.controller,
    actor: { kind: 'system', id: 'identity' },
    action,
    target: { kind: 'signing-key', id: kid },
    outcome: 'success',
    detail: { alg },
  });
}

function later(instant: Date, seconds: number): Date {
  return new Date(instant.getTime() + seconds * 1000);
}
