import type { ControllerId, SchoolId } from '@socle/base';
import type { Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { AcademyId, RegionId } from '../ids.ts';
import type { EntityId, EntityKind } from '../schools/entity-tree.ts';
import type { AdministrativeScope } from './roles-of-administration.ts';

/** One place where a role of administration is held, with what stands above it. */
export interface AdministeredPlace {
  readonly scope: AdministrativeScope;
  /** The school's, academy's or region's id. */
  readonly id: string;
  readonly school?: SchoolId;
  readonly academy?: AcademyId;
  readonly region: RegionId;
  readonly name: string;
  readonly controller: ControllerId;
}

interface PlaceRow {
  readonly id: string;
  readonly name: string;
  readonly academy: AcademyId | null;
  readonly region: RegionId;
  readonly controller: ControllerId | null;
}

/**
 * What a node of the tree stands for: a school, an academy or a region for itself; a département, a commune, an owner or a
 * network for the schools that stand below it now. What is moved there later is not among them. The schools are locked
 * against a change of academy until the end of the transaction when `isLocking`.
 *
 * @throws DirectoryError `entity_unknown` when there is none, or no school stands below it.
 */
export async function loadAdministeredPlaces(
  tx: Tx,
  entity: EntityId,
  isLocking = false,
): Promise<readonly AdministeredPlace[]> {
  const [node] = await tx.query<{ kind: EntityKind }>('SELECT kind FROM directory.entities WHERE id = $1', [
    entity,
  ]);
  const rows = node === undefined ? [] : await loadRows(tx, entity, node.kind, isLocking);
  if (rows.length === 0) throw refuse('entity_unknown', 404, 'This place is not known here.');
  return rows.map(({ id, name, academy, region, controller }) => {
    const isAcademy = node?.kind === 'academy';
    const shared = { id, name, region, controller: controller! };
    if (node?.kind === 'region') return { ...shared, scope: 'region' };
    if (isAcademy) return { ...shared, scope: 'academy', academy: id as AcademyId };
    return { ...shared, scope: 'school', school: id as SchoolId, academy: academy! };
  });
}

function loadRows(tx: Tx, entity: EntityId, kind: EntityKind, isLocking: boolean): Promise<PlaceRow[]> {
  if (kind === 'region') {
    // a region has no controller: the first of its academies stands for it
    return tx.query<PlaceRow>(
      `SELECT r.id, r.name, NULL AS academy, r.id AS region, a.controller_id AS controller FROM directory.regions r
       JOIN directory.academies a ON a.region_id = r.id WHERE r.id = $1 ORDER BY a.code LIMIT 1`,
      [entity],
    );
  }
  if (kind === 'academy') {
    return tx.query<PlaceRow>(
      `SELECT id, name, id AS academy, region_id AS region, controller_id AS controller FROM directory.academies
       WHERE id = $1`,
      [entity],
    );
  }
  return tx.query<PlaceRow>(
    `WITH RECURSIVE below AS (
       SELECT id FROM directory.entities WHERE id = $1
       UNION ALL SELECT e.id FROM below b JOIN directory.entities e ON e.parent_id = b.id
     )
     SELECT s.id, s.name, s.academy_id AS academy, a.region_id AS region, s.controller_id AS controller
     FROM directory.schools s JOIN directory.academies a ON a.id = s.academy_id
     WHERE s.id IN (SELECT id FROM below) ORDER BY s.id ${isLocking ? 'FOR SHARE OF s' : ''}`,
    [entity],
  );
}
