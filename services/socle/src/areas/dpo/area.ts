import { registerAdministrators } from '../administrators/routes.ts';
import { strings as administratorStrings } from '../administrators/strings.ts';
import type { Area } from '../area.ts';
import { mayAnywhere } from '../may-anywhere.ts';
import { registerOpenOnes } from '../security/emergency/open-ones.ts';
import { strings as emergencyStrings } from '../security/emergency/strings.ts';
import { registerAccessPages } from './access/routes.ts';
import { strings } from './strings.ts';

/** `/dpo`: who looked at what, for those who answer for people's data. */
export const dpoArea: Area = {
  id: 'dpo',
  path: '/dpo',
  icon: 'eye',
  label: { fr: strings.fr.area, en: strings.en.area },
  opensFor: (visitor) => mayAnywhere(visitor, 'audit.log.read', 'audit.log'),
  sections: [
    { label: { fr: strings.fr.overview, en: strings.en.overview }, path: '/dpo/access' },
    { label: { fr: strings.fr.events, en: strings.en.events }, path: '/dpo/access/events' },
    { label: { fr: strings.fr.person, en: strings.en.person }, path: '/dpo/access/person' },
    { label: { fr: emergencyStrings.fr.tab, en: emergencyStrings.en.tab }, path: '/dpo/emergency' },
    {
      label: { fr: administratorStrings.fr.tab, en: administratorStrings.en.tab },
      path: '/dpo/administrators',
    },
  ],
  routes(routes) {
    routes.get('/dpo', async (visit) => visit.redirect('/dpo/access'));
    registerAccessPages(routes);
    registerOpenOnes(routes, '/dpo');
    registerAdministrators(routes, '/dpo');
  },
};
