import type { Tx } from '@socle/db';
import type { FeedRecord } from '../aaf/read-file.ts';
import type { Feed } from '../import/feed-folder.ts';
import { openFindings, type Findings } from '../import/findings.ts';
import type { Mapping } from '../import/map-person.ts';
import { mapRecord } from '../import/map-record.ts';
import { openStaging } from '../import/staging.ts';
import { loadKnownRecords } from './load-known-records.ts';
import { loadKnownSchools } from './load-known-schools.ts';

export interface DeltaStaging {
  readonly feed: Feed;
  readonly academyCode: string;
  readonly findings: Findings;
}

const BATCH_KEYS = 500;
// What is staged beside the feed's own records is numbered below zero: see resolved_people.state.
const FIRST_NEAR = -1_000_000_000;
const FIRST_CONTEXT = -2_000_000_000;

/**
 * Turns the requests of a delta into whole records: the attributes that a request names, and for the others what is known
 * here. Then stages, from what is known, those whose rights hang on somebody named (relatives of a pupil, the other
 * children of these relatives), so that a school's pass can compare people as a whole.
 */
export async function stageDelta(tx: Tx, delta: DeltaStaging): Promise<void> {
  const staging = openStaging(tx);
  const mapping: Mapping = {
    degree: delta.feed.degree,
    staging,
    findings: delta.findings,
    academies: new Set(),
    number: 0,
  };
  for (let after: RequestKey | undefined; ; ) {
    const requests = await loadRequests(tx, after);
    if (requests.length === 0) break;
    await stageRequests(tx, requests, delta, mapping);
    await staging.flush();
    after = requests.at(-1);
  }
  await tx.query(OTHER_SCHOOLS, [delta.academyCode, delta.feed.degree]);
  await tx.query(OTHER_SUBJECTS, [delta.academyCode]);
  await tx.query('SELECT directory.analyze_staging()');
  // What is known was looked at when it came: its findings are not this feed's.
  const quiet = { ...mapping, findings: openFindings() };
  for (const [sql, number] of [
    [RELATIVES_NEAR, FIRST_NEAR],
    [CHILDREN_NEAR, FIRST_NEAR + 500_000_000],
    [ADULTS_IN_CONTEXT, FIRST_CONTEXT],
  ] as const) {
    const keys = await tx.query<{ key: string }>(sql, [delta.academyCode, delta.feed.degree]);
    quiet.number = number;
    for (let start = 0; start < keys.length; start += BATCH_KEYS) {
      const batch = keys.slice(start, start + BATCH_KEYS).map(({ key }) => key);
      const records = await loadKnownRecords(tx, { ...delta, degree: delta.feed.degree, keys: batch });
      for (const record of records.values()) mapRecord(record, record.category, quiet);
      await staging.flush();
    }
  }
}

interface RequestKey {
  readonly category: string;
  readonly key: string;
}

