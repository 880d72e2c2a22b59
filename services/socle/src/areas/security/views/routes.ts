import { button, emptyState, form, nothing, section } from '@socle/pages';
import { ServiceError } from '../../../errors.ts';
import type { ViewRow } from '../../../view-as/store.ts';
import type { AreaRoutes } from '../../area.ts';
import { viewStrings } from '../../school/views/strings.ts';
import { isOpenView, loadViewNames, viewTable } from '../../school/views/view-table.ts';
import type { Visit } from '../../visit.ts';
import { ACT, requireFactor } from '../switches/targets.ts';

const PATH = '/security/views';
const READ = 'security.system.read';

const placeOf = ({ school_id }: ViewRow) => ({ type: 'security.system', school: school_id }) as const;

/** `/security/views`: who saw in whose place and why, in the schools that are the visitor's; open ones can be ended. */
export function registerViewPages({ get, post }: AreaRoutes): void {
  get(PATH, async (visit) => {
    const { language, now } = visit;
    const words = viewStrings[language];
    const rows = await loadWatched(visit);
    const names = await loadViewNames(visit, rows);
    const mayEnd = (row: ViewRow) => isOpenView(row, now) && visit.may(ACT, placeOf(row));
    const endForm = (row: ViewRow) => {
      if (!mayEnd(row)) return nothing;
      const about = names.get(row.seen_id)?.displayName ?? '';
      return form({
        action: `${PATH}/${row.id}/ended`,
        fields: visit.fields(),
        label: `${words.end} ${about}`,
        body: button({ label: words.end, kind: 'danger', about }),
      });
    };
    return visit.page({
      title: words.securityTitle(rows.filter((row) => isOpenView(row, now)).length),
      lead: words.securityLead,
      body:
        rows.length === 0
          ? emptyState({ icon: 'eye-off', title: words.securityNone, text: words.securityNoneText })
          : section({
              title: words.list,
              body: viewTable(visit, rows, names, rows.some(mayEnd) ? endForm : undefined),
            }),
    });
  });

  post(`${PATH}/:id/ended`, async (visit) => {
    requireFactor(visit, PATH);
    const { socle, session, params, language } = visit;
    const row = (await loadWatched(visit)).find(({ id }) => id === params['id']);
    if (!row) throw new ServiceError('not_found', { status: 404, publicMessage: 'There is no such view.' });
    await visit.requireMay(ACT, placeOf(row));
    await socle.views.end(row.id, { kind: 'person', id: session.personId }, 'officer');
    return visit.redirect(PATH, { kind: 'good', title: viewStrings[language].ended });
  });
}

async function loadWatched(visit: Visit): Promise<readonly ViewRow[]> {
  const rows = await visit.socle.views.list();
  return rows.filter((row) => visit.may(READ, placeOf(row)));
}
