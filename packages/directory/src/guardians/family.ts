import type { ControllerId, PersonId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { WriteContext } from '../people/write-context.ts';
import type { Restriction } from '../people/set-guardian-authority.ts';

/** One relative of a pupil, and what the law leaves them at an instant. */
export interface FamilyMember {
  readonly adult: PersonId;
  readonly kind: 'legal' | 'in_charge' | 'contact';
  readonly exercise: 'joint' | 'sole' | 'none' | 'suspended' | 'withdrawn';
  /** A parent without exercise still oversees what matters (code civil, art. 373-2-1), unless a judge said otherwise. */
  readonly oversight: 'full' | 'essential' | 'none';
  readonly restrictions: readonly Restriction[];
  /** When the pupil came of age: `exercise` is then what it was until that instant, and gives no right any more. */
  readonly endedByMajorityAt?: Date;
  /** The school may write to this relative about the pupil. */
  readonly mayBeWrittenTo: boolean;
  /** Absences and leaving school are told to parents even of an adult pupil who objects to other letters. */
  readonly mustBeToldOfAbsence: boolean;
}

/**
 * The family of a pupil as it stands at `at`, as known at `knownAt` (default: now). For letters and alerts; what a relative
 * may read is decided on their facts, where an adult pupil's relatives have none.
 */
export async function loadFamily(
  tx: Tx,
  child: PersonId,
  at: Date,
  knownAt?: Date,
): Promise<readonly FamilyMember[]> {
  const rows = await tx.query<{
    adult_id: PersonId;
    kind: FamilyMember['kind'];
    exercise: FamilyMember['exercise'];
    oversight: FamilyMember['oversight'] | null;
    restrictions: Restriction[];
    majority_at: Date | null;
    opposed: boolean;
  }>(
    `SELECT DISTINCT ON (g.adult_id) g.adult_id, g.kind, g.exercise, g.oversight, g.restrictions,
       directory.majority_of(g.child_id) AS majority_at,
       EXISTS (SELECT FROM directory.correspondence_oppositions o WHERE o.person_id = g.child_id AND o.since <= $2
         AND (o.withdrawn_at IS NULL OR o.withdrawn_at > $2)) AS opposed
     FROM directory.guardian_links g
     WHERE g.child_id = $1 AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to > $2)
       AND CASE WHEN $3::timestamptz IS NULL THEN g.superseded_at IS NULL
         ELSE g.recorded_at <= $3 AND (g.superseded_at IS NULL OR g.superseded_at > $3) END
     ORDER BY g.adult_id, (g.source = 'local') DESC, g.valid_from DESC`,
    [child, at, knownAt ?? null],
  );
  return rows.map((row) => {
    const majorityAt = row.majority_at !== null && row.majority_at <= at ? row.majority_at : undefined;
    const exercises = row.exercise === 'joint' || row.exercise === 'sole';
    const oversight = row.oversight ?? (row.kind === 'legal' ? (exercises ? 'full' : 'essential') : 'none');
    const silenced = row.restrictions.includes('no_information') || row.restrictions.includes('no_contact');
    const informed = row.kind === 'legal' && oversight !== 'none' && !silenced;
    return {
      adult: row.adult_id,
      kind: row.kind,
      exercise: row.exercise,
      oversight,
      restrictions: row.restrictions,
      ...(majorityAt ? { endedByMajorityAt: majorityAt } : {}),
      mayBeWrittenTo: informed && !(majorityAt && row.opposed),
      mustBeToldOfAbsence: informed && exercises,
    };
  });
}

/**
 * Notes that an adult pupil does not want the school to write to their parents, or (false) no longer minds, and logs
 * `directory.correspondence.opposed` or `.allowed`.
 *
 * @throws DirectoryError `person_unknown`; `not_an_adult` before the eighteenth birthday, where the school stands;
 *   `opposition_not_own` when somebody else asks.
 */
export async function opposeCorrespondence(
  tx: Tx,
  pupil: PersonId,
  opposed: boolean,
  context: WriteContext,
): Promise<void> {
  if (context.author.kind !== 'person' || context.author.id !== pupil)
    throw refuse('opposition_not_own', 403, 'Only the pupil may ask for this.');
  const [row] = await tx.query<{ controller_id: ControllerId; majority_at: Date | null }>(
    'SELECT controller_id, directory.majority_of(id) AS majority_at FROM directory.people WHERE id = $1',
    [pupil],
  );
  if (!row) throw refuse('person_unknown', 404, 'This person is not known here.');
  if (row.majority_at === null || row.majority_at > context.at)
    throw refuse('not_an_adult', 422, 'This is open to pupils of full age.');
  await tx.query(
    `INSERT INTO directory.correspondence_oppositions AS t (person_id, controller_id, since, withdrawn_at)
     VALUES ($1, $2, $3, $4)
     ON CONFLICT (person_id) DO UPDATE SET withdrawn_at = EXCLUDED.withdrawn_at,
       since = CASE WHEN t.withdrawn_at IS NULL THEN t.since ELSE EXCLUDED.since END`,
    [pupil, row.controller_id, context.at, opposed ? null : context.at],
  );
  await context.audit.append(tx, {
    controller: row.controller_id,
    actor: context.author,
    action: opposed ? 'directory.correspondence.opposed' : 'directory.correspondence.allowed',
    target: { kind: 'person', id: pupil },
    outcome: 'success',
    detail: {},
  });
}
