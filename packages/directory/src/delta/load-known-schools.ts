import type { Tx } from '@socle/db';
import type { Degree } from '../aaf/file-name.ts';
import type { FeedRecord } from '../aaf/read-file.ts';

const TYPES: Readonly<Record<string, readonly string[]>> = { college: ['COLLEGE'], lycee: ['LYCEE'] };

/** What is known of these schools, as a feed would say it: their classes are not listed, for none is ever taken away. */
export async function loadKnownSchools(
  tx: Tx,
  of: { readonly academyCode: string; readonly degree: Degree; readonly keys: readonly string[] },
): Promise<ReadonlyMap<string, FeedRecord>> {
  const rows = await tx.query<{ join_key: string; uai: string; name: string; kind: string }>(
    `SELECT s.join_key, s.uai, s.name, s.kind FROM directory.schools s
     JOIN directory.academies a ON a.id = s.academy_id AND a.code = $1
     WHERE s.degree = $2 AND s.join_key = ANY ($3::text[])`,
    [of.academyCode, of.degree, of.keys],
  );
  return new Map(
    rows.map((row) => [
      row.join_key,
      {
        operation: 'add',
        category: 'EtabEducNat',
        id: row.join_key,
        attributes: new Map([
          ['ENTStructureJointure', [row.join_key]],
          ['ENTStructureUAI', [row.uai]],
          ['ENTStructureNomCourant', [row.name]],
          ['ENTStructureTypeStruct', TYPES[row.kind] ?? []],
        ]),
      },
    ]),
  );
}
