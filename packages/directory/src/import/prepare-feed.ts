import { isSocleError } from '@socle/base';
import type { Tx } from '@socle/db';
import { openContent, type ReadContent } from '../content/content-sum.ts';
import { stageDelta } from '../delta/stage-delta.ts';
import { refuse } from '../errors.ts';
import { loadAcademies } from '../schools/schools.ts';
import { checkStaged } from './check-staged.ts';
import { digestFeed, type Feed } from './feed-folder.ts';
import { openFindings, type Findings } from './findings.ts';
import { guardFeed, type ConfirmGuarded } from './guard-feed.ts';
import { requireInOrder } from './import-ledger.ts';
import { openRunner, type Plan, type RunOptions } from './plan.ts';
import { stageFeed } from './stage-feed.ts';

/**
 * Reads the feed of one degree into the staging tables and checks it; applies nothing. `written` gets the numbers of the
 * transactions that this plan writes in.
 *
 * @throws DirectoryError as importAaf; the refusal is logged.
 */
export async function prepareFeed(
  feed: Feed,
  expectedDigest: string | undefined,
  options: RunOptions,
  written: Set<string>,
): Promise<Plan> {
  const run = openRunner(feed, options, 'aaf', written);
  const content = feed.kind === 'complete' ? openContent() : undefined;
  const findings = openFindings();
  let academyCode = options.academy;
  let digest = expectedDigest;
  try {
    const staged = await run((tx) => stage(tx, feed, { digest: expectedDigest, findings, content }, options));
    const code = staged.academyCode;
    ({ academyCode, digest } = staged);
    options.observer.onPrepared({ academyCode: code, digest: staged.digest });
    const guarded = await run(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      await requireKnownAcademy(tx, code, options);
      await requireInOrder(tx, feed, { academyCode: code, now: options.clock.now() });
      if (feed.kind === 'delta') await stageDelta(tx, { feed, academyCode: code, findings });
      await checkStaged(tx, { academyCode: code, findings, at: options.clock.now() });
      return guardFeed(tx, {
        ...staged,
        keySpace: code,
        feed,
        force: mayForce(options),
        onGuarded: options.observer.onGuarded,
      });
    });
    options.log.info({ degree: feed.degree, refused: findings.refused }, 'the feed is read and checked');
    return {
      feed,
      digest: staged.digest,
      academyCode: code,
      findings,
      run,
      ...(content ? { content } : {}),
      ...(guarded ? { guarded } : {}),
    };
  } catch (error) {
    if (isSocleError(error) && error.kind === 'refusal' && !options.dryRun) {
      const refused = digest ?? (await digestFeed(feed));
      await run((tx) => logRefusal(tx, error.code, refused, academyCode, options));
    }
    throw error;
  }
}

/** A dry run with force needs nobody's word: it changes nothing. */
export const mayForce = ({
  force = false,
  dryRun,
}: Pick<RunOptions, 'force' | 'dryRun'>): boolean | ConfirmGuarded =>
  dryRun === true && force !== false ? true : force;

/** A refusal is logged in the name of the academy it is about, where that one is known here. */
export async function logRefusal(
  tx: Tx,
  code: string,
  digest: string,
  academyCode: string | undefined,
  options: Pick<RunOptions, 'audit'>,
): Promise<void> {
  const academies = await loadAcademies(tx);
  const academy = academies.find((each) => each.code === academyCode) ?? academies[0];
  if (!academy) return;
  await options.audit.append(tx, {
    controller: academy.controller,
    actor: { kind: 'system', id: 'import' },
    action: 'directory.import.refused',
    target: { kind: 'academy', id: academy.id },
    outcome: 'denied',
    reason: code,
    detail: { digest },
  });
}

async function stage(
  tx: Tx,
  feed: Feed,
  reading: {
    readonly digest: string | undefined;
    readonly findings: Findings;
    readonly content: ReadContent | undefined;
  },
  options: RunOptions,
): ReturnType<typeof stageFeed> {
  await tx.query('SET LOCAL statement_timeout = 0');
  let done = 0;
  let shown = 0;
  return stageFeed(tx, {
    feed,
    findings: reading.findings,
    digest: reading.digest,
    ...(reading.content ? { content: reading.content.sum } : {}),
    ...(options.academy !== undefined ? { academy: options.academy } : {}),
    ...(options.giveWay ? { giveWay: options.giveWay } : {}),
    onBytes: (bytes) => {
      done += bytes;
      if (done - shown < feed.bytes / 100 && done < feed.bytes) return;
      shown = done;
      options.observer.onProgress({ phase: 'read', done, total: feed.bytes });
    },
  });
}

/** Without a code from the caller, a feed may only be of the academy that is here already, or be the first. */
async function requireKnownAcademy(tx: Tx, code: string, options: RunOptions): Promise<void> {
  if (options.academy !== undefined) return;
  const academies = await loadAcademies(tx);
  if (academies.length === 0 || academies.some((academy) => academy.code === code)) return;
  throw refuse(
    'feed_of_another_academy',
    422,
    'This feed is of an academy that is not known here. If that is right, name its code with --academy.',
    { academy: code },
  );
}
