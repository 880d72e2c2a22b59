import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { Roster } from './roster-record.ts';

/**
 * Completes the schools of a roster with what is known of them here.
 *
 * @throws DirectoryError `feed_rows_invalid` when one is neither known nor described.
 */
export async function requireUsableRoster(tx: Tx, roster: Roster): Promise<Roster> {
  const rows = await tx.query<{ uai: string; name: string; kind: 'primary' | 'college' | 'lycee' | 'other' }>(
    'SELECT uai, name, kind FROM directory.schools WHERE uai = ANY ($1::text[])',
    [roster.schools.map(({ uai }) => uai)],
  );
  const known = new Map(rows.map((row) => [row.uai, row]));
  const schools = roster.schools.map((school) => {
    const here = known.get(school.uai);
    if (!here && school.name === undefined) {
      throw refuse(
        'feed_rows_invalid',
        422,
        `The school ${school.uai} is not known here, and the feed does not describe it. Add it to the feed with its name.`,
        { school: school.uai },
      );
    }
    return here ? { ...school, name: school.name ?? here.name, kind: school.kind ?? here.kind } : school;
  });
  return { ...roster, schools };
}
