import type { AreaRoutes } from '../../area.ts';
import { renderHome } from './home-page.ts';
import { loadWaiting } from './waiting.ts';

/** `/school`: the schools where this person acts, and what waits for them there. */
export function homeRoutes({ get }: AreaRoutes): void {
  get('/school', async (visit) => visit.page(renderHome(visit, await loadWaiting(visit))), {
    duringView: true,
  });
}
