import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { FeedLane } from './pass.ts';

/** What one feed would do at once, in counts. */
interface GuardFigures {
  /** People whom earlier feeds of this academy and degree, or of this source, named; and those whom this one takes away. */
  readonly known: number;
  readonly departures: number;
  /** People with a role from the feed, guardians aside; and those whom it still names but who lose a role in a school. */
  readonly holders: number;
  readonly roleEndings: number;
  /** Links between a child and an adult; and those of children whom it still names that end, or change their kind. */
  readonly links: number;
  readonly linkEndings: number;
}

/** A feed that does more than one person may let it do alone. */
export interface GuardedFeed extends GuardFigures {
  /** SHA-256 of the feed's files: what exactly is to be confirmed. */
  readonly digest: string;
  readonly academyCode: string;
  readonly degree: FeedLane;
}

/**
 * Whether somebody else has confirmed this very feed. Called twice: before anything is applied, in a transaction that is rolled
 * back, and in the transaction that opens the import, where the confirmation is used up.
 */
export type ConfirmGuarded = (tx: Tx, feed: GuardedFeed) => Promise<boolean>;

const MAX_DEPARTURES = 0.05;
const MAX_ROLE_ENDINGS = 0.1;
const MAX_LINK_ENDINGS = 0.05;
/** Roles and links of a small school may all change in a day: shares count from here on. */
const MIN_ENDINGS = 20;

interface GuardRun {
  readonly keySpace: string;
  readonly academyCode: string;
  readonly digest: string;
  readonly feed: { readonly kind: 'complete' | 'delta'; readonly degree: FeedLane };
  readonly force: boolean | ConfirmGuarded;
  /** Told what was counted where the feed is beyond bounds, whatever follows. */
  readonly onGuarded?: (feed: GuardedFeed) => void;
}

/**
 * Compares the staged feed with what earlier feeds of this academy and degree, or of this source, gave.
 *
 * @returns the feed that must be confirmed when it is applied; undefined when it is within bounds, or forced.
 * @throws DirectoryError `feed_departures_exceed_guard` when more than 5 % of the people would leave, and
 *   `feed_changes_exceed_guard` when more than 10 % would lose a role or more than 5 % of the links with adults would end or
 *   change, unless forced; `feed_force_unconfirmed` when it is forced and nobody else has confirmed it.
 */
export async function guardFeed(tx: Tx, run: GuardRun): Promise<GuardedFeed | undefined> {
  if (run.force === true && !run.onGuarded) return undefined;
  const figures = await loadFigures(tx, run);
  const { known, departures, holders, roleEndings, links, linkEndings } = figures;
  const leaving = departures > known * MAX_DEPARTURES;
  const changing =
    (roleEndings > MIN_ENDINGS && roleEndings > holders * MAX_ROLE_ENDINGS) ||
    (linkEndings > MIN_ENDINGS && linkEndings > links * MAX_LINK_ENDINGS);
  if (!leaving && !changing) return undefined;
  const feed = { ...figures, digest: run.digest, academyCode: run.academyCode, degree: run.feed.degree };
  run.onGuarded?.(feed);
  if (run.force === true) return undefined;
  if (run.force === false) {
    throw leaving
      ? refuse(
          'feed_departures_exceed_guard',
          409,
          `This feed no longer names ${departures} of the ${known} people known here, more than 5 %. If that is right, import it again with --force.`,
          { known, missing: departures },
        )
      : refuse(
          'feed_changes_exceed_guard',
          409,
          `This feed ends roles of ${roleEndings} of ${holders} people (at most 10 %), and ends or changes ${linkEndings} of ${links} links with adults (at most 5 %). If that is right, import it again with --force.`,
          { holders, roleEndings, links, linkEndings },
        );
  }
  if (await wasForced(tx, feed)) return undefined;
  if (!(await rehearse(tx, feed, run.force))) throw unconfirmed(feed);
  return feed;
}

/** Uses up the confirmation, in the transaction that opens the import. @throws as guardFeed. */
export async function useConfirmation(
  tx: Tx,
  feed: GuardedFeed,
  force: boolean | ConfirmGuarded | undefined,
): Promise<void> {
  if (typeof force === 'function' && !(await force(tx, feed))) throw unconfirmed(feed);
}

/** Asks without using anything up: what the answer writes is taken back. */
async function rehearse(tx: Tx, feed: GuardedFeed, confirm: ConfirmGuarded): Promise<boolean> {
  await tx.query('SAVEPOINT asking');
  const confirmed = await confirm(tx, feed);
  await tx.query('ROLLBACK TO SAVEPOINT asking');
  return confirmed;
}

