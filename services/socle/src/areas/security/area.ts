import { registerAdministrators } from '../administrators/routes.ts';
import { strings as administratorStrings } from '../administrators/strings.ts';
import type { Area } from '../area.ts';
import { mayAnywhere } from '../may-anywhere.ts';
import { registerAttackPages } from './attacks/routes.ts';
import { strings as attackStrings } from './attacks/strings.ts';
import { registerOpenOnes } from './emergency/open-ones.ts';
import { strings as emergencyStrings } from './emergency/strings.ts';
import { registerDecisionPages } from './decisions/routes.ts';
import { registerPolicyPages } from './policies/routes.ts';
import { viewStrings } from '../school/views/strings.ts';
import { strings } from './strings.ts';
import { registerSwitches } from './switches/routes.ts';
import { strings as switchStrings } from './switches/strings.ts';
import { registerViewPages } from './views/routes.ts';

const TYPE = 'security.system';

/** `/security`: the state of the defences, for those who answer for them. */
export const securityArea: Area = {
  id: 'security',
  path: '/security',
  icon: 'shield-lock',
  label: { fr: strings.fr.area, en: strings.en.area },
  opensFor: (visitor) => mayAnywhere(visitor, 'security.system.read', TYPE),
  sections: [
    { label: { fr: attackStrings.fr.tab, en: attackStrings.en.tab }, path: '/security' },
    { label: { fr: strings.fr.policies, en: strings.en.policies }, path: '/security/policies' },
    { label: { fr: strings.fr.changes, en: strings.en.changes }, path: '/security/policies/changes' },
    {
      label: { fr: emergencyStrings.fr.tab, en: emergencyStrings.en.tab },
      path: '/security/emergency',
    },
    { label: { fr: strings.fr.decisions, en: strings.en.decisions }, path: '/security/decisions' },
    {
      label: { fr: administratorStrings.fr.tab, en: administratorStrings.en.tab },
      path: '/security/administrators',
    },
    { label: { fr: viewStrings.fr.securityTab, en: viewStrings.en.securityTab }, path: '/security/views' },
    { label: { fr: switchStrings.fr.tab, en: switchStrings.en.tab }, path: '/security/switches' },
  ],
  routes(routes) {
    registerAttackPages(routes);
    registerPolicyPages(routes);
    registerOpenOnes(routes, '/security');
    registerDecisionPages(routes);
    registerSwitches(routes);
    registerViewPages(routes);
    registerAdministrators(routes, '/security');
  },
};
