import { openLogReader } from '@socle/audit';
import { isUuid, type PersonId } from '@socle/base';
import { loadPersonCards, type PersonCard } from '@socle/directory';
import type { AreaRoutes } from '../../area.ts';
import type { Visit } from '../../visit.ts';
import { renderAccess } from './page.ts';
import { whoLooked } from './who-looked.ts';

const PLATFORM = 'platform';
const FETCHED = 100;

/** `/account/access`: who looked at one's own data, or at that of a child over whom one exercises authority (art. 15 GDPR). */
export function registerOwnAccessPages({ get }: AreaRoutes): void {
  get('/account/access', async (visit) => {
    const { session, socle, context } = visit;
    const asked = visit.query('child');
    // only a child of this parent, now: any other id is taken for not asked
    const child = context.children.find(({ child: { id } }) => id === asked)?.child;
    const after = visit.query('after');
    const { events, next } = await openLogReader(socle).search(
      {
        reader: { kind: 'person', id: session.personId },
        controller: session.person.controller ?? PLATFORM,
        purpose: child === undefined ? 'own-access' : 'access-of-own-child',
        scope: 'all',
      },
      {
        person: child?.id ?? session.personId,
        as: 'subject',
        limit: FETCHED,
        ...(isUuid(after) ? { after } : {}),
      },
    );
    // the service's own jobs look at nobody
    const shown = events.filter(
      (event) => event.actor.kind !== 'system' && whoLooked(event) !== session.personId,
    );
    const views = await socle.views.list(child?.id ?? session.personId);
    return visit.page(
      renderAccess(visit, {
        events: shown,
        next,
        views,
        cards: await loadReaders(visit, [
          ...shown.map(whoLooked),
          ...views.map(({ viewer_id }) => viewer_id),
        ]),
        ...(child && { child }),
      }),
    );
  });
}

/** Roles of those who looked: their names stay theirs. */
async function loadReaders(
  { socle, now }: Visit,
  people: readonly (PersonId | undefined)[],
): Promise<ReadonlyMap<PersonId, PersonCard>> {
  const ids = people.filter((id) => id !== undefined);
  return socle.database.transaction((tx) => loadPersonCards(tx, [...new Set(ids)], now), {
    scope: 'all',
    readOnly: true,
  });
}
