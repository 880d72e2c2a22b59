import type { Area } from '../area.ts';
import { renderDevices } from './devices-page.ts';
import { byMyself } from './require-recent.ts';
import { strings } from './strings.ts';

/** `/account/devices`: sees the open sessions, ends one or all others. */
export function registerDeviceRoutes({ get, post }: Parameters<Area['routes']>[0]): void {
  get(
    '/account/devices',
    async (visit) =>
      visit.page(renderDevices(visit, await visit.socle.identity.sessions.list(visit.session.accountId))),
    { duringView: true },
  );

  post('/account/devices/:id/ended', async (visit) => {
    const { sessions } = visit.socle.identity;
    // Somebody else's session is not found here, whatever its id.
    const own = (await sessions.list(visit.session.accountId)).find(({ id }) => id === visit.params['id']);
    if (own) await sessions.end(own.id, byMyself(visit));
    return visit.redirect('/account/devices', { kind: 'good', title: strings[visit.language].endedOne });
  });

  post('/account/devices/ended', async (visit) => {
    const { session } = visit;
    await visit.socle.identity.sessions.endAll(session.accountId, byMyself(visit), { except: session.id });
    return visit.redirect('/account/devices', { kind: 'good', title: strings[visit.language].endedAll });
  });
}
