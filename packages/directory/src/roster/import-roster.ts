import { isSocleError, silentLog, type Log } from '@socle/base';
import type { Tx } from '@socle/db';
import { checkStaged } from '../import/check-staged.ts';
import { runImportAlone } from '../import/exclusive-import.ts';
import { openFindings, type Findings } from '../import/findings.ts';
import { guardFeed } from '../import/guard-feed.ts';
import { importFeed } from '../import/import-feed.ts';
import { findApplied } from '../import/import-ledger.ts';
import type { ImportAafOptions, ImportResult } from '../import/import-types.ts';
import { openRunner, type Plan } from '../import/plan.ts';
import { logRefusal, mayForce } from '../import/prepare-feed.ts';
import { recordRun, type RunObserver } from '../import/record-run.ts';
import { chooseSource, type SourceChoice } from './feed-source.ts';
import { requireUsableRoster } from './known-schools.ts';
import type { RosterFormat, RosterPlan } from './roster-plan.ts';
import type { Roster } from './roster-record.ts';
import { stageRoster } from './stage-roster.ts';

/** Options of every import that is not AAF. */
export type ImportRosterOptions = Omit<ImportAafOptions, 'source' | 'academy' | 'controller'> & SourceChoice;

/** What the caller gives, with the name of the feed's file or folder. */
type NamedOptions = ImportRosterOptions & { readonly fileName: string };

/** What a format's reader gives: nothing of it is staged yet. */
export interface ReadRoster {
  readonly roster: Roster;
  /** SHA-256 in hexadecimal over all that decided what was read. */
  readonly digest: string;
  /** Name of the feed's first file. */
  readonly fileName: string;
  readonly findings: Findings;
  readonly keep?: RosterPlan['keep'];
}

/**
 * Imports what a format's reader gives, by the steps of every feed: stage, check, guard, then a school at a time. The feed
 * is complete: whom it does not name starts the departure clock.
 *
 * @throws DirectoryError as `read`, chooseSource and checkStaged; `feed_departures_exceed_guard`, `import_already_running`,
 *   `feed_rows_invalid` when a school is neither known nor described.
 */
export async function importRoster(
  format: RosterFormat,
  options: NamedOptions,
  read: (findings: Findings, tx: Tx) => Promise<ReadRoster>,
): Promise<ImportResult> {
  const log = options.log ?? silentLog;
  return recordRun({ ...options, format, source: options.fileName }, (observer) =>
    runImportAlone(options.database, async () => {
      const findings = openFindings();
      const found = await options.database.transaction((tx) => read(findings, tx), {
        scope: 'all',
        readOnly: true,
      });
      const applied = await findApplied(options.database, found.digest, undefined);
      if (applied) {
        log.info({ digest: found.digest }, 'this feed is the last one that was applied; nothing to do');
        return applied;
      }
      const plan = await prepareRoster(format, found, options, { log, observer });
      const { database, audit, clock, dryRun = false, force = false } = options;
      return importFeed(plan, { database, audit, clock, dryRun, force, log, observer });
    }),
  );
}

async function prepareRoster(
  format: RosterFormat,
  found: ReadRoster,
  options: ImportRosterOptions,
  { log, observer }: { readonly log: Log; readonly observer: RunObserver },
): Promise<Plan> {
  const { findings, digest } = found;
  const feed = {
    degree: 'ALL',
    kind: 'complete',
    day: options.clock.now().toISOString().slice(0, 10).replaceAll('-', ''),
    files: [{ name: found.fileName }],
  } as const;
  const run = openRunner(feed, options, format);
  let academyCode: string | undefined;
  try {
    return await run(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      const uais = found.roster.schools.map(({ uai }) => uai);
      const source = await chooseSource(tx, format, options, uais);
      academyCode = source.academyCode;
      observer.onPrepared({ academyCode, digest });
      const roster = await requireUsableRoster(tx, found.roster);
      await stageRoster(tx, roster);
      await checkStaged(tx, { academyCode, findings, source: source.wanted.name, at: options.clock.now() });
      const guarded = await guardFeed(tx, {
        keySpace: source.wanted.name,
        academyCode,
        digest,
        feed,
        force: mayForce(options),
        onGuarded: observer.onGuarded,
      });
      log.info({ refused: findings.refused }, 'the feed is read and checked');
      observer.onProgress({ phase: 'read', done: 1, total: 1 });
      const schools = new Map(found.roster.schools.map((school) => [school.key, school]));
      const plan = { wanted: source.wanted, schools, ...(found.keep ? { keep: found.keep } : {}) };
      return { feed, digest, academyCode, findings, run, roster: plan, ...(guarded ? { guarded } : {}) };
    });
  } catch (error) {
    if (isSocleError(error) && error.kind === 'refusal' && !options.dryRun) {
      await run((tx) => logRefusal(tx, error.code, digest, academyCode, options));
    }
    throw error;
  }
}
