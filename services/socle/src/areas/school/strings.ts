import { defineStrings } from '@socle/pages';

/** Names of the area and its views. */
export const strings = defineStrings({
  fr: {
    area: 'Établissement',
    home: 'Accueil',
    people: 'Personnes',
    accounts: 'Comptes',
    classes: 'Classes et groupes',
    imports: 'Imports',
    year: 'Année suivante',
    authority: 'Autorité parentale',
    duplicates: 'Doublons',
  },
  en: {
    area: 'School',
    home: 'Home',
    people: 'People',
    accounts: 'Accounts',
    classes: 'Classes and groups',
    imports: 'Imports',
    year: 'Next year',
    authority: 'Parental authority',
    duplicates: 'Duplicates',
  },
});
