import { defineStrings } from '@socle/pages';

/** Names of the area and its views. */
export const strings = defineStrings({
  fr: {
    area: 'Établissement',
    home: 'Accueil',
    people: 'Personnes',
    accounts: 'Comptes',
    authority: 'Autorité parentale',
    duplicates: 'Doublons',
  },
  en: {
    area: 'School',
    home: 'Home',
    people: 'People',
    accounts: 'Accounts',
    authority: 'Parental authority',
    duplicates: 'Duplicates',
  },
});
