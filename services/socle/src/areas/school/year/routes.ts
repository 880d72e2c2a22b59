import { isUuid, type SchoolId } from '@socle/base';
import {
  dropYear,
  endDueSessions,
  loadRollovers,
  prepareYear,
  switchYear,
  undoYear,
  type Rollover,
  type School,
} from '@socle/directory';
import { ServiceError } from '../../../errors.ts';
import type { AreaAnswer, AreaRoutes } from '../../area.ts';
import type { Visit, Visitor } from '../../visit.ts';
import { attempt } from '../attempt.ts';
import { authorOf } from '../author-of.ts';
import { loadYear } from './load-year.ts';
import { yearStrings } from './strings.ts';
import { listYears, renderConfirm, renderYear } from './year-page.ts';

const PATH = '/school/year';

/** The schools that the visitor may bring into their next year. */
export function listTurnedSchools({ context, may }: Pick<Visitor, 'context' | 'may'>): readonly School[] {
  return context.schools.filter(({ id }) =>
    may('directory.school.turn_year', { type: 'directory.school', school: id }),
  );
}

/** `/school/year`: the next year of a school, prepared, looked at, switched to, taken back. */
export function yearRoutes({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    const schools = listTurnedSchools(visit);
    const [first] = schools;
    if (!first) {
      const [school] = visit.context.schools;
      await visit.requireMay('directory.school.turn_year', {
        type: 'directory.school',
        ...(school ? { school: school.id } : {}),
      });
      throw new Error('who turns the year of no school is refused');
    }
    const wanted = schools.find(({ id }) => id === visit.query('school')) ?? first;
    return visit.page(renderYear(visit, schools, await loadYear(visit, wanted)));
  });

  post(`${PATH}/:school/prepare`, async (visit, fields) => {
    const school = await requireSchool(visit);
    const words = yearStrings[visit.language];
    const schoolYear = listYears(visit.now).find((year) => year === fields['year']);
    if (!schoolYear) return visit.redirect(pathOf(school), { kind: 'danger', title: words.yearMissing });
    return attempt(visit, pathOf(school), { kind: 'good', title: words.prepared(schoolYear) }, () =>
      visit.socle.database.transaction(
        (tx) =>
          prepareYear(tx, { school: school.id, schoolYear, by: visit.session.personId }, authorOf(visit)),
        { scope: [school.controller] },
      ),
    );
  });

  for (const act of ['switch', 'drop', 'undo'] as const) {
    get(`${PATH}/:school/${act}`, async (visit) => {
      const year = await loadYear(visit, await requireSchool(visit));
      const found = act === 'undo' ? year.latest : year.open;
      if (!found || (act === 'switch' && !year.preview)) return visit.redirect(pathOf(year.school));
      return visit.page(renderConfirm(visit, year, found, act));
    });
  }

  post(`${PATH}/:school/drop`, (visit, fields) =>
    actOn(
      visit,
      fields,
      (words) => ({ kind: 'good', title: words.dropped }),
      async (rollover, school) => {
        await visit.socle.database.transaction((tx) => dropYear(tx, rollover.id, authorOf(visit)), {
          scope: [school.controller],
        });
      },
    ),
  );

  // who leaves is told by their roles elsewhere: both look beyond the school
  post(`${PATH}/:school/switch`, (visit, fields) =>
    actOn(
      visit,
      fields,
      (words, { schoolYear }) => ({
        kind: 'good',
        title: words.switchedFlash(schoolYear),
        text: words.sessionsEnd,
      }),
      async (rollover) => {
        await visit.socle.database.transaction(
          (tx) => switchYear(tx, rollover.id, visit.session.personId, authorOf(visit)),
          { scope: 'all' },
        );
        await endSessions(visit);
      },
    ),
  );

  post(`${PATH}/:school/undo`, (visit, fields) =>
    actOn(
      visit,
      fields,
      (words) => ({ kind: 'good', title: words.undoneFlash }),
      async (rollover) => {
        await visit.socle.database.transaction(
          (tx) => undoYear(tx, rollover.id, visit.session.personId, authorOf(visit)),
          { scope: 'all' },
        );
        await endSessions(visit);
      },
    ),
  );
}

/** Ends the sessions of those who lost a right. What a crash leaves is ended when the service starts. */
async function endSessions({ socle }: Visit): Promise<void> {
  const { database, directoryPorts, clock } = socle;
  await endDueSessions(database, directoryPorts.sessions, () => clock.now());
}

/** Does something to the rollover of a form, which must be of the school in the address. */
async function actOn(
  visit: Visit,
  fields: Readonly<Record<string, string>>,
  done: (words: (typeof yearStrings)['fr'], rollover: Rollover) => Parameters<typeof attempt>[2],
  act: (rollover: Rollover, school: School) => Promise<void>,
): Promise<AreaAnswer> {
  const school = await requireSchool(visit);
  const rollovers = await visit.socle.database.transaction((tx) => loadRollovers(tx, school.id), {
    scope: [school.controller],
    readOnly: true,
  });
  const rollover = rollovers.find(({ id }) => id === fields['rollover']);
  if (!rollover) throw notFound();
  return attempt(visit, pathOf(school), done(yearStrings[visit.language], rollover), () =>
    act(rollover, school),
  );
}

/** @throws ServiceError `access_denied` (403), logged, for those who may not turn the year of the school in the address. */
async function requireSchool(visit: Visit): Promise<School> {
  const given = visit.params['school'];
  await visit.requireMay('directory.school.turn_year', {
    type: 'directory.school',
    ...(isUuid(given) ? { school: given as SchoolId } : {}),
  });
  const school = visit.context.schools.find(({ id }) => id === given);
  if (school) return school;
  throw notFound();
}

function pathOf({ id }: School): string {
  return `${PATH}?school=${id}`;
}

function notFound(): ServiceError {
  return new ServiceError('not_found', { status: 404, publicMessage: 'There is no such year.' });
}
