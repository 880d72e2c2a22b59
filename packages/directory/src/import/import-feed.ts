import type { Tx } from '@socle/db';
import { isSocleError, newId, type EventId, type Log } from '@socle/base';
import type { AuditAppender } from '@socle/audit';
import { refuse } from '../errors.ts';
import { ensureAcademy, loadAcademies } from '../schools/schools.ts';
import { applyCodes } from './apply-codes.ts';
import { applyPass, applySchoolRecord } from './apply-school.ts';
import type { PassOutcome } from './change-events.ts';
import { startDepartures } from './close-import.ts';
import { countFeed } from './feed-counts.ts';
import type { Feed } from './feed-folder.ts';
import { openFindings, type Findings } from './findings.ts';
import { guardDepartures } from './guard-departures.ts';
import type { ImportAafOptions, ImportResult } from './import-types.ts';
import { closeImport, openImport } from './import-ledger.ts';
import type { Pass } from './pass.ts';
import { resolvePeople } from './resolve-people.ts';
import { stageFeed } from './stage-feed.ts';

type Options = ImportAafOptions & { readonly log: Log };

/** Runs work in a transaction that sees every controller. */
type Runner = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** Reads, checks and applies the feed of one degree. See importAaf. */
export async function importFeed(feed: Feed, digest: string, options: Options): Promise<ImportResult> {
  return withPlan(feed, digest, options, (run, plan) =>
    options.dryRun ? rehearse(run, plan, options) : applyFeed(run, plan, options),
  );
}

/**
 * Reads and checks the feed of one degree, and applies nothing.
 *
 * @returns the code of the feed's academy.
 * @throws DirectoryError whatever importFeed would refuse it for.
 */
export async function checkFeed(feed: Feed, digest: string, options: Options): Promise<string> {
  return withPlan(feed, digest, options, async (_, plan) => plan.academyCode);
}

/** Hands `work` the feed, read into the staging tables and checked; empties them afterwards. */
async function withPlan<T>(
  feed: Feed,
  digest: string,
  options: Options,
  work: (run: Runner, plan: Plan) => Promise<T>,
): Promise<T> {
  const { database, log } = options;
  const run: Runner = (work) => database.transaction(work, { scope: 'all' });
  const findings = openFindings();
  await run((tx) => tx.query('SELECT directory.empty_staging()'));
  let academyCode = options.academy;
  try {
    academyCode = await run((tx) => stage(tx, feed, digest, findings, options));
    const code = academyCode;
    await run((tx) => requireKnownAcademy(tx, code, options));
    const at = options.clock.now();
    const schools = await run(async (tx) => {
      await tx.query('SET LOCAL statement_timeout = 0');
      const keys = await resolvePeople(tx, { academyCode: code, degree: feed.degree, at, findings });
      await guardDepartures(tx, { academyCode: code, degree: feed.degree, force: options.force ?? false });
      return keys;
    });
    log.info({ schools: schools.length, refused: findings.refused }, 'the feed is read and checked');
    return await work(run, { feed, digest, academyCode: code, at, schools, findings });
  } catch (error) {
    if (isSocleError(error) && error.kind === 'refusal' && !options.dryRun) {
      await run((tx) => logRefusal(tx, error.code, digest, academyCode, options));
    }
    throw error;
  } finally {
    await run((tx) => tx.query('SELECT directory.empty_staging()')).catch(() => undefined);
  }
}

/** A refusal is logged in the name of the academy it is about, where that one is known here. */
async function logRefusal(
  tx: Tx,
  code: string,
  digest: string,
  academyCode: string | undefined,
  options: Options,
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
  digest: string,
  findings: Findings,
  options: Options,
): Promise<string> {
  await tx.query('SET LOCAL statement_timeout = 0');
  let done = 0;
  let shown = 0;
  return stageFeed(tx, {
    feed,
    findings,
    digest,
    ...(options.academy !== undefined ? { academy: options.academy } : {}),
    onBytes: (bytes) => {
      done += bytes;
      if (done - shown < feed.bytes / 100 && done < feed.bytes) return;
      shown = done;
      options.onProgress?.({ phase: 'read', done, total: feed.bytes });
    },
  });
}

