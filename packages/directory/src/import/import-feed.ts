import type { AuditAppender } from '@socle/audit';
import { isSocleError, newId, type EventId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { AcademyId } from '../ids.ts';
import { applyRosterSchool, keepKnownSubjects, loadGoneSchools } from '../roster/roster-schools.ts';
import { bindSource } from '../roster/feed-source.ts';
import type { BoundRoster } from '../roster/roster-plan.ts';
import { ensureAcademy } from '../schools/schools.ts';
import { applyCodes } from './apply-codes.ts';
import { applyPass, applySchoolRecord } from './apply-school.ts';
import { countPass, hasChanges, type PassOutcome } from './change-events.ts';
import { startDepartures } from './close-import.ts';
import { countFeed } from './feed-counts.ts';
import type { Findings } from './findings.ts';
import { finishImport } from './finish-import.ts';
import { useConfirmation } from './guard-feed.ts';
import { closeImport, openImport } from './import-ledger.ts';
import type { ImportResult } from './import-types.ts';
import type { Pass } from './pass.ts';
import type { Plan, PlannedFeed, RunOptions, Runner } from './plan.ts';
import { resolvePeople } from './resolve-people.ts';

/** Applies a feed that was prepared, or tells what applying it would do. See importAaf. */
export async function importFeed(plan: Plan, options: RunOptions): Promise<ImportResult> {
  return options.dryRun ? rehearse(plan, options) : applyFeed(plan.run, plan, options);
}

/**
 * The schools that need a pass. Of a complete feed: all that it names, and those it no longer names. Of a delta: those
 * that it names or takes away, and those where somebody staged is, was, or comes to be.
 */
async function chooseSchools(
  tx: Tx,
  feed: PlannedFeed,
  { academy, roster }: { readonly academy: AcademyId; readonly roster: BoundRoster | undefined },
  staged: readonly string[],
): Promise<readonly string[]> {
  if (roster) return [...staged, ...(await loadGoneSchools(tx, roster, staged))];
  const sql = feed.kind === 'complete' ? SCHOOLS_GONE : SCHOOLS_TOUCHED;
  const rows = await tx.query<{ join_key: string }>(sql, [academy, feed.degree, staged]);
  const others = rows.map((row) => row.join_key);
  return feed.kind === 'complete' ? [...staged, ...others] : others;
}

const SCHOOLS_GONE = `
  SELECT join_key FROM directory.schools WHERE academy_id = $1 AND degree = $2 AND join_key IS NOT NULL
    AND join_key <> ALL ($3::text[]) ORDER BY join_key`;

const SCHOOLS_TOUCHED = `
  SELECT s.join_key FROM directory.schools s WHERE s.academy_id = $1 AND s.degree = $2 AND (
    s.id IN (SELECT r.school_id FROM directory.roles r JOIN directory.known_people k ON k.person_id = r.person_id
      AND k.state <> 'context' WHERE r.source = 'feed' AND r.valid_to IS NULL)
    OR s.join_key IN (SELECT key FROM directory.staged_departures WHERE category = 'school'))
  UNION SELECT r.key FROM directory.staged_requests r WHERE r.category = 'EtabEducNat' AND r.key = ANY ($3::text[])
  UNION SELECT t.school_key FROM (
    SELECT school_key FROM directory.staged_people UNION SELECT school_key FROM directory.staged_roles
    UNION SELECT school_key FROM directory.staged_members UNION SELECT school_key FROM directory.staged_teaching) t
    WHERE t.school_key = ANY ($3::text[])
  ORDER BY 1`;

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
async function rehearse(plan: Plan, options: RunOptions): Promise<ImportResult> {
  try {
    return await plan.run(async (tx) => {
      throw new Rehearsed(await applyFeed((work) => work(tx), plan, { ...options, audit: UNWRITTEN }));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.result;
    throw error;
  }
}

async function applyFeed(run: Runner, plan: Plan, options: RunOptions): Promise<ImportResult> {
  const { feed, digest, academyCode } = plan;
  const at = options.clock.now();
  const opening = await run(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    const [clock] = await tx.query<{ began: Date }>('SELECT clock_timestamp() AS began');
    const { began } = clock!;
    const schools = await resolvePeople(tx, {
      began,
      keySpace: plan.roster?.wanted.name ?? academyCode,
      degree: feed.degree,
      at,
      findings: plan.findings,
    });
    const academy = await ensureAcademy(tx, { code: academyCode, at });
    const roster = plan.roster && {
      schools: plan.roster.schools,
      source: await bindSource(tx, plan.roster.wanted, academy.id, at),
    };
    if (plan.guarded) await useConfirmation(tx, plan.guarded, options.force);
    const importId = await openImport(tx, feed, {
      academyCode,
      digest,
      at,
      forced: plan.guarded !== undefined,
      ...(roster ? { source: roster.source } : {}),
    });
    if (roster) await keepKnownSubjects(tx, academy.id);
    await plan.roster?.keep?.(tx);
    await applyCodes(tx, academy.id, at);
    const keys = await chooseSchools(tx, feed, { academy: academy.id, roster }, schools);
    // A person's home is a place among the staged schools, whether or not all of these get a pass.
    const places = new Map(schools.map((key, index) => [key, index + 1]));
    return { academy, began, roster, importId, contents: await countFeed(tx), keys, places };
  });
  const { academy, began, roster, importId, contents } = opening;
  const base: Pass = {
    importId,
    digest,
    degree: feed.degree,
    academy: academy.id,
    academyCode,
    keySpace: plan.roster?.wanted.name ?? academyCode,
    at,
    began,
    partial: feed.kind === 'delta',
    place: 0,
    controller: roster?.source.controller ?? academy.controller,
  };
  try {
    const tally = openTally();
    const passes = await run(async (tx) => {
      const opened = await openSchools(tx, base, opening, options);
      tally.add(await applyPass(tx, base, options.audit));
      return opened;
    });
    await applySchools(run, passes, tally, options);
    return await run(async (tx) => {
      const leaving = await startDepartures(tx, base, options.audit);
      const result = buildResult(contents, tally, leaving, plan.findings);
      await finishImport(tx, base, result, options);
      return result;
    });
  } catch (error) {
    if (!options.dryRun) {
      await run((tx) =>
        closeImport(tx, importId, {
          state: isSocleError(error) && error.kind === 'refusal' ? 'refused' : 'failed',
          at: options.clock.now(),
        }),
      ).catch(() => undefined);
    }
    throw error;
  }
}

/** Brings the schools' own records up to date, and gives the passes that their people wait for. */
async function openSchools(
  tx: Tx,
  base: Pass,
  opening: {
    readonly keys: readonly string[];
    readonly places: ReadonlyMap<string, number>;
    readonly roster: BoundRoster | undefined;
  },
  options: RunOptions,
): Promise<readonly Pass[]> {
  const passes: Pass[] = [];
  for (const key of opening.keys) {
    const own = { ...base, place: opening.places.get(key) ?? -2 };
    const pass = opening.roster
      ? await applyRosterSchool(tx, own, key, opening.roster, options.audit)
      : await applySchoolRecord(tx, own, key, options.controller);
    if (pass) passes.push(pass);
  }
  await tx.query(
    `INSERT INTO directory.resolved_schools (place, controller_id)
     SELECT * FROM unnest($1::int[], $2::uuid[]) AS s(place, controller_id)`,
    [passes.map(({ place }) => place), passes.map((pass) => pass.controller)],
  );
  return passes;
}

/** A school is one transaction; two of them are under way at once, for no two passes write the same person. */
const SCHOOLS_AT_ONCE = 2;

async function applySchools(
  run: Runner,
  passes: readonly Pass[],
  tally: Tally,
  options: RunOptions,
): Promise<void> {
  const waiting = passes.values();
  let done = 0;
  let failed = false;
  const analyze = () => run((tx) => tx.query('SELECT directory.analyze_imported()'));
  if (tally.created > 0) await analyze();
  const work = async () => {
    for (const pass of waiting) {
      if (failed) return;
      try {
        const startedAt = performance.now();
        const outcome = await run((tx) => applyPass(tx, pass, options.audit));
        tally.add(outcome);
        const counts = countPass(outcome);
        if (pass.school && hasChanges(counts)) options.observer.onSchool(pass.school.id, counts);
        done += 1;
        // A rehearsal holds everything that it wrote until its end: it is over soonest without waiting.
        if (!options.dryRun) await options.giveWay?.(performance.now() - startedAt);
        // After 2, 8, 32, … schools the tables are looked at anew: plans made for empty tables would walk them whole for each school.
        if (Number.isInteger(Math.log2(done / 2) / 2) && tally.created > 0) await analyze();
      } catch (error) {
        failed = true;
        throw error;
      }
      options.observer.onProgress({ phase: 'apply', done, total: passes.length });
    }
  };
  // A rehearsal is one transaction, which does one thing at a time.
  const ends = await Promise.allSettled(
    Array.from({ length: options.dryRun ? 1 : SCHOOLS_AT_ONCE }, () => work()),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
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
      for (const id of people.changed) changed.add(id);
      for (const { id } of people.returned) changed.add(id);
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
