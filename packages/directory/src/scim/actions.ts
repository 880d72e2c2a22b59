/** What is done through SCIM, beside the events of roles and statuses. */
export const SCIM_ACTIONS = {
  'directory.scim.bound': {
    class: 'A',
    title: {
      fr: 'Client SCIM rattaché à un responsable de traitement',
      en: 'SCIM client bound to a controller',
    },
    detail: {},
  },
  'directory.scim.read': {
    class: 'B',
    title: { fr: 'Annuaire lu par SCIM', en: 'Directory read through SCIM' },
    detail: { type: 'code', resources: 'integer' },
  },
  'directory.scim.refused': {
    class: 'A',
    title: {
      fr: 'Départs par SCIM refusés : trop en un jour',
      en: 'Departures through SCIM refused: too many in a day',
    },
    detail: { school: 'id', withdrawn: 'integer', allowed: 'integer' },
  },
  'directory.scim_user.changed': {
    class: 'A',
    title: { fr: 'Personne modifiée par SCIM', en: 'Person changed through SCIM' },
    detail: {},
  },
  'directory.scim_user.deleted': {
    class: 'A',
    title: {
      fr: 'Personne retirée par SCIM : délai de départ ouvert',
      en: 'Person withdrawn through SCIM: departure clock started',
    },
    detail: {},
  },
  'directory.scim_group.changed': {
    class: 'A',
    title: { fr: 'Classe ou groupe modifié par SCIM', en: 'Class or group changed through SCIM' },
    detail: { added: 'integer', removed: 'integer' },
  },
  'directory.scim_group.deleted': {
    class: 'A',
    title: { fr: 'Classe ou groupe retiré par SCIM', en: 'Class or group withdrawn through SCIM' },
    detail: { removed: 'integer' },
  },
  'directory.scim_member.added': {
    class: 'A',
    title: {
      fr: 'Personne ajoutée par SCIM à une classe ou un groupe',
      en: 'Person added to a class or group through SCIM',
    },
    detail: { division: 'id' },
  },
  'directory.scim_member.removed': {
    class: 'A',
    title: {
      fr: 'Personne retirée par SCIM d’une classe ou d’un groupe',
      en: 'Person removed from a class or group through SCIM',
    },
    detail: { division: 'id' },
  },
} as const;
