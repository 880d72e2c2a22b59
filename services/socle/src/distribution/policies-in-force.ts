import {
  acceptBundle,
  openEngine,
  PolicyError,
  printDelivery,
  signRollback,
  type BundleInForce,
  type Engine,
  type EngineOptions,
} from '@socle/authorization';
import { isSocleError, type Log } from '@socle/base';
import { publishBundle, publishFolder, publishRollback, type Publisher } from './publish.ts';
import { loadPoliciesInForce } from './store.ts';

/** The policies by which this instance decides. They change while it runs; what cannot be taken leaves them as they are. */
export interface PoliciesInForce {
  /** Decides by what is in force at the moment of the question. */
  readonly engine: Engine;
  readonly number: number;
  /** What modules are given: the signed bundle, and the rollback that led to it. */
  readonly delivery: string;
  /** Public keys, PEM, by which a bundle of this installation is signed. */
  readonly publicPems: readonly string[];
  /** Refusals since the start, and whether the last attempt was one: what an alarm looks at. */
  readonly refusals: { readonly count: number; readonly alarmed: boolean };
  /** Reads the folder again. @throws PolicyError with every problem: what is in force stays. */
  reload(): Promise<number>;
  /** Puts a bundle in force that its owner signed. @throws PolicyError: what is in force stays. */
  publish(signedBundle: string): Promise<number>;
  /** Goes back to an older bundle, by a signed statement; without one, the installation signs it. @throws PolicyError */
  rollBack(to: number, signedRollback?: string): Promise<number>;
  /** Takes what another instance or the command line put in force. Never throws. */
  follow(): Promise<void>;
}

export interface PoliciesOptions extends Publisher {
  readonly folder: string;
  readonly log: Log;
  readonly engine: EngineOptions;
}

/** Worlds compared with Casbin before the policies of the folder decide for the first time; 100 000 when they change. */
const DECISIONS_AT_START = 5_000;

/**
 * Opens the policies in force: those of the database; those of the folder where the folder is newer. A folder that is
 * refused stops an installation that has no policies yet, and no other.
 *
 * @throws PolicyError, DbError.
 */
export async function openPoliciesInForce(options: PoliciesOptions): Promise<PoliciesInForce> {
  const { database, folder, log, key, trustedPems } = options;
  const publicPems = [key.publicPem, ...trustedPems];
  let count = 0;
  let alarmed = false;
  const refuse = (error: PolicyError): void => {
    count += 1;
    alarmed = true;
    for (const { file, line, problem, instead } of error.problems)
      log.error({ file, line, problem, instead }, 'policies refused; those in force stay');
  };
  try {
    await publishFolder(options, folder, {
      decisions: Math.min(DECISIONS_AT_START, options.worlds ?? DECISIONS_AT_START),
      withTests: false,
    });
  } catch (error) {
    if (!(error instanceof PolicyError) || (await loadPoliciesInForce(database)) === undefined) throw error;
    refuse(error);
  }
  const take = async (inForce?: BundleInForce): Promise<{ accepted: BundleInForce; delivery: string }> => {
    const stored = (await loadPoliciesInForce(database))!;
    const delivery = printDelivery(stored.bundle, stored.rollback ?? undefined);
    // At the start nothing is known to be newer: the signature alone is judged.
    const known = inForce ?? { number: stored.highest, highest: stored.rollback ? stored.highest : 0 };
    return { accepted: acceptBundle(delivery, publicPems, known), delivery };
  };
  let current = await take();
  let engine = openEngine(current.accepted.policies, options.engine);

  async function follow(): Promise<void> {
    try {
      const stored = await loadPoliciesInForce(database);
      if (stored === undefined || stored.number === current.accepted.number) return;
      const next = await take(current.accepted);
      engine = openEngine(next.accepted.policies, options.engine);
      current = next;
      alarmed = false;
    } catch (error) {
      if (error instanceof PolicyError) refuse(error);
      else log.warn({ code: isSocleError(error) ? error.code : 'internal' }, 'policies could not be read');
    }
  }

  async function change(publish: () => Promise<number>): Promise<number> {
    try {
      const number = await publish();
      alarmed = false;
      await follow();
      return number;
    } catch (error) {
      if (error instanceof PolicyError) refuse(error);
      throw error;
    }
  }

  return {
    engine: {
      get policies() {
        return engine.policies;
      },
      get form() {
        return engine.form;
      },
      decide: (request, facts) => engine.decide(request, facts),
    },
    get number() {
      return current.accepted.number;
    },
    get delivery() {
      return current.delivery;
    },
    publicPems,
    get refusals() {
      return { count, alarmed };
    },
    reload: () => change(() => publishFolder(options, folder)),
    publish: (signedBundle) => change(() => publishBundle(options, signedBundle)),
    rollBack: (to, signedRollback) =>
      change(async () => {
        const from = (await loadPoliciesInForce(database))!.highest;
        return publishRollback(options, to, signedRollback ?? signRollback({ from, to }, key.privatePem));
      }),
    follow,
  };
}
