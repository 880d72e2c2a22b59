import type { ControllerId } from '@socle/base';
import type { Tx } from '@socle/db';
import { normaliseAcademy } from '../aaf/values.ts';
import { refuse } from '../errors.ts';
import type { AcademyId } from '../ids.ts';
import { ensureController, loadAcademies } from '../schools/schools.ts';
import type { FeedSource, RosterFormat, WantedSource } from './roster-plan.ts';

/** What the caller says of where a feed comes from; what is left out is found from the schools. */
export interface SourceChoice {
  /** Lower-case letters, digits and `_`. Default: the format. */
  readonly source?: string;
  /** Code of the controller. Default: that of the schools. */
  readonly controller?: string;
  /** Makes the controller, an owner, when its code is not known. */
  readonly controllerName?: string;
  /** Default: that of the schools, or the only one here. */
  readonly academy?: string;
}

interface KnownSchool {
  readonly uai: string;
  readonly controller: ControllerId;
  readonly academy: string;
}

/**
 * Settles the source of a feed that names these schools, and its academy. Writes nothing.
 *
 * @throws DirectoryError `feed_source_invalid`, `feed_source_of_another_controller`, `feed_source_unbound`,
 *   `controller_unknown`, `feed_academy_unknown`, `feed_school_of_another_controller`.
 */
export async function chooseSource(
  tx: Tx,
  format: RosterFormat,
  choice: SourceChoice,
  uais: readonly string[],
): Promise<{ readonly wanted: WantedSource; readonly academyCode: string }> {
  const name = choice.source ?? format;
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(name)) {
    throw refuse(
      'feed_source_invalid',
      422,
      'The name of a source is 1 to 31 lower-case letters, digits or "_", and begins with a letter.',
    );
  }
  const schools = await tx.query<KnownSchool>(
    `SELECT s.uai, s.controller_id AS controller, a.code AS academy FROM directory.schools s
     JOIN directory.academies a ON a.id = s.academy_id WHERE s.uai = ANY ($1::text[]) ORDER BY s.uai`,
    [uais],
  );
  const [bound] = await tx.query<{ format: string; controller: ControllerId; academy: string }>(
    `SELECT f.format, f.controller_id AS controller, a.code AS academy FROM directory.feed_sources f
     JOIN directory.academies a ON a.id = f.academy_id WHERE f.name = $1`,
    [name],
  );
  if (bound && choice.academy !== undefined && normaliseAcademy(choice.academy) !== bound.academy) {
    throw refuse(
      'feed_of_another_academy',
      422,
      'This source feeds schools of another academy than the one that was named. Name another source.',
    );
  }
  const controller = await chooseController(tx, choice, bound?.controller, schools);
  const [first] = schools;
  const other = schools.find((school) => !('id' in controller) || school.controller !== controller.id);
  if (bound && (bound.format !== format || !('id' in controller) || bound.controller !== controller.id)) {
    throw refuse(
      'feed_source_of_another_controller',
      409,
      `The source ${name} is bound to another format or another controller. Name another with --source.`,
      { source: name },
    );
  }
  if (other) {
    throw refuse(
      'feed_school_of_another_controller',
      409,
      `The school ${other.uai} belongs to another controller. A source feeds the schools of one controller only.`,
      { school: other.uai },
    );
  }
  const academyCode = bound?.academy ?? choice.academy ?? first?.academy ?? (await onlyAcademy(tx));
  return { wanted: { name, format, controller }, academyCode };
}

async function chooseController(
  tx: Tx,
  choice: SourceChoice,
  bound: ControllerId | undefined,
  schools: readonly KnownSchool[],
): Promise<WantedSource['controller']> {
  if (choice.controller !== undefined) {
    const [known] = await tx.query<{ id: ControllerId }>(
      'SELECT id FROM directory.controllers WHERE code = $1',
      [choice.controller],
    );
    if (known) return { id: known.id };
    if (choice.controllerName && /^[A-Za-z0-9:_.-]{1,64}$/.test(choice.controller)) {
      return { code: choice.controller, name: choice.controllerName.slice(0, 200) };
    }
    throw refuse(
      'controller_unknown',
      422,
      'No controller has this code. Name one that is known, or give its name too (--controller-name) to make it.',
    );
  }
  const id = bound ?? schools[0]?.controller;
  if (id) return { id };
  throw refuse(
    'feed_source_unbound',
    422,
    'None of these schools is known here, so it is not clear who answers for them. Name the controller with --controller.',
  );
}

async function onlyAcademy(tx: Tx): Promise<string> {
  const academies = await loadAcademies(tx);
  if (academies.length === 1) return academies[0]!.code;
  throw refuse(
    'feed_academy_unknown',
    422,
    'The feed does not say its academy. Name it with the academy’s code.',
  );
}

/** Writes the source down where it is new, and its controller. */
export async function bindSource(
  tx: Tx,
  wanted: WantedSource,
  academy: AcademyId,
  at: Date,
): Promise<FeedSource> {
  const { name, format } = wanted;
  const controller =
    'id' in wanted.controller
      ? wanted.controller.id
      : await ensureController(tx, { ...wanted.controller, kind: 'owner', at });
  await tx.query(
    `INSERT INTO directory.feed_sources (name, format, controller_id, academy_id, created_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING`,
    [name, format, controller, academy, at],
  );
  return { name, format, controller };
}
