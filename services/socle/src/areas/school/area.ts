import type { Area } from '../area.ts';
import { accountRoutes } from './accounts/routes.ts';
import { vouchRoutes } from './accounts/vouch.ts';
import { vouchStrings } from './accounts/vouch-strings.ts';
import { strings } from './strings.ts';

/** `/school`: what the people of a school do for its pupils and families. */
export const schoolArea: Area = {
  id: 'school',
  path: '/school',
  icon: 'school',
  label: { fr: strings.fr.area, en: strings.en.area },
  opensFor: (visitor) =>
    visitor.holds('teacher', 'head_teacher', 'cpe', 'aed', 'librarian', 'head', 'staff', 'local_admin'),
  sections: [
    { label: { fr: strings.fr.accounts, en: strings.en.accounts }, path: '/school/accounts' },
    { label: { fr: vouchStrings.fr.tab, en: vouchStrings.en.tab }, path: '/school/colleagues' },
  ],
  routes(routes) {
    routes.get('/school', async (visit) => visit.redirect('/school/accounts'));
    accountRoutes(routes);
    vouchRoutes(routes);
  },
};
