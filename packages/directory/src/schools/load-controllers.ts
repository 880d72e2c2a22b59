import type { ControllerId } from '@socle/base';
import type { Tx } from '@socle/db';

/** A part of the territory: one school, the schools of an academy, or those of a region. */
export interface Place {
  readonly school?: string;
  readonly academy?: string;
  readonly region?: string;
}

/** The controllers (art. 4.7 GDPR) of a place: of its schools and, for an academy or a region, of the academies. Needs the scope of all. */
export async function loadControllersOf(tx: Tx, place: Place): Promise<readonly ControllerId[]> {
  const rows = await tx.query<{ controller: ControllerId }>(
    `SELECT DISTINCT controller_id AS controller FROM (
       SELECT s.controller_id FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id
       WHERE s.id = $1::uuid OR a.id = $2::uuid OR a.region_id = $3::uuid
       UNION ALL
       SELECT a.controller_id FROM directory.academies a WHERE a.id = $2::uuid OR a.region_id = $3::uuid
     ) AS held`,
    [place.school ?? null, place.academy ?? null, place.region ?? null],
  );
  return rows.map(({ controller }) => controller);
}
