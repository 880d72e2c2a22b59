import {
  acceptBundle,
  buildBundle,
  checkCandidate,
  printBundle,
  printDelivery,
  PolicyError,
  signBundle,
  verifyBundle,
  type BundleInForce,
} from '@socle/authorization';
import type { Audit, NewEvent } from '@socle/audit';
import type { Clock } from '@socle/base';
import type { Database } from '@socle/db';
import type { BundleKey } from './bundle-key.ts';
import {
  findBundle,
  findDigest,
  loadPoliciesInForce,
  lockPoliciesInForce,
  putInForce,
  type StoredPolicies,
} from './store.ts';

/** What publishing needs. */
export interface Publisher {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Signs the policies of a folder. */
  readonly key: BundleKey;
  /** Public keys, PEM, of those who may sign bundles and rollbacks beside the installation itself. */
  readonly trustedPems: readonly string[];
  readonly actor: NewEvent['actor'];
  /** Worlds in which policies must decide as Casbin does before they may be in force. Default 100 000. */
  readonly worlds?: number;
}

const WORLDS = 100_000;

/**
 * Puts the policies of a folder in force, signed by the installation, when they load, pass their own tests and decide
 * as Casbin does. The same policies as those in force change nothing, nor does a folder that was rolled back from.
 * Where their owner published a bundle signed by a key of their own, the folder is not read.
 *
 * @throws PolicyError: the policies in force stay; the refusal is in the log.
 */
export async function publishFolder(
  publisher: Publisher,
  folder: string,
  options: { readonly decisions?: number; readonly withTests?: boolean } = {},
): Promise<number> {
  return told(publisher, async () => {
    const { database } = publisher;
    const inForce = await loadPoliciesInForce(database);
    if (inForce !== undefined && !isOwn(publisher, inForce)) return inForce.number;
    const bundle = await buildBundle(folder, (inForce?.highest ?? 0) + 1);
    if (inForce?.digest === bundle.digest) return inForce.number;
    // What a rollback left does not come back because somebody starts the service again.
    if (inForce?.rollback && (await findDigest(database, inForce.highest)) === bundle.digest)
      return inForce.number;
    const signed = signBundle(printBundle(bundle), publisher.key.privatePem);
    const testsFolder = options.withTests === false ? {} : { testsFolder: folder };
    return publish(publisher, printDelivery(signed), { decisions: options.decisions, ...testsFolder });
  });
}

/** Puts a signed bundle in force, under the same checks. @throws PolicyError */
export async function publishBundle(publisher: Publisher, signedBundle: string): Promise<number> {
  return told(publisher, () => publish(publisher, printDelivery(signedBundle), {}));
}

/** Goes back to an older bundle that was in force, as a signed statement says. @throws PolicyError */
export async function publishRollback(
  publisher: Publisher,
  to: number,
  signedRollback: string,
): Promise<number> {
  return told(publisher, async () => {
    const bundle = await findBundle(publisher.database, to);
    if (bundle === undefined) {
      const instead = 'the number of a bundle that was published';
      throw new PolicyError('bundle_refused', [
        { file: 'the rollback', line: 0, problem: 'no bundle has that number', instead },
      ]);
    }
    return publish(publisher, printDelivery(bundle, signedRollback), {});
  });
}

/** Whether the installation itself signed what is in force. */
function isOwn({ key }: Publisher, inForce: StoredPolicies): boolean {
  try {
    verifyBundle(inForce.bundle, [key.publicPem]);
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

async function publish(
  { database, audit, clock, key, trustedPems, actor, worlds = WORLDS }: Publisher,
  delivery: string,
  checks: { readonly decisions?: number | undefined; readonly testsFolder?: string },
): Promise<number> {
  const pems = [key.publicPem, ...trustedPems];
  const before = await loadPoliciesInForce(database);
  const candidate = acceptBundle(delivery, pems, before);
  const { decisions = worlds, testsFolder } = checks;
  const compared = await checkCandidate(candidate.policies, {
    decisions,
    seed: candidate.number,
    ...(testsFolder === undefined ? {} : { testsFolder }),
  });
  return database.transaction(
    async (tx) => {
      // Again, under the lock: another instance may have been first.
      const inForce = await lockPoliciesInForce(tx);
      const accepted = acceptBundle(delivery, pems, inForce);
      await putInForce(tx, describe(accepted, delivery), clock.now());
      const { number, policies } = accepted;
      const isRollback = number < accepted.highest;
      const detail = { number, digest: policies.digest, previous: inForce?.number ?? 0 };
      await audit.append(tx, {
        controller: 'platform',
        actor,
        action: isRollback ? 'service.policies.rolled_back' : 'service.policies.activated',
        outcome: 'success',
        detail: isRollback ? detail : { ...detail, decisions: compared },
      });
      return number;
    },
    { scope: 'all' },
  );
}

function describe({ number, highest, policies }: BundleInForce, delivery: string) {
  const { bundle, rollback } = JSON.parse(delivery) as { bundle: unknown; rollback?: unknown };
  return {
    number,
    highest,
    digest: policies.digest,
    bundle: JSON.stringify(bundle),
    rollback: rollback === undefined ? null : JSON.stringify(rollback),
  };
}

/** Puts a refusal in the log before it is given on. */
async function told(publisher: Publisher, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PolicyError) await logRefusal(publisher, error);
    throw error;
  }
}

async function logRefusal(
  { database, audit, actor }: Publisher,
  { code, problems }: PolicyError,
): Promise<void> {
  const inForce = await loadPoliciesInForce(database);
  await database.transaction(
    (tx) =>
      audit.append(tx, {
        controller: 'platform',
        actor,
        action: 'service.policies.refused',
        outcome: 'denied',
        detail: { code, problems: problems.length, inForce: inForce?.number ?? 0 },
      }),
    { scope: 'all' },
  );
}
