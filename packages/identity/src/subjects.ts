import { randomToken, type PersonId } from '@socle/base';
import type { Queryable } from '@socle/db';
import { tables } from './tables.ts';

const SUBJECT_BYTES = 16;

/**
 * Random subjects of these people for one sector, made where missing (OpenID Connect Core §8.1). A subject is
 * never computed from the person, so nothing that leaks or rotates can link or break it.
 */
export async function loadPairwiseSubjects(
  db: Queryable,
  sector: string,
  personIds: readonly PersonId[],
  now: Date,
): Promise<Map<PersonId, string>> {
  const wanted = [...new Set(personIds)].sort();
  const found = await select(db, sector, wanted);
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  await db.query(
    `INSERT INTO identity.pairwise_subjects (sector, person_id, subject, created_at)
     SELECT $1, person_id, subject, $4 FROM unnest($2::uuid[], $3::text[]) AS made (person_id, subject)
     ON CONFLICT (sector, person_id) DO NOTHING`,
    [sector, missing, missing.map(() => randomToken(SUBJECT_BYTES)), now],
  );
  // Read again: another request may have been first for some of them.
  return select(db, sector, wanted);
}

/** The person behind a pairwise subject of this sector, or undefined. */
export async function findSubject(
  db: Queryable,
  sector: string,
  subject: string,
): Promise<PersonId | undefined> {
  const [row] = await db.run(
    tables
      .selectFrom('pairwise_subjects')
      .select('person_id')
      .where('sector', '=', sector)
      .where('subject', '=', subject),
  );
  return row?.person_id as PersonId | undefined;
}

/** The people behind these pairwise subjects of one sector; a subject that nobody has is left out. */
export async function findSubjects(
  db: Queryable,
  sector: string,
  subjects: readonly string[],
): Promise<Map<string, PersonId>> {
  const rows = await db.query<{ person_id: PersonId; subject: string }>(
    'SELECT person_id, subject FROM identity.pairwise_subjects WHERE sector = $1 AND subject = ANY($2::text[])',
    [sector, [...new Set(subjects)]],
  );
  return new Map(rows.map((row) => [row.subject, row.person_id]));
}

async function select(
  db: Queryable,
  sector: string,
  personIds: readonly PersonId[],
): Promise<Map<PersonId, string>> {
  const rows = await db.query<{ person_id: PersonId; subject: string }>(
    'SELECT person_id, subject FROM identity.pairwise_subjects WHERE sector = $1 AND person_id = ANY($2::uuid[])',
    [sector, personIds],
  );
  return new Map(rows.map((row) => [row.person_id, row.subject]));
}

/** The subjects that a sector already has for these people; none is made for those who have none. */
export function loadKnownSubjects(
  db: Queryable,
  sector: string,
  personIds: readonly PersonId[],
): Promise<Map<PersonId, string>> {
  return select(db, sector, personIds);
}

/** Whether this person is signed in to a client now, by a session that has not ended. */
export async function isSignedInTo(
  db: Queryable,
  clientId: string,
  person: PersonId,
  now: Date,
): Promise<boolean> {
  const [row] = await db.query<{ signed: boolean }>(
    `SELECT EXISTS (
       SELECT FROM identity.accounts a
         JOIN identity.sessions s ON s.account_id = a.id
         JOIN identity.provider_rows r ON r.model = 'Session' AND r.uid = s.provider_uid
        WHERE a.person_id = $1 AND (r.expires_at IS NULL OR r.expires_at > $3)
          AND r.payload -> 'authorizations' -> $2 IS NOT NULL) AS signed`,
    [person, clientId, now],
  );
  return row!.signed;
}
