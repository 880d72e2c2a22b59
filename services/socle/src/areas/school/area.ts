import { readsSomewhere } from '../administrators/places.ts';
import { registerAdministrators } from '../administrators/routes.ts';
import { strings as administratorStrings } from '../administrators/strings.ts';
import type { Area } from '../area.ts';
import { CLASS_ROLES, accountRoutes } from './accounts/routes.ts';
import { appearanceRoutes, setsAppearance } from './appearance/routes.ts';
import { appearanceStrings } from './appearance/strings.ts';
import { vouchRoutes } from './accounts/vouch.ts';
import { vouchStrings } from './accounts/vouch-strings.ts';
import { authorityRoutes } from './authority/routes.ts';
import { listClassSchools } from './classes/organised.ts';
import { classRoutes } from './classes/routes.ts';
import { listJoiningSchools } from './duplicates/joinable.ts';
import { duplicateRoutes } from './duplicates/routes.ts';
import { followsImports } from './imports/places.ts';
import { importRoutes } from './imports/routes.ts';
import { homeRoutes } from './home/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { listSearchPlaces } from './people/search-places.ts';
import { strings } from './strings.ts';
import { opensViews, viewRoutes } from './views/routes.ts';
import { viewStrings } from './views/strings.ts';
import { listTurnedSchools, yearRoutes } from './year/routes.ts';

const STAFF = ['teacher', 'head_teacher', 'cpe', 'aed', 'librarian', 'head', 'staff', 'local_admin'] as const;

/** `/school`: what the people of a school do for its pupils and families. */
export const schoolArea: Area = {
  id: 'school',
  path: '/school',
  icon: 'school',
  label: { fr: strings.fr.area, en: strings.en.area },
  opensFor: (visitor) => visitor.holds(...STAFF, 'academy_admin'),
  duringView: true,
  sections: [
    { label: { fr: strings.fr.home, en: strings.en.home }, path: '/school', duringView: true },
    {
      label: { fr: strings.fr.people, en: strings.en.people },
      path: '/school/people',
      opensFor: (visitor) => listSearchPlaces(visitor).length > 0,
    },
    {
      label: { fr: strings.fr.classes, en: strings.en.classes },
      path: '/school/classes',
      opensFor: (visitor) => listClassSchools(visitor).length > 0,
    },
    {
      label: { fr: strings.fr.authority, en: strings.en.authority },
      path: '/school/authority',
      opensFor: (visitor) =>
        visitor.context.schools.some(({ id }) =>
          visitor.may('directory.authority.read', { type: 'directory.authority', school: id }),
        ),
    },
    {
      label: { fr: strings.fr.imports, en: strings.en.imports },
      path: '/school/imports',
      opensFor: followsImports,
    },
    {
      label: { fr: strings.fr.year, en: strings.en.year },
      path: '/school/year',
      opensFor: (visitor) => listTurnedSchools(visitor).length > 0,
    },
    {
      label: { fr: strings.fr.duplicates, en: strings.en.duplicates },
      path: '/school/duplicates',
      opensFor: (visitor) => listJoiningSchools(visitor).length > 0,
    },
    {
      label: { fr: strings.fr.accounts, en: strings.en.accounts },
      path: '/school/accounts',
      opensFor: (visitor) => visitor.holds(...CLASS_ROLES),
    },
    {
      label: { fr: administratorStrings.fr.tab, en: administratorStrings.en.tab },
      path: '/school/administrators',
      opensFor: readsSomewhere,
    },
    {
      label: { fr: viewStrings.fr.tab, en: viewStrings.en.tab },
      path: '/school/views',
      opensFor: opensViews,
    },
    {
      label: { fr: vouchStrings.fr.tab, en: vouchStrings.en.tab },
      path: '/school/colleagues',
      opensFor: (visitor) => visitor.holds(...STAFF),
    },
    {
      label: { fr: appearanceStrings.fr.tab, en: appearanceStrings.en.tab },
      path: '/school/appearance',
      opensFor: setsAppearance,
    },
  ],
  routes(routes) {
    homeRoutes(routes);
    peopleRoutes(routes);
    classRoutes(routes);
    importRoutes(routes);
    yearRoutes(routes);
    authorityRoutes(routes);
    duplicateRoutes(routes);
    accountRoutes(routes);
    vouchRoutes(routes);
    appearanceRoutes(routes);
    registerAdministrators(routes, '/school');
    viewRoutes(routes);
  },
};
