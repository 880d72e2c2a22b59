import type { AreaRoutes } from '../../area.ts';
import { loadEntry } from './load-entry.ts';
import { mayView } from '../views/routes.ts';
import { renderPerson } from './person-page.ts';
import { findPeople, loadChoices, readSearch } from './search.ts';
import { renderSearch } from './search-page.ts';

/** `/school/people`: find somebody, and read their entry. Names travel in forms, never in addresses. */
export function peopleRoutes({ get, post }: AreaRoutes): void {
  get('/school/people', async (visit) =>
    visit.page(renderSearch(visit, { choices: await loadChoices(visit), search: {} })),
  );

  post('/school/people', async (visit, fields) => {
    const choices = await loadChoices(visit);
    const search = readSearch(fields, choices);
    if (Object.keys(search).length === 0)
      return visit.page(renderSearch(visit, { choices, search, missing: true }));
    return visit.page(renderSearch(visit, { choices, search, found: await findPeople(visit, search) }));
  });

  get('/school/people/:person', async (visit) => {
    const entry = await loadEntry(visit);
    return visit.page(renderPerson(visit, entry, await mayView(visit, entry.person.id)));
  });
}