/** Without a code from the caller, a feed may only be of the academy that is here already, or be the first. */
async function requireKnownAcademy(tx: Tx, code: string, options: Options): Promise<void> {
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

interface Plan {
  readonly feed: Feed;
  readonly digest: string;
  readonly academyCode: string;
  readonly at: Date;
  readonly schools: readonly string[];
  readonly findings: Findings;
}

class Rehearsed extends Error {
  readonly result: ImportResult;
  constructor(result: ImportResult) {
    super('rolled back on purpose');
    this.result = result;
  }
}

// The log keeps pseudonyms in a transaction of its own, which a rollback here would not take back.
const UNWRITTEN: AuditAppender = {
  append: async () => newId<EventId>(),
  appendMany: async (_, events) => events.map(() => newId<EventId>()),
};

/** The very same statements in one transaction, then a rollback: what a dry run says is what would happen. */
async function rehearse(run: Runner, plan: Plan, options: Options): Promise<ImportResult> {
  try {
    return await run(async (tx) => {
      throw new Rehearsed(await applyFeed((work) => work(tx), plan, { ...options, audit: UNWRITTEN }));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.result;
    throw error;
  }
}

async function applyFeed(run: Runner, plan: Plan, options: Options): Promise<ImportResult> {
  const { feed, digest, academyCode, at, schools } = plan;
  const opening = await run(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    const academy = await ensureAcademy(tx, { code: academyCode, at });
    const importId = await openImport(tx, feed, { academyCode, digest, at });
    await applyCodes(tx, academy.id, at);
    const gone = await tx.query<{ join_key: string }>(
      `SELECT join_key FROM directory.schools WHERE academy_id = $1 AND degree = $2 AND join_key IS NOT NULL
         AND join_key <> ALL ($3::text[]) ORDER BY join_key`,
      [academy.id, feed.degree, schools],
    );
    return {
      academy,
      importId,
      contents: await countFeed(tx),
      keys: [...schools, ...gone.map((row) => row.join_key)],
    };
  });
  const base = {
    importId: opening.importId,
    digest,
    degree: feed.degree,
    academy: opening.academy.id,
    academyCode,
    at,
  };
  try {
    const tally = openTally();
    for (const [index, key] of opening.keys.entries()) {
      const outcome = await run(async (tx) => {
        const pass = await applySchoolRecord(tx, { ...base, place: index + 1 }, key, options.controller);
        return pass && applyPass(tx, pass, options.audit);
      });
      if (outcome) tally.add(outcome);
      options.onProgress?.({ phase: 'apply', done: index + 1, total: opening.keys.length });
    }
    return await run(async (tx) => {
      const last: Pass = { ...base, place: 0, controller: opening.academy.controller };
      tally.add(await applyPass(tx, last, options.audit));
      const leaving = await startDepartures(tx, last, options.audit);
      const result = buildResult(opening.contents, tally, leaving, plan.findings);
      await finish(tx, last, result, options);
      return result;
    });
  } catch (error) {
    if (!options.dryRun) {
      await run((tx) =>
        closeImport(tx, opening.importId, {
          state: isSocleError(error) && error.kind === 'refusal' ? 'refused' : 'failed',
          at: options.clock.now(),
        }),
      ).catch(() => undefined);
    }
    throw error;
  }
}

async function finish(tx: Tx, pass: Pass, result: ImportResult, options: Options): Promise<void> {
  const { warnings, ...counts } = result;
  await closeImport(tx, pass.importId, { state: 'done', at: options.clock.now(), counts, report: warnings });
  await options.audit.append(tx, {
    at: pass.at,
    controller: pass.controller,
    actor: { kind: 'system', id: 'import' },
    action: 'directory.import.completed',
    target: { kind: 'academy', id: pass.academy },
    outcome: 'success',
    detail: {
      import: pass.importId,
      digest: pass.digest,
      academy: pass.academyCode,
      schools: result.schools,
      created: result.created,
      changed: result.changed,
      suspended: result.suspended,
      refused: result.refused,
    },
  });
}

interface Tally {
  readonly created: number;
  readonly changed: Set<string>;
  add(outcome: PassOutcome): void;
}

function openTally(): Tally {
  const changed = new Set<string>();
  let created = 0;
  return {
    changed,
    get created() {
      return created;
    },
    add({ people, roles, members, teaching, heads, links }) {
      created += people.created;
      for (const id of [...people.changed, ...people.returned]) changed.add(id);
      for (const { changes } of [roles, members, teaching, heads]) {
        for (const { person } of changes) changed.add(person);
      }
      for (const link of links.changes) {
        if (!link.child_new) changed.add(link.child_id);
        if (!link.adult_new) changed.add(link.adult_id);
      }
    },
  };
}

function buildResult(
  contents: Pick<ImportResult, 'schools' | 'pupils' | 'relatives' | 'staff' | 'classes' | 'groups' | 'links'>,
  tally: Tally,
  leaving: readonly string[],
  findings: Findings,
): ImportResult {
  const { created, changed } = tally;
  for (const id of leaving) changed.delete(id);
  const people = contents.pupils + contents.relatives + contents.staff;
  return {
    ...contents,
    created,
    changed: changed.size,
    unchanged: Math.max(0, people - created - changed.size),
    suspended: leaving.length,
    refused: findings.refused,
    warnings: findings.list(),
  };
}
