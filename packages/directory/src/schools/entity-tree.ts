import { newId, type Branded, type ControllerId } from '@socle/base';
import { sqlState, type Tx } from '@socle/db';
import { refuse } from '../errors.ts';
import type { WriteContext } from '../people/grant-role.ts';

/** A node of the tree of entities. Regions, academies and schools have the id that they have elsewhere. */
export type EntityId = Branded<'EntityId'>;

export type EntityKind = 'network' | 'owner' | 'region' | 'academy' | 'department' | 'commune' | 'school';

/** What a node may say for itself and for what stands below it. */
export interface EntitySettings {
  /** BCP 47, `fr` or `fr-FR`. */
  readonly language: string;
  /** IANA. */
  readonly timeZone: string;
  /** Law of the place: ISO 3166-1, two letters. */
  readonly law: string;
}

export interface Entity {
  readonly id: EntityId;
  readonly kind: EntityKind;
  /** Unique among nodes of its kind: INSEE number of a commune, UAI of a school, … */
  readonly code: string;
  readonly name: string;
  readonly parent?: EntityId;
  /** Who answers for it (art. 4.7 GDPR): its own controller, or that of the nearest node above. */
  readonly controller?: ControllerId;
  /** What holds here: its own word, that of the nearest node above that says it, else `fr`, `Europe/Paris`, `FR`. */
  readonly settings: EntitySettings;
  /** What the node itself says. */
  readonly says: Partial<EntitySettings>;
}

/** Reads one node; undefined when there is none that the transaction's scope shows. */
export async function findEntity(tx: Tx, id: EntityId): Promise<Entity | undefined> {
  const [row] = await tx.query<EntityRow>(`${SELECT_ENTITIES} WHERE e.id = $1`, [id]);
  return row && readEntity(row);
}

/** Reads the node of this kind and code; undefined when there is none that the transaction's scope shows. */
export async function findEntityByCode(tx: Tx, kind: EntityKind, code: string): Promise<Entity | undefined> {
  const [row] = await tx.query<EntityRow>(`${SELECT_ENTITIES} WHERE e.kind = $1 AND e.code = $2`, [
    kind,
    code,
  ]);
  return row && readEntity(row);
}

/** The nodes that stand right below one, or (undefined) the roots, sorted by kind and name. */
export async function loadEntitiesBelow(tx: Tx, parent: EntityId | undefined): Promise<readonly Entity[]> {
  const rows = await tx.query<EntityRow>(
    `${SELECT_ENTITIES} WHERE e.parent_id IS NOT DISTINCT FROM $1 ORDER BY e.kind, e.name, e.id`,
    [parent ?? null],
  );
  return rows.map(readEntity);
}

/** The nodes from a root down to one, that one last: a trail to show above a page. */
export async function loadEntityTrail(tx: Tx, id: EntityId): Promise<readonly Entity[]> {
  const rows = await tx.query<EntityRow>(
    `WITH RECURSIVE above AS (
       SELECT e.id, e.parent_id, 0 AS distance FROM directory.entities e WHERE e.id = $1
       UNION ALL SELECT p.id, p.parent_id, a.distance + 1 FROM above a JOIN directory.entities p ON p.id = a.parent_id
     ) ${SELECT_ENTITIES} JOIN above a ON a.id = e.id ORDER BY a.distance DESC`,
    [id],
  );
  return rows.map(readEntity);
}

/** A département or a commune, in an academy; an owner or a network of schools abroad, with its controller. */
export type NewEntity = {
  readonly code: string;
  readonly name: string;
  readonly says?: Partial<EntitySettings>;
} & (
  | {
      readonly kind: 'department' | 'commune';
      readonly parent: EntityId;
      readonly controller?: ControllerId;
    }
  | {
      readonly kind: 'network' | 'owner';
      readonly parent?: EntityId;
      readonly controller: ControllerId;
    }
);

/**
 * Adds a node and logs `directory.entity.opened`. Needs the scope of all.
 *
 * @throws DirectoryError `entity_exists`; `entity_misplaced` when it does not belong below that parent (a commune stands
 *   below a département, that below an academy, an owner below a network or nothing), or a setting is not one.
 */
