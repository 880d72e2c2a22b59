import { openLogReader } from '@socle/audit';
import type { Area } from '../area.ts';
import { registerOwnAccessPages } from './access/routes.ts';
import { renderActivity } from './activity-page.ts';
import { registerDeviceRoutes } from './device-routes.ts';
import { strings as emergencyStrings } from '../security/emergency/strings.ts';
import { registerEmergencyPages } from './emergency/routes.ts';
import { registerFactorRoutes } from './factor-routes.ts';
import { registerPasskeyRoutes } from './passkey-routes.ts';
import { registerPortalPages } from './portal/routes.ts';
import { renderServices } from './services-page.ts';
import { strings } from './strings.ts';
import { registerViewEnd } from './view-end.ts';

const PLATFORM = 'platform';
const SHOWN_EVENTS = 50;

/** `/account`: what somebody signs in with, where they are signed in, and what leaves about them. */
export const accountArea: Area = {
  id: 'account',
  path: '/account',
  icon: 'user',
  label: { fr: strings.fr.area, en: strings.en.area },
  opensFor: () => true,
  duringView: true,
  sections: [
    { label: { fr: strings.fr.security, en: strings.en.security }, path: '/account', duringView: true },
    { label: { fr: strings.fr.devices, en: strings.en.devices }, path: '/account/devices', duringView: true },
    {
      label: { fr: strings.fr.services, en: strings.en.services },
      path: '/account/services',
      duringView: true,
    },
    { label: { fr: strings.fr.activity, en: strings.en.activity }, path: '/account/activity' },
    { label: { fr: strings.fr.access, en: strings.en.access }, path: '/account/access' },
    {
      label: { fr: emergencyStrings.fr.tab, en: emergencyStrings.en.tab },
      path: '/account/emergency',
      opensFor: (visitor) => visitor.holds('head', 'cpe', 'academy_admin', 'security_officer'),
    },
  ],
  routes(routes) {
    registerFactorRoutes(routes);
    registerPasskeyRoutes(routes);
    registerDeviceRoutes(routes);
    registerOwnAccessPages(routes);
    registerEmergencyPages(routes);
    registerPortalPages(routes);
    registerViewEnd(routes);

    routes.get(
      '/account/services',
      async (visit) =>
        visit.page(renderServices(visit, await visit.socle.identity.receipts.list(visit.session.accountId))),
      { duringView: true },
    );
    routes.post('/account/services/:client/withdrawn', async (visit) => {
      await visit.socle.identity.receipts.withdraw(visit.session.accountId, visit.params['client'] ?? '');
      return visit.redirect('/account/services', { kind: 'good', title: strings[visit.language].withdrawn });
    });

    routes.post('/account/notices/seen', async (visit, fields) => {
      const until = new Date(fields['until'] ?? '');
      if (!Number.isNaN(until.getTime())) {
        // Kept in the database to the microsecond, told to the page to the millisecond.
        await visit.socle.identity.notices.markSeen(visit.session.personId, new Date(until.getTime() + 1));
      }
      return visit.redirect('/');
    });

    routes.get('/account/activity', async (visit) => {
      const { session, socle } = visit;
      const { events } = await openLogReader(socle).search(
        {
          reader: { kind: 'person', id: session.personId },
          controller: session.person.controller ?? PLATFORM,
          purpose: 'own-activity',
          scope: 'all',
        },
        { person: session.personId, module: 'identity', limit: SHOWN_EVENTS },
      );
      return visit.page(renderActivity(visit, events, await socle.identity.notices.list(session.personId)));
    });
  },
};
