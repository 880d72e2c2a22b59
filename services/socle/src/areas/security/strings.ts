import { defineStrings } from '@socle/pages';

/** Words of the frame of `/security`. */
export const strings = defineStrings({
  fr: { area: 'Sécurité', policies: 'Qui peut quoi', changes: 'Changements', decisions: 'Décisions' },
  en: { area: 'Security', policies: 'Who may do what', changes: 'Changes', decisions: 'Decisions' },
});