export async function openEntity(tx: Tx, entity: NewEntity, context: WriteContext): Promise<EntityId> {
  const id = newId<EntityId>(context.at);
  const { says = {} } = entity;
  await refuseMisplaced(() =>
    tx.query(
      `INSERT INTO directory.entities (id, kind, code, name, parent_id, controller_id, language, time_zone, law, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        entity.kind,
        entity.code,
        entity.name,
        entity.parent ?? null,
        entity.controller ?? null,
        says.language ?? null,
        says.timeZone ?? null,
        says.law ?? null,
        context.at,
      ],
    ),
  );
  await log(tx, id, 'directory.entity.opened', context);
  return id;
}

/**
 * Places a node (a school in its commune or under its owner) below another, and logs `directory.entity.placed`. A feed
 * does not move it back.
 *
 * @throws DirectoryError `entity_unknown` when the scope does not show it for writing; `entity_misplaced`.
 */
export async function placeEntity(
  tx: Tx,
  id: EntityId,
  parent: EntityId,
  context: WriteContext,
): Promise<void> {
  const [placed] = await refuseMisplaced(() =>
    tx.query('UPDATE directory.entities SET parent_id = $2 WHERE id = $1 RETURNING id', [id, parent]),
  );
  if (!placed) throw unknownEntity();
  await log(tx, id, 'directory.entity.placed', context);
}

/**
 * Has a node say a language, a time zone or a law, or (null) say it no longer; what is not named stays. Logs
 * `directory.entity.changed`. A time zone moves the instant at which pupils below come of age.
 *
 * @throws DirectoryError `entity_unknown`, `entity_misplaced` for a setting that is not one.
 */
export async function changeEntitySettings(
  tx: Tx,
  id: EntityId,
  says: { readonly [Name in keyof EntitySettings]?: string | null },
  context: WriteContext,
): Promise<void> {
  const columns = { language: 'language', timeZone: 'time_zone', law: 'law' } as const;
  const named = (['language', 'timeZone', 'law'] as const).filter((name) => says[name] !== undefined);
  const [row] = await tx.query<{ kind: EntityKind }>(
    'SELECT kind FROM directory.entities WHERE id = $1 FOR UPDATE',
    [id],
  );
  if (!row) throw unknownEntity();
  for (const name of named) {
    // A school's language and time zone live in its own table, from where they are mirrored.
    const table = row.kind === 'school' && name !== 'law' ? 'schools' : 'entities';
    await refuseMisplaced(() =>
      tx.query(`UPDATE directory.${table} SET ${columns[name]} = $2 WHERE id = $1`, [id, says[name] ?? null]),
    );
  }
  await log(tx, id, 'directory.entity.changed', context);
}

interface EntityRow {
  readonly id: EntityId;
  readonly kind: EntityKind;
  readonly code: string;
  readonly name: string;
  readonly parent_id: EntityId | null;
  readonly controller_in_force: ControllerId | null;
  readonly language: string | null;
  readonly time_zone: string | null;
  readonly law: string | null;
  readonly language_in_force: string;
  readonly time_zone_in_force: string;
  readonly law_in_force: string;
}

const SELECT_ENTITIES = `
  SELECT e.id, e.kind, e.code, e.name, e.parent_id, e.language, e.time_zone, e.law,
    f.language AS language_in_force, f.time_zone AS time_zone_in_force, f.law AS law_in_force,
    f.controller_id AS controller_in_force
  FROM directory.entities e CROSS JOIN LATERAL directory.entity_settings(e.id) f`;

function readEntity(row: EntityRow): Entity {
  return {
    id: row.id,
    kind: row.kind,
    code: row.code,
    name: row.name,
    ...(row.parent_id ? { parent: row.parent_id } : {}),
    ...(row.controller_in_force ? { controller: row.controller_in_force } : {}),
    settings: {
      language: row.language_in_force,
      timeZone: row.time_zone_in_force,
      law: row.law_in_force,
    },
    says: {
      ...(row.language ? { language: row.language } : {}),
      ...(row.time_zone ? { timeZone: row.time_zone } : {}),
      ...(row.law ? { law: row.law } : {}),
    },
  };
}

const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

async function refuseMisplaced<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) === UNIQUE_VIOLATION)
      throw refuse('entity_exists', 409, 'There is one with this code already.');
    if (sqlState(error) === CHECK_VIOLATION)
      throw refuse('entity_misplaced', 422, 'This does not belong there, or a setting of it is not one.');
    throw error;
  }
}

function unknownEntity() {
  return refuse('entity_unknown', 404, 'This entity is not known here.');
}

async function log(tx: Tx, id: EntityId, action: string, context: WriteContext): Promise<void> {
  // A region has no controller: the first of its academies stands for it.
  const [row] = await tx.query<{ controller_id: ControllerId; kind: string }>(
    `SELECT coalesce(f.controller_id, (SELECT b.controller_id FROM directory.entities b WHERE b.parent_id = e.id
       ORDER BY b.code LIMIT 1)) AS controller_id, e.kind
     FROM directory.entities e, directory.entity_settings(e.id) f WHERE e.id = $1`,
    [id],
  );
  await context.audit.append(tx, {
    controller: row!.controller_id,
    actor: context.author,
    action,
    target: { kind: 'entity', id },
    outcome: 'success',
    detail: { kind: row!.kind },
  });
}
