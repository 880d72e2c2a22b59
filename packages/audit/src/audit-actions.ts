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
});
