import { defineStrings } from '@socle/pages';

/** Names of the area and its views. */
export const strings = defineStrings({
  fr: { area: 'Mon établissement', accounts: 'Comptes' },
  en: { area: 'My school', accounts: 'Accounts' },
});
