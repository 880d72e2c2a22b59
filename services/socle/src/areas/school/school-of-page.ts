import { isUuid, type SchoolId } from '@socle/base';
import { loadSchools, type School } from '@socle/directory';
import { nothing, tabs, tileGrid, type Fragment } from '@socle/pages';
import { ServiceError } from '../../errors.ts';
import type { AreaAnswer } from '../area.ts';
import { placesWhere } from '../may-anywhere.ts';
import type { Visit } from '../visit.ts';

/** What somebody may do school by school, and where its pages stand: at `path`, and at `path/:school` for one school. */
export interface SchoolTask {
  readonly action: string;
  readonly type: string;
  readonly path: string;
}

/** Straight to the only school where the person has this task, else the choice of their schools. 403 without any. */
export async function chooseSchool(
  visit: Visit,
  task: SchoolTask,
  page: { readonly title: string; readonly lead: string; readonly back?: string },
): Promise<AreaAnswer> {
  const ids = placesWhere(visit, task.action, task.type).flatMap(({ school }) =>
    school === undefined ? [] : [school],
  );
  const [only] = ids;
  if (only === undefined) await visit.requireMay(task.action, { type: task.type });
  if (only !== undefined && ids.length === 1) return visit.redirect(`${task.path}/${only}`);
  const schools = await visit.socle.database.transaction(
    (tx) => loadSchools(tx, { ids: ids as SchoolId[] }),
    { scope: 'all', readOnly: true },
  );
  return visit.page({
    title: page.title,
    lead: page.lead,
    ...(page.back !== undefined && { back: { href: page.back }, tabs: false }),
    body: tileGrid(
      schools.map(({ id, name }) => ({ title: name, href: `${task.path}/${id}`, icon: 'school' })),
    ),
  });
}

/**
 * The school that the address names, when the person has the task there.
 *
 * @throws ServiceError `access_denied` (403), `not_found` (404).
 */
export async function requireSchool(visit: Visit, { action, type }: SchoolTask): Promise<School> {
  const id = visit.params['school'];
  if (isUuid(id)) {
    await visit.requireMay(action, { type, school: id });
    const [school] = await visit.socle.database.transaction(
      (tx) => loadSchools(tx, { ids: [id as SchoolId] }),
      { scope: 'all', readOnly: true },
    );
    if (school) return school;
  }
  throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such school.' });
}

/** The way from one of the person's schools to another, on a page of one school; nothing for whoever has one alone. */
export function schoolTabs(
  schools: readonly School[],
  page: { readonly path: string; readonly shown: SchoolId; readonly label: string },
): Fragment {
  if (schools.length < 2) return nothing;
  return tabs({
    label: page.label,
    items: schools.map(({ id, name }) => ({
      label: name,
      href: `${page.path}?school=${id}`,
      current: id === page.shown,
    })),
  });
}
