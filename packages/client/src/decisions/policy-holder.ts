import { acceptBundle, openEngine, type BundleInForce, type Engine } from '@socle/authorization';
import { isSocleError, type Clock, type Log } from '@socle/base';
import { z } from 'zod';
import type { ModuleDatabase } from '../module/module-database.ts';
import { invalidAnswer, refusedModule, type Http } from '../socle/http.ts';
import { keepPolicies, loadKeptPolicies } from './policy-store.ts';

/** The policies by which this process decides. */
export interface PolicyHolder {
  /** The engine and the number of its bundle; undefined until a bundle was taken. */
  readonly current: { readonly engine: Engine; readonly number: number } | undefined;
  /** Deliveries that were refused since the start. What was in force stayed. */
  readonly refused: number;
  /** Loads the last good bundle that was kept. A bundle that is damaged is not taken. */
  loadKept(): Promise<void>;
  /**
   * Fetches the socle's bundle and takes it when it is rightly signed and newer, or older with a signed rollback.
   *
   * @returns true when another bundle is in force now. @throws ClientError when the socle does not answer.
   */
  refresh(): Promise<boolean>;
}

export interface PolicyHolderOptions {
  readonly issuer: string;
  readonly http: Http;
  readonly database: ModuleDatabase;
  readonly clock: Clock;
  readonly log: Log;
  /** Public keys, PEM: when given, no other key is ever trusted. Default: those that the issuer publishes. */
  readonly pinnedKeys: readonly string[] | undefined;
}

const keysSchema = z.object({ keys: z.array(z.string().max(2_000)).min(1).max(16) });

export function openPolicyHolder(options: PolicyHolderOptions): PolicyHolder {
  const { http, database, clock, log, pinnedKeys } = options;
  const base = options.issuer.replace(/\/$/, '');
  let inForce: BundleInForce | undefined;
  let current: PolicyHolder['current'];
  let refused = 0;

  const take = (accepted: BundleInForce): void => {
    inForce = accepted;
    current = { engine: openEngine(accepted.policies), number: accepted.number };
  };
  const noteRefusal = (error: unknown): void => {
    refused += 1;
    const code = isSocleError(error) ? error.code : 'internal';
    log.error({ code }, 'a bundle of policies was refused; the one in force stays');
  };

  async function loadKeys(): Promise<readonly string[]> {
    if (pinnedKeys !== undefined) return pinnedKeys;
    const answer = await http.request({ method: 'GET', url: new URL(`${base}/policies/keys`) });
    if (answer.status !== 200) throw refusedModule(answer);
    const parsed = keysSchema.safeParse(answer.body);
    if (!parsed.success) throw invalidAnswer('policy_keys');
    return parsed.data.keys;
  }

  return {
    get current() {
      return current;
    },
    get refused() {
      return refused;
    },
    async loadKept() {
      const kept = await loadKeptPolicies(database);
      if (kept === undefined) return;
      try {
        const keys = pinnedKeys ?? kept.publicKeys;
        // Its own number is no reason to refuse it; a rollback that led to it is verified with it.
        const known = { number: kept.highest + 1, highest: kept.number === kept.highest ? 0 : kept.highest };
        take({ ...acceptBundle(kept.delivery, keys, known), highest: kept.highest });
      } catch (error) {
        noteRefusal(error);
      }
    },
    async refresh() {
      const answer = await http.request({ method: 'GET', url: new URL(`${base}/policies/bundle`) });
      if (answer.status !== 200) throw refusedModule(answer);
      const publicKeys = await loadKeys();
      const delivery = JSON.stringify(answer.body ?? null);
      const offered = (answer.body as { bundle?: { bundle?: { number?: unknown } } } | undefined)?.bundle
        ?.bundle?.number;
      if (offered === inForce?.number && offered !== undefined) return false;
      try {
        take(acceptBundle(delivery, publicKeys, inForce));
      } catch (error) {
        noteRefusal(error);
        return false;
      }
      const { number, highest } = inForce!;
      await keepPolicies(database, { number, highest, delivery, publicKeys }, clock.now());
      return true;
    },
  };
}