interface Request extends RequestKey {
  readonly operation: FeedRecord['operation'];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** The requests of the next keys, all those of a key together and in their order. */
function loadRequests(tx: Tx, after: RequestKey | undefined): Promise<Request[]> {
  return tx.query<Request>(
    `SELECT r.category, r.key, r.operation, r.attributes FROM directory.staged_requests r
     JOIN (SELECT DISTINCT category, key FROM directory.staged_requests
       WHERE (category, key) > ($1, $2) ORDER BY category, key LIMIT $3) k ON k.category = r.category AND k.key = r.key
     ORDER BY r.category, r.key, r.number`,
    [after?.category ?? '', after?.key ?? '', BATCH_KEYS],
  );
}

const KINDS: Readonly<Record<string, string>> = {
  Eleve: 'pupil',
  PersRelEleve: 'relative',
  PersEducNat: 'staff',
  EtabEducNat: 'school',
};

async function stageRequests(
  tx: Tx,
  requests: readonly Request[],
  delta: DeltaStaging,
  mapping: Mapping,
): Promise<void> {
  const keys = [...new Set(requests.map(({ key }) => key))];
  const where = { academyCode: delta.academyCode, degree: delta.feed.degree, keys };
  const people = await loadKnownRecords(tx, { ...where, missingToo: true });
  const schools = await loadKnownSchools(tx, where);
  const byKey = Map.groupBy(requests, ({ category, key }) => `${category} ${key}`);
  for (const group of byKey.values()) {
    const { category, key } = group[0]!;
    const known = (category === 'EtabEducNat' ? schools : people).get(key);
    const before = known?.category === category ? known.attributes : new Map<string, readonly string[]>();
    if (group.at(-1)!.operation === 'delete') {
      const kind = KINDS[category];
      if (kind) mapping.staging.add('departures', kind, key);
      continue;
    }
    const named = new Map<string, readonly string[]>();
    for (const request of group) {
      if (request.operation === 'delete') named.clear();
      for (const [name, values] of Object.entries(request.attributes)) named.set(name, values);
    }
    mapRecord(
      { operation: 'add', category, id: key, attributes: mergeAttributes(before, named) },
      category,
      mapping,
    );
  }
}

/** Attributes that say the same thing in another way: a feed that names one means both. */
const SAME_MATTER: Readonly<Record<string, readonly string[]>> = {
  PersEducNatPresenceDevantEleves: ['ENTPersonCategorieEnseignant'],
  ENTAuxEnsClassesMatieres: ['ENTAuxEnsClasses'],
  ENTAuxEnsGroupesMatieres: ['ENTAuxEnsGroupes'],
};

/** The attributes that a request names replace what is known; an attribute named without a value clears it. */
function mergeAttributes(
  before: ReadonlyMap<string, readonly string[]>,
  named: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const merged = new Map(before);
  for (const name of named.keys()) for (const same of SAME_MATTER[name] ?? []) merged.delete(same);
  for (const [name, values] of named) merged.set(name, values);
  return merged;
}

/** Schools and subjects that are known count as named, so that what people say of them is understood. */
const OTHER_SCHOOLS = `
  INSERT INTO directory.incoming_schools (key, uai, name, kind)
  SELECT s.join_key, s.uai, s.name, s.kind FROM directory.schools s
  JOIN directory.academies a ON a.id = s.academy_id AND a.code = $1
  WHERE s.degree = $2 AND s.join_key IS NOT NULL AND s.leaving_since IS NULL
    AND NOT EXISTS (SELECT FROM directory.staged_schools n WHERE n.key = s.join_key OR n.uai = s.uai)
    AND NOT EXISTS (SELECT FROM directory.staged_departures g WHERE g.category = 'school' AND g.key = s.join_key)`;
const OTHER_SUBJECTS = `
  INSERT INTO directory.incoming_subjects (code, name)
  SELECT s.code, s.name FROM directory.subjects s JOIN directory.academies a ON a.id = s.academy_id AND a.code = $1
  WHERE NOT EXISTS (SELECT FROM directory.staged_subjects n WHERE n.code = s.code)`;

const OPEN_LINK = `g.source = 'feed' AND g.superseded_at IS NULL AND g.valid_to IS NULL`;
// The index of keys is not in the collation of staging, and is only looked up by an expression that is in its own.
const VALUE = (key: string) => `($1 || '-' || ${key}) COLLATE "default"`;

/** Who is staged or goes, and the keys that are theirs. */
const NAMED = `
  staged AS MATERIALIZED (
    SELECT key FROM directory.staged_people UNION SELECT key FROM directory.staged_departures
  ), named AS MATERIALIZED (
    SELECT DISTINCT n.person_id FROM staged k
    JOIN directory.join_keys n ON n.kind = 'aaf' AND n.value = ${VALUE('k.key')} AND n.degree = $2
  )`;

/** The keys of this feed, of people of one kind who are not staged yet, found by `near`: rows of a key's `value`. */
const notStaged = (near: string, category: 'pupil' | 'relative') => `
  WITH ${NAMED}, near AS (${near})
  SELECT DISTINCT substr(j.value, length($1) + 2) AS key FROM near x
  JOIN directory.join_keys j ON j.kind = 'aaf' AND j.value = x.value AND j.degree = $2
  WHERE j.category = '${category}' AND j.missing_since IS NULL AND starts_with(j.value, $1 || '-')
    AND substr(j.value, length($1) + 2) NOT IN (SELECT key FROM staged)`;

const LINKED_ADULTS = `SELECT ${VALUE('l.adult_key')} AS value FROM directory.staged_links l`;

/** Relatives to whom somebody named is linked, now or until now. */
const RELATIVES_NEAR = notStaged(
  `${LINKED_ADULTS} UNION SELECT a.value FROM named n
   JOIN directory.guardian_links g ON g.child_id = n.person_id AND ${OPEN_LINK}
   JOIN directory.join_keys a ON a.person_id = g.adult_id AND a.kind = 'aaf'`,
  'relative',
);
/** The other children of all these relatives, and of those whom the delta names or takes away. */
const CHILDREN_NEAR = notStaged(
  `SELECT DISTINCT c.value FROM named n
   JOIN directory.guardian_links g ON g.adult_id = n.person_id AND ${OPEN_LINK}
   JOIN directory.join_keys c ON c.person_id = g.child_id AND c.kind = 'aaf'`,
  'pupil',
);
/** Adults to whom those children are linked too: known, so that the links stay; their own rights are not looked at. */
const ADULTS_IN_CONTEXT = notStaged(LINKED_ADULTS, 'relative');
