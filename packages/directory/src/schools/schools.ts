import { newId, type ControllerId, type SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import type { AcademyId, RegionId } from '../ids.ts';

export interface School {
  readonly id: SchoolId;
  /** National number: 7 digits and a letter. */
  readonly uai: string;
  readonly name: string;
  readonly kind: 'primary' | 'college' | 'lycee' | 'other';
  readonly degree: '1D' | '2D';
  readonly academy: AcademyId;
  readonly region: RegionId;
  readonly controller: ControllerId;
  /** BCP 47; its own, or that of the nearest entity above. */
  readonly language: string;
  /** IANA; its own, or that of the nearest entity above. */
  readonly timeZone: string;
  /** ISO 3166-1: whose law holds, as the nearest entity says. */
  readonly law: string;
}

export interface SchoolFilter {
  readonly ids?: readonly SchoolId[];
  readonly academy?: AcademyId;
  readonly uais?: readonly string[];
}

/** Schools that the transaction's scope shows, sorted by name. Those that left the feed are included. */
export async function loadSchools(tx: Tx, filter: SchoolFilter = {}): Promise<readonly School[]> {
  const rows = await tx.query<{
    id: SchoolId;
    uai: string;
    name: string;
    kind: School['kind'];
    degree: School['degree'];
    academy_id: AcademyId;
    region_id: RegionId;
    controller_id: ControllerId;
    language: string;
    time_zone: string;
    law: string;
  }>(
    `SELECT s.id, s.uai, s.name, s.kind, s.degree, s.academy_id, a.region_id, s.controller_id, f.language, f.time_zone,
       f.law
     FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id
     CROSS JOIN LATERAL directory.entity_settings(s.id) f
     WHERE ($1::uuid[] IS NULL OR s.id = ANY ($1::uuid[])) AND ($2::uuid IS NULL OR s.academy_id = $2::uuid)
       AND ($3::text[] IS NULL OR s.uai = ANY ($3::text[]))
     ORDER BY s.name, s.id`,
    [filter.ids ?? null, filter.academy ?? null, filter.uais ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    uai: row.uai,
    name: row.name,
    kind: row.kind,
    degree: row.degree,
    academy: row.academy_id,
    region: row.region_id,
    controller: row.controller_id,
    language: row.language,
    timeZone: row.time_zone,
    law: row.law,
  }));
}

export interface Academy {
  readonly id: AcademyId;
  readonly code: string;
  readonly name: string;
  readonly region: RegionId;
  readonly controller: ControllerId;
}

/** The academies, sorted by code. */
export async function loadAcademies(tx: Tx): Promise<readonly Academy[]> {
  return tx.query<Academy>(
    `SELECT id, code, name, region_id AS region, controller_id AS controller FROM directory.academies ORDER BY code`,
  );
}

/**
 * Gives the academy of this code, made on first sight with a region and a controller of its own.
 * Needs the scope of all.
 */
export async function ensureAcademy(
  tx: Tx,
  academy: { readonly code: string; readonly name?: string; readonly region?: string; readonly at: Date },
): Promise<Academy> {
  const name = academy.name ?? `Académie ${academy.code}`;
  const region = academy.region ?? `academie-${academy.code}`;
  await tx.query(
    `INSERT INTO directory.regions (id, code, name) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING`,
    [newId(academy.at), region, academy.region ?? name],
  );
  const controller = await ensureController(tx, {
    code: `academy:${academy.code}`,
    name,
    kind: 'academy',
    at: academy.at,
  });
  await tx.query(
    `INSERT INTO directory.academies (id, code, name, region_id, controller_id)
     SELECT $1, $2, $3, r.id, $5 FROM directory.regions r WHERE r.code = $4 ON CONFLICT (code) DO NOTHING`,
    [newId(academy.at), academy.code, name, region, controller],
  );
  const [row] = await tx.query<Academy>(
    `SELECT id, code, name, region_id AS region, controller_id AS controller FROM directory.academies WHERE code = $1`,
    [academy.code],
  );
  return row!;
}

/** Gives the controller of this code, made on first sight. Needs the scope of all. */
export async function ensureController(
  tx: Tx,
  controller: {
    readonly code: string;
    readonly name: string;
    readonly kind: 'head_of_school' | 'academy' | 'owner';
    readonly at: Date;
  },
): Promise<ControllerId> {
  await tx.query(
    `INSERT INTO directory.controllers (id, code, name, kind, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (code) DO NOTHING`,
    [newId(controller.at), controller.code, controller.name, controller.kind, controller.at],
  );
  const [row] = await tx.query<{ id: ControllerId }>('SELECT id FROM directory.controllers WHERE code = $1', [
    controller.code,
  ]);
  return row!.id;
}
