import { defineStrings } from '@socle/pages';

/** Words of the frame of `/dpo`. */
export const strings = defineStrings({
  fr: { area: 'Accès aux données', overview: 'Vue d’ensemble', events: 'Journal', person: 'Une personne' },
  en: { area: 'Access to data', overview: 'Overview', events: 'Log', person: 'One person' },
});
