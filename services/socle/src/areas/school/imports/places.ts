import { isUuid, type SchoolId } from '@socle/base';
import {
  findImportRun,
  loadAcademies,
  type Academy,
  type ImportRun,
  type ImportRunId,
} from '@socle/directory';
import type { Tx } from '@socle/db';
import { ServiceError } from '../../../errors.ts';
import type { Visit, Visitor } from '../../visit.ts';

const TYPE = 'directory.import';

/** May the visitor follow the imports of some place? For the tabs. */
export function followsImports(visitor: Visitor): boolean {
  return visitor.facts.roles.some(({ scope, domain }) =>
    visitor.may('directory.import.read', { type: TYPE, [scope]: domain }),
  );
}

/** Which imports the visitor may follow, and run. */
export interface ImportPlaces {
  /** Academies whose imports they follow, whole or as far as their schools are concerned. */
  readonly academies: readonly Academy[];
  /** Academies whose feeds they bring in. */
  readonly runs: readonly Academy[];
  /** Academies that they follow whole: with join keys and every school. */
  readonly whole: ReadonlySet<string>;
  /** Schools of which they see what an import changed. */
  readonly schools: ReadonlySet<SchoolId>;
}

/** @throws ServiceError `access_denied` (403), logged, for those who follow no import. */
export async function requireImportPlaces(visit: Visit): Promise<ImportPlaces> {
  const all = await visit.socle.database.transaction((tx) => loadAcademies(tx), {
    scope: 'all',
    readOnly: true,
  });
  const at = ({ id, region }: Academy) => ({ type: TYPE, academy: id, region });
  const whole = all.filter((academy) => visit.may('directory.import.read', at(academy)));
  const schools = visit.context.schools.filter(({ id }) =>
    visit.may('directory.import.read', { type: TYPE, school: id }),
  );
  const own = new Set<string>(schools.map(({ academy }) => academy));
  const academies = all.filter((academy) => whole.includes(academy) || own.has(academy.id));
  if (academies.length === 0) {
    const [school] = visit.context.schools;
    await visit.requireMay('directory.import.read', { type: TYPE, ...(school ? { school: school.id } : {}) });
  }
  return {
    academies,
    runs: all.filter((academy) => visit.may('directory.import.run', at(academy))),
    whole: new Set(whole.map(({ id }) => id)),
    schools: new Set(schools.map(({ id }) => id)),
  };
}

/** Lets pass those who bring feeds in somewhere. @throws ServiceError `access_denied` (403), logged. */
export async function requireRuns(visit: Visit): Promise<ImportPlaces> {
  const places = await requireImportPlaces(visit);
  if (places.runs.length === 0) {
    const [first] = places.academies;
    await visit.requireMay('directory.import.run', { type: TYPE, ...(first ? { academy: first.id } : {}) });
  }
  return places;
}

/**
 * The run that the address names.
 *
 * @throws ServiceError `access_denied` (403), logged, for those who may not follow it, also for one that is not there.
 */
export async function requireRun(
  visit: Visit,
): Promise<{ readonly run: ImportRun; readonly places: ImportPlaces }> {
  const places = await requireImportPlaces(visit);
  const given = visit.params['run'];
  const run = isUuid(given)
    ? await visit.socle.database.transaction(
        (tx: Tx) => findImportRun(tx, given as string as ImportRunId, visit.now),
        { scope: 'all', readOnly: true },
      )
    : undefined;
  const isOwn = run?.academy === undefined && run?.startedBy.id === visit.session.personId;
  if (run && (isOwn || places.academies.some(({ id }) => id === run.academy))) return { run, places };
  await visit.requireMay('directory.import.read', {
    type: TYPE,
    ...(run?.academy ? { academy: run.academy } : {}),
  });
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such import.' });
}
