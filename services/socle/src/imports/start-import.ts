import { isSocleError, newId, type PersonId } from '@socle/base';
import {
  importAaf,
  importCsv,
  importOneRoster,
  type ConfirmGuarded,
  type ImportResult,
  type ImportRun,
  type ImportRunId,
} from '@socle/directory';
import type { Socle } from '../compose.ts';

/** An import that somebody starts from a page. */
export interface ImportToStart {
  readonly format: ImportRun['format'];
  readonly file: string;
  /** Code of the academy that the feed must be of. */
  readonly academy: string;
  /** Name of the source of a feed that is not AAF. */
  readonly source?: string;
  readonly startedBy: PersonId;
  /** Tells what would change, even where the guard would stop it, and changes nothing. */
  readonly isRehearsal: boolean;
  /** Whether a second person confirmed what the guard stops. */
  readonly force?: ConfirmGuarded;
  readonly id?: ImportRunId;
  /** Called at the end, when it was applied. */
  readonly onApplied?: () => Promise<void>;
}

/**
 * Starts an import and gives the id of its run, under which it can be followed: it goes on after the answer. How it ends is
 * written in the run; a failure is logged besides.
 */
export function startImport(socle: Socle, start: ImportToStart): ImportRunId {
  const { database, audit, clock, log } = socle;
  const id = start.id ?? newId<ImportRunId>(clock.now());
  const options = {
    database,
    audit,
    clock,
    log,
    academy: start.academy,
    runId: id,
    startedBy: { kind: 'person', id: start.startedBy },
    dryRun: start.isRehearsal,
    force: start.isRehearsal ? true : (start.force ?? false),
  } as const;
  const source = start.source === undefined ? {} : { source: start.source };
  const work = (): Promise<ImportResult> => {
    switch (start.format) {
      case 'aaf':
        return importAaf({ ...options, source: start.file });
      case 'csv':
        return importCsv({ ...options, ...source, file: start.file });
      case 'oneroster':
        return importOneRoster({ ...options, ...source, feed: start.file });
    }
  };
  const run = async (): Promise<void> => {
    try {
      await work();
      await start.onApplied?.();
    } catch (error) {
      if (isSocleError(error) && error.kind === 'refusal') return;
      log.error({ name: (error as Error).name, run: id }, 'an import failed; running it again finishes it');
    }
  };
  void run();
  return id;
}