/** An import of this feed that was confirmed and then killed is finished by its next run. */
async function wasForced(tx: Tx, feed: GuardedFeed): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM directory.imports i WHERE i.academy_code = $1 AND i.degree = $2 AND i.digest = $3 AND i.forced
       AND i.state IN ('running', 'failed') AND NOT EXISTS (
         SELECT FROM directory.imports later WHERE later.academy_code = $1 AND later.degree = $2 AND later.state = 'done'
           AND later.started_at > i.started_at)`,
    [feed.academyCode, feed.degree, feed.digest],
  );
  return rows.length > 0;
}

const unconfirmed = ({ digest, academyCode, ...figures }: GuardedFeed) =>
  refuse(
    'feed_force_unconfirmed',
    409,
    'The guard stopped this feed. A second person must confirm it before it is applied.',
    { digest, academy: academyCode, ...figures },
  );

async function loadFigures(tx: Tx, run: Pick<GuardRun, 'keySpace' | 'feed'>): Promise<GuardFigures> {
  const values = [run.keySpace, run.feed.degree];
  // The planner knows too little of what was just staged, and would loop over it for each person.
  await tx.query('SET LOCAL enable_nestloop = off');
  const gone = run.feed.kind === 'delta' ? 'g.key IS NOT NULL' : 'p.key IS NULL';
  const [people] = await tx.query<{ known: number; departures: number }>(
    `SELECT count(*)::int AS known, (count(*) FILTER (WHERE ${gone}))::int AS departures
     FROM directory.join_keys j
     LEFT JOIN (SELECT DISTINCT key FROM directory.staged_people) p ON p.key = substr(j.value, length($1) + 2)
     LEFT JOIN (SELECT DISTINCT category, key FROM directory.staged_departures) g
       ON g.key = substr(j.value, length($1) + 2) AND g.category = j.category
     WHERE ${KNOWN_KEY}`,
    values,
  );
  const [roles] = await tx.query<{ holders: number; endings: number }>(ROLE_ENDINGS, values);
  const [links] = await tx.query<{ links: number; endings: number }>(LINK_ENDINGS, values);
  await tx.query('SET LOCAL enable_nestloop = on');
  return {
    ...people!,
    holders: roles!.holders,
    roleEndings: roles!.endings,
    links: links!.links,
    linkEndings: links!.endings,
  };
}

const KNOWN_KEY = `j.kind = directory.import_keys() AND starts_with(j.value, $1 || '-') AND j.degree = $2
  AND j.missing_since IS NULL`;

/** Whom the feed gives in full: named, or near to somebody named (see resolved_people.state). */
const WHOLE = `SELECT key, category FROM directory.staged_people WHERE number > -1000000000`;

const ROLE_ENDINGS = `
  WITH wanted AS (
    SELECT key, school_key, 'pupil' AS role FROM directory.staged_people WHERE category = 'pupil' AND school_key IS NOT NULL
    UNION SELECT key, school_key, role FROM directory.staged_roles
  ), held AS (
    SELECT substr(j.value, length($1) + 2) AS key, j.category, coalesce(s.join_key, s.feed_key) AS school_key, r.role
    FROM directory.join_keys j
    JOIN directory.roles r ON r.person_id = j.person_id AND r.source = 'feed' AND r.valid_to IS NULL AND r.role <> 'guardian'
    JOIN directory.schools s ON s.id = r.school_id AND ($2 = 'ALL' OR s.degree = $2)
    WHERE ${KNOWN_KEY}
  )
  SELECT count(DISTINCT h.key)::int AS holders,
    (count(DISTINCT h.key) FILTER (WHERE p.key IS NOT NULL AND w.key IS NULL))::int AS endings
  FROM held h
  LEFT JOIN (${WHOLE}) p ON p.key = h.key AND p.category = h.category
  LEFT JOIN wanted w ON w.key = h.key AND w.school_key = h.school_key AND w.role = h.role`;

const LINK_ENDINGS = `
  WITH held AS (
    SELECT substr(c.value, length($1) + 2) AS child, substr(a.value, length($1) + 2) AS adult, g.kind
    FROM directory.guardian_links g
    JOIN (SELECT j.value, j.person_id FROM directory.join_keys j WHERE ${KNOWN_KEY}) c ON c.person_id = g.child_id
    JOIN (SELECT j.value, j.person_id FROM directory.join_keys j WHERE ${KNOWN_KEY}) a ON a.person_id = g.adult_id
    WHERE g.source = 'feed' AND g.superseded_at IS NULL AND g.valid_to IS NULL
  )
  SELECT count(*)::int AS links, (count(*) FILTER (WHERE p.key IS NOT NULL AND w.child_key IS NULL))::int AS endings
  FROM held h
  LEFT JOIN (${WHOLE}) p ON p.key = h.child AND p.category = 'pupil'
  LEFT JOIN (SELECT DISTINCT child_key, adult_key, kind FROM directory.staged_links) w
    ON w.child_key = h.child AND w.adult_key = h.adult AND w.kind = h.kind`;
