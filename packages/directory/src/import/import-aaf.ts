import { silentLog } from '@socle/base';
import { findUnchanged, keepContents, markBefore, type UnchangedFeed } from '../content/unchanged-feed.ts';
import { runImportAlone } from './exclusive-import.ts';
import { digestFeed, findFeeds, type Feed } from './feed-folder.ts';
import { importFeed } from './import-feed.ts';
import { findApplied, wasApplied } from './import-ledger.ts';
import type { ImportAafOptions, ImportResult } from './import-types.ts';
import type { Plan, RunOptions } from './plan.ts';
import { prepareFeed } from './prepare-feed.ts';
import { recordRun, type RunObserver } from './record-run.ts';
import { isArchive, withUnpacked } from './unpack-archive.ts';

/**
 * Imports AAF feeds, complete or delta. Everything is read and checked before anything changes; then each school is one
 * transaction, its audit events in it. A run that was killed is finished by running again; a feed that was the last one
 * applied, or says the same in other files, changes nothing. Decisions recorded by the school are left alone.
 *
 * @throws DirectoryError: every code that starts with `feed_` (see findFeeds, withUnpacked, requireInOrder), and `import_already_running`.
 */
export async function importAaf(options: ImportAafOptions): Promise<ImportResult> {
  return recordRun({ ...options, format: 'aaf' }, (observer) =>
    isArchive(options.source)
      ? withUnpacked(options.source, (folder) => importFolder({ ...options, source: folder }, observer))
      : importFolder(options, observer),
  );
}

async function importFolder(options: ImportAafOptions, observer: RunObserver): Promise<ImportResult> {
  const log = options.log ?? silentLog;
  const feeds = await findFeeds(options.source);
  return runImportAlone(options.database, async () => {
    const results: ImportResult[] = [];
    const news: { readonly feed: Feed; readonly digest: string | undefined }[] = [];
    for (const feed of feeds) {
      // Files of a name that was never applied cannot be the feed that was applied last: they are read once only.
      const again = await wasApplied(options.database, feed);
      const digest = again ? await digestFeed(feed) : undefined;
      const applied = digest && (await findApplied(options.database, digest, options.academy));
      if (!applied) {
        news.push({ feed, digest });
        continue;
      }
      log.info({ digest }, 'this feed is the last one that was applied; nothing to do');
      results.push(applied);
    }
    const unchanged = await findAllUnchanged(news, { ...options, log, observer });
    if (unchanged) {
      for (const { result, note } of unchanged) {
        await note();
        results.push(result);
      }
      return results.reduce(addResults);
    }
    // All degrees are read and checked before the first is applied.
    const plans: Plan[] = [];
    const own = new Set<string>();
    for (const { feed, digest } of news) {
      const academy = plans.at(-1)?.academyCode ?? options.academy;
      const run = { ...options, ...(academy ? { academy } : {}), log, observer };
      plans.push(await prepareFeed(feed, digest, run, own));
    }
    const seenBefore = await markBefore(options.database);
    for (const plan of plans) results.push(await importFeed(plan, { ...options, log, observer }));
    if (!options.dryRun) {
      const applied = plans.flatMap(({ academyCode, feed, content, findings }) =>
        content ? [{ academyCode, degree: feed.degree, content, findings }] : [],
      );
      await keepContents(options.database, applied, { seenBefore, own });
    }
    return results.reduce(addResults);
  });
}

/** What one degree says anew may bear on people whom the other knows too: all are compared, or none. */
async function findAllUnchanged(
  news: readonly { readonly feed: Feed }[],
  options: RunOptions,
): Promise<readonly UnchangedFeed[] | undefined> {
  const unchanged: UnchangedFeed[] = [];
  for (const { feed } of news) {
    const found = await findUnchanged(options.database, feed, options);
    if (!found) return undefined;
    unchanged.push(found);
  }
  return unchanged;
}

function addResults(a: ImportResult, b: ImportResult): ImportResult {
  const warnings = new Map(a.warnings.map((warning) => [warning.kind, warning]));
  for (const warning of b.warnings) {
    const other = warnings.get(warning.kind);
    warnings.set(warning.kind, {
      kind: warning.kind,
      count: warning.count + (other?.count ?? 0),
      sample: [...(other?.sample ?? []), ...warning.sample].slice(0, 10),
    });
  }
  return {
    schools: a.schools + b.schools,
    pupils: a.pupils + b.pupils,
    relatives: a.relatives + b.relatives,
    staff: a.staff + b.staff,
    classes: a.classes + b.classes,
    groups: a.groups + b.groups,
    links: {
      legal: a.links.legal + b.links.legal,
      inCharge: a.links.inCharge + b.links.inCharge,
      contact: a.links.contact + b.links.contact,
    },
    created: a.created + b.created,
    changed: a.changed + b.changed,
    unchanged: a.unchanged + b.unchanged,
    suspended: a.suspended + b.suspended,
    refused: a.refused + b.refused,
    warnings: [...warnings.values()],
  };
}
