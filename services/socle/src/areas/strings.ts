import { defineStrings } from '@socle/pages';

/** Words of the frame around every area. */
export const strings = defineStrings({
  fr: { home: 'Accueil' },
  en: { home: 'Home' },
});
