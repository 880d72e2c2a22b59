import { defineActions } from './actions.ts';

/** The log's own acts: what is done to the log is in the log. */
export const auditActions = defineActions({
  'audit.log.exported': {
    class: 'A',
    title: { fr: 'Journal exporté', en: 'Log exported' },
    detail: {
      'from?': 'instant',
      'to?': 'instant',
      'subject?': 'person',
      'masked?': 'boolean',
      format: 'code',
    },
  },
  'audit.log.read': {
    class: 'A',
    title: { fr: 'Journal consulté', en: 'Log read' },
    detail: {
      kind: 'code',
      'module?': 'code',
      'action?': 'code',
      'subject?': 'person',
      'from?': 'instant',
      'to?': 'instant',
    },
  },
  'audit.event.redacted': {
    class: 'A',
    title: { fr: 'Événement expurgé', en: 'Event redacted' },
    detail: { leaf: 'integer', 'approver?': 'person' },
  },
  'audit.period.purged': {
    class: 'A',
    title: { fr: 'Mois effacé selon la durée de conservation', en: 'Month purged by the retention policy' },
    detail: { from: 'day', to: 'day', count: 'integer' },
  },
  'audit.period.sealed': {
    class: 'A',
    title: { fr: 'Mois scellé', en: 'Month sealed' },
    detail: { from: 'day', to: 'day', count: 'integer', digest: 'digest', 'previous?': 'digest' },
  },
  'audit.hold.placed': {
    class: 'A',
    title: { fr: 'Conservation imposée', en: 'Legal hold placed' },
    detail: { from: 'day', to: 'day' },
  },
  'audit.hold.lifted': {
    class: 'A',
    title: { fr: 'Conservation imposée levée', en: 'Legal hold lifted' },
    detail: { hold: 'id' },
  },
  'audit.input.refused': {
    class: 'B',
    title: { fr: 'Événements d’un module refusés', en: 'Events of a module refused' },
    detail: { count: 'integer' },
  },
  'audit.usage.dropped': {
    class: 'B',
    title: { fr: 'Événements d’usage non conservés', en: 'Usage events dropped' },
    detail: { count: 'integer', from: 'instant', to: 'instant' },
  },
  'audit.key.rotated': {
    class: 'A',
    title: { fr: 'Clé de signature du journal remplacée', en: 'Signing key of the log replaced' },
    detail: { key: 'digest', count: 'integer' },
  },
  'audit.person.forgotten': {
    class: 'A',
    title: { fr: 'Pseudonyme rendu anonyme', en: 'Pseudonym cut from its person' },
    detail: {},
  },
});
