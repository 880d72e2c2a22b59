import { defineStrings } from '@socle/pages';

/** Names of the area and its views. */
export const strings = defineStrings({
  fr: {
    area: 'Mon établissement',
    home: 'Accueil',
    people: 'Personnes',
    accounts: 'Comptes',
    authority: 'Autorité parentale',
    duplicates: 'Doublons',
  },
  en: {
    area: 'My school',
    home: 'Home',
    people: 'People',
    accounts: 'Accounts',
    authority: 'Parental authority',
    duplicates: 'Duplicates',
  },
});
