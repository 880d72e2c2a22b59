import { defineActions } from '@socle/audit';

/** What the composed service itself writes in the log. */
export const serviceActions = defineActions({
  'directory.division.read': {
    class: 'B',
    title: {
      fr: 'Liste d’une classe ou d’un groupe lue par un service',
      en: 'Members of a class or group read by a module',
    },
    detail: { people: 'integer' },
  },
  'directory.person.read': {
    class: 'B',
    title: { fr: 'Fiche d’une personne lue', en: 'Record of a person read' },
    detail: {},
  },
  'service.module.registered': {
    class: 'A',
    title: { fr: 'Module enregistré', en: 'School module registered' },
    detail: { module: 'code' },
  },
});
